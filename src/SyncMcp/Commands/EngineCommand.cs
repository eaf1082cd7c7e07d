using System.CommandLine;
using SyncMcp.Engine;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp engine</c>: the embedded engine alone, so that schedules run while no client is open.</summary>
internal static class EngineCommand
{
    public static Command Create(CommonOptions common)
    {
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "Port on 127.0.0.1; 0 for a free one.", DefaultValueFactory = _ => 8181 };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 0 or > 65_535)
                result.AddError("--port is a number from 0 to 65535.");
        });
        var command = new Command("engine", "Run the embedded engine alone until it is ended (SIGTERM, Ctrl-C): schedules go on while no client is open.") { port };
        command.SetAction((parsed, ct) => RunAsync(common.Read(parsed), parsed.GetValue(port), parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, int port, TextWriter error, CancellationToken ct)
    {
        // On its socket too: MCP servers on the same data directory find it there.
        await using var engine = await EngineHost.StartAsync(
            EmbeddedEngine.HostOptions(options) with { Port = port, SocketPath = EngineLocation.SocketPath(options.DataDirectory) }, ct);
        await error.WriteLineAsync($"syncmcp engine {SyncMcpServer.Version}: http://127.0.0.1:{engine.Port}/api.rsc/v2");
        await error.WriteLineAsync($"data: {options.DataDirectory}");
        await error.WriteLineAsync($"token: in {Path.Combine(options.DataDirectory, "token")} (header x-cdata-authtoken)");
        await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done;
    }
}
