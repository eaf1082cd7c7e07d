using System.CommandLine;
using System.Net;
using SyncMcp.Transports;
using SyncMcp.Transports.Http;

namespace SyncMcp.Commands;

/// <summary><c>syncmcp http</c>: the MCP server for clients that are not started beside it.</summary>
internal static class HttpCommand
{
    public static Command Create(CommonOptions common)
    {
        var host = new Option<string>("--host") { HelpName = "ADDRESS", Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var port = new Option<int>("--port") { HelpName = "PORT", Description = "Port; 0 for a free one.", DefaultValueFactory = _ => HttpOptions.DefaultPort };
        var noAuth = new Option<bool>("--no-auth") { Description = "Let every program of this computer call, without a key. On 127.0.0.1 only." };
        var stateless = new Option<bool>("--stateless") { Description = "No sessions: clients of revision 2026-07-28 lose nothing, older ones read and confirm with the approval code." };
        var command = new Command("http", $"Serve MCP over Streamable HTTP at {HttpOptions.Path} until it is ended (SIGTERM, Ctrl-C).") { host, port, noAuth, stateless };
        host.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Address(result.Tokens[0].Value) is null)
                result.AddError("--host is an IP address, for example 127.0.0.1 or 0.0.0.0.");
        });
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var number) && number is < 0 or > 65_535)
                result.AddError("--port is a number from 0 to 65535.");
        });
        command.SetAction((parsed, ct) => RunAsync(common.Read(parsed), new()
        {
            Host = Address(parsed.GetValue(host)!)!,
            Port = parsed.GetValue(port),
            NoAuth = parsed.GetValue(noAuth),
            Stateless = parsed.GetValue(stateless),
        }, parsed.InvocationConfiguration.Error, ct));
        return command;
    }

    private static IPAddress? Address(string text) => text == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(text, out var address) ? address : null;

    private static async Task<int> RunAsync(ServerOptions options, HttpOptions http, TextWriter error, CancellationToken ct)
    {
        using var telemetry = Telemetry.Exporting.StartIfAsked();
        await using var server = await HttpServer.StartAsync(options, http, more: null, ct);
        await error.WriteLineAsync($"syncmcp http {SyncMcpServer.Version}: {server.Address}");
        await error.WriteLineAsync(server.KeyFile is { } file ? $"key: in {file} (header Authorization: Bearer KEY)"
            : http.NoAuth ? "key: NONE (--no-auth): every program of this computer, of every user, may call."
            : "keys: syncmcp key list, and tokens of the issuer in http.json");
        if (!http.IsLoopback && !server.IsSecure)
            await error.WriteLineAsync("TLS: NONE here: keys and data cross the network in the clear unless a proxy in front brings TLS (or tls in http.json).");
        await Task.Delay(Timeout.InfiniteTimeSpan, options.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.StopAsync();
        return ExitCode.Done;
    }
}
