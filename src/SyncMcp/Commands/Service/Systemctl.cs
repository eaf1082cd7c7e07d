using System.ComponentModel;
using System.Diagnostics;
using SyncMcp.Settings;

namespace SyncMcp.Commands.Service;

/// <summary>Runs <c>systemctl --user</c> as a person would type it.</summary>
internal static class Systemctl
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Why the command failed; null when it did not.</summary>
    public static async Task<string?> RunAsync(string command, Surroundings surroundings, CancellationToken ct)
    {
        var words = command.Split(' ');
        var program = (surroundings.Variable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, words[0])).FirstOrDefault(File.Exists);
        if (program is null)
            return $"there is no {words[0]} on this system.";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, words[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            await output;
            return process.ExitCode == 0 ? null : $"`{command}` ended with {process.ExitCode}: {(await error).Trim()}";
        }
        catch (Win32Exception e)
        {
            return $"{program} cannot be started: {e.Message}";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"`{command}` gave no answer in {Patience.TotalSeconds} s.";
        }
    }
}
