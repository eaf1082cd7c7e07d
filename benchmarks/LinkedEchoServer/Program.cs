using EchoServer;
using LinkedEchoServer;
using ModelContextProtocol.Server;

// The baselines of a call beside it: a bare loop over the same Sync server.
if (args is ["loop", var address, var calls, var atOnce])
    return await BareLoop.RunAsync(new(address), int.Parse(calls), int.Parse(atOnce));

// Never asked for by a benchmark: what it uses is in the program, as in ours.
if (args is ["serve", ..])
    return await Libraries.ServeAsync(args);

await using var server = McpServer.Create(new StdioServerTransport("echo"), new()
{
    ServerInfo = new() { Name = "echo", Version = "1" },
    ToolCollection = [new Echo()],
});
await server.RunAsync();
return 0;
