using System.CommandLine;
using SyncMcp.Commands.Service;
using SyncMcp.Engine;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp engine</c>: the embedded engine alone, so that schedules run while no client is open.</summary>
internal static class EngineCommand
{
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(1);

    public static Command Create(CommonOptions common)
    {
        var port = Port();
        port.DefaultValueFactory = _ => 8181;
        var noPort = new Option<bool>("--no-port") { Description = "Listen on the socket in the data directory alone." };
        var wait = new Option<bool>("--wait") { Description = "Where another program (a window) serves the data directory, wait for its end and take over." };
        var command = new Command("engine", "Run the embedded engine alone until it is ended (SIGTERM, Ctrl-C): schedules go on while no client is open.")
        {
            port, noPort, wait, ServiceCommands.Install(common, Port), ServiceCommands.Uninstall(common),
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noPort) && result.GetResult(port) is { Implicit: false })
                result.AddError("--port and --no-port exclude each other.");
        });
        command.SetAction((parsed, ct) =>
            RunAsync(common.Read(parsed), parsed.GetValue(noPort) ? null : parsed.GetValue(port), parsed.GetValue(wait), parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static Option<int> Port()
    {
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "Port on 127.0.0.1; 0 for a free one." };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 0 or > 65_535)
                result.AddError("--port is a number from 0 to 65535.");
        });
        return port;
    }

    private static async Task<int> RunAsync(ServerOptions options, int? port, bool wait, TextWriter error, CancellationToken ct)
    {
        // On its socket too: MCP servers on the same data directory find it there.
        await using var engine = await StartAsync(
            EmbeddedEngine.HostOptions(options) with { Port = port, SocketPath = EngineLocation.SocketPath(options.DataDirectory) }, wait, error, ct);
        await error.WriteLineAsync($"syncmcp engine {SyncMcpServer.Version}: {(engine.Port is { } number ? $"http://127.0.0.1:{number}/api.rsc/v2" : engine.SocketPath)}");
        await error.WriteLineAsync($"data: {options.DataDirectory}");
        await error.WriteLineAsync($"token: in {Path.Combine(options.DataDirectory, "token")} (header x-cdata-authtoken)");
        await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done;
    }

    private static async Task<EngineHost> StartAsync(EngineOptions options, bool wait, TextWriter error, CancellationToken ct)
    {
        for (var told = false; ; told = true)
        {
            try
            {
                return await EngineHost.StartAsync(options, ct);
            }
            catch (EngineBusyException busy) when (wait)
            {
                if (!told)
                    await error.WriteLineAsync($"syncmcp engine {SyncMcpServer.Version}: {busy.Message} This one takes over when it ends.");
                await Task.Delay(Watch, options.Time, ct);
            }
        }
    }
}
