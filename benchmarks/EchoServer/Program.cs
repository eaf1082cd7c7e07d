using EchoServer;
using ModelContextProtocol.Server;

// The least that the SDK allows: one tool, no host. What a server costs before it does anything of its own.
await using var server = McpServer.Create(new StdioServerTransport("echo"), new()
{
    ServerInfo = new() { Name = "echo", Version = "1" },
    ToolCollection = [new Echo()],
});
await server.RunAsync();
