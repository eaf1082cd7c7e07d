using System.Diagnostics;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Settings;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Testing;

/// <summary>
/// The program that SYNCMCP_TEST_BINARY names (a native publish), as a client starts it. The operator's folder of it cannot be moved by words or environment, so it runs
/// in a view of the system of its own (<c>unshare</c>), in which the account has another home: <c>/etc/passwd</c> is another file there.
/// </summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private const string Variable = "SYNCMCP_TEST_BINARY";

    private readonly Process process;
    private readonly McpClient client;

    private BuiltProgram(Process process, McpClient client) => (this.process, this.client) = (process, client);

    /// <summary>Its file; null where the sessions run in this process.</summary>
    public static string? File => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } file ? file : null;

    /// <summary>The client's end.</summary>
    public McpClient Client => client;

    /// <summary>The home of its account in a test's folder.</summary>
    public static string Home(string folder) => Path.Combine(folder, "home");

    /// <summary>Where the operator's folder of a test's sessions and windows is, whichever program they are.</summary>
    public static string OperatorFolder(string folder) => File is null ? Path.Combine(folder, "operator") : Path.Combine(Home(folder), ".config", "syncmcp");

    /// <summary>True where these options can be said to a program; a clock and tokens of principals cannot.</summary>
    public static bool Takes(ServerOptions options) =>
        options.Time == TimeProvider.System && options.PrincipalTokens.Count == 0 && options.Way == Way.Plain && options.Tools == SyncMcp.Tools.ToolChoice.All && options.Mode != Mode.Unattended;

    /// <summary>Starts it and joins a client.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="folder">The test's folder.</param>
    /// <param name="clientOptions">Who the client is.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<BuiltProgram> StartAsync(ServerOptions options, TempFolder folder, McpClientOptions clientOptions, CancellationToken ct)
    {
        var started = Process.Start(StartInfo(options, folder.Path))!;
        var said = started.StandardError.ReadToEndAsync(CancellationToken.None); // a full pipe would stop it
        try
        {
            var joined = await McpClient.CreateAsync(new StreamClientTransport(started.StandardInput.BaseStream, started.StandardOutput.BaseStream), clientOptions, cancellationToken: ct);
            return new(started, joined);
        }
        catch (Exception ex)
        {
            started.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{File} does not start: {await said}", ex);
        }
    }

    /// <summary>How it is started with these options.</summary>
    public static ProcessStartInfo StartInfo(ServerOptions options, string folder)
    {
        var accounts = Path.Combine(Directory.CreateDirectory(Home(folder)).FullName, "passwd");
        if (!System.IO.File.Exists(accounts))
            System.IO.File.WriteAllText(accounts, $"root:x:0:0:root:{Home(folder)}:/bin/sh\n");
        string[] words =
        [
            "--data", options.DataDirectory, "--workspace", options.Workspace,
            .. options.Mode == Mode.ReadOnly ? (string[])["--mode", "read-only"] : [],
            .. options.Surface == Surface.Auto ? (string[])[] : ["--surface", options.Surface.ToString().ToLowerInvariant()],
        ];
        const string behind = "mount --bind \"$1\" /etc/passwd && shift && exec \"$@\""; // the process stays the one that was started
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", behind, "sh", accounts, File!, .. words])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var variable in OptionsReader.Variables)
            start.Environment.Remove(variable);
        if (options.Server is { } server)
            start.Environment["SYNCMCP_URL"] = server.ToString();
        if (options.Token is { } token)
            start.Environment["SYNCMCP_TOKEN"] = token;
        return start;
    }

    /// <summary>Closes it as its client would; it must end by itself.</summary>
    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await client.DisposeAsync();
        using var patience = new CancellationTokenSource(SyncSession.Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException ex)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{File} did not end with its input.", ex);
        }
        finally
        {
            process.Dispose();
        }
    }
}
