using System.ComponentModel;
using System.Diagnostics;
using SyncMcp.Settings;

namespace SyncMcp.Vault;

/// <summary>The desktop's keyring (libsecret) through its <c>secret-tool</c>: opened with the person's login, closed to whoever only copies files.</summary>
/// <param name="program">Full path, found when the person logged in: what a later environment calls <c>secret-tool</c> is not asked.</param>
internal sealed class Keyring(string program)
{
    // A closed keyring asks the person for its password.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Program => program;

    /// <summary>The one of this system; null where there is none.</summary>
    public static Keyring? Find(Surroundings surroundings) => OperatingSystem.IsWindows() ? null
        : (surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, "secret-tool")).FirstOrDefault(File.Exists) is { } found ? new(found) : null;

    /// <summary>Keeps a token; false where the keyring does not give the same back, for example where no desktop runs.</summary>
    public async Task<bool> KeepAsync(string origin, string token, CancellationToken ct) =>
        (await RunAsync(["store", $"--label=syncmcp: token of {origin}", .. Named(origin)], token, ct)).Exit == 0 && await FindAsync(origin, ct) == token;

    /// <summary>The token; null where there is none, or the keyring stays closed.</summary>
    public async Task<string?> FindAsync(string origin, CancellationToken ct) =>
        await RunAsync(["lookup", .. Named(origin)], input: null, ct) is { Exit: 0, Output: { Length: > 0 } token } ? token : null;

    /// <summary>Forgets it.</summary>
    public async Task ForgetAsync(string origin, CancellationToken ct) => await RunAsync(["clear", .. Named(origin)], input: null, ct);

    private static string[] Named(string origin) => ["service", "syncmcp", "server", origin];

    // The token goes in by stdin: arguments are seen by every user of the machine.
    private async Task<(int Exit, string Output)> RunAsync(string[] words, string? input, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
                await process.WaitForExitAsync(patience.Token);
                await error;
                return (process.ExitCode, (await output).TrimEnd('\n'));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                ct.ThrowIfCancellationRequested();
                return (-1, "");
            }
        }
        catch (Exception ex) when (ex is Win32Exception or IOException or InvalidOperationException)
        {
            return (-1, ""); // gone, or ended before it took the token
        }
    }
}
