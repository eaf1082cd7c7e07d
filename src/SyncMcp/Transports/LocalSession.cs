using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Transports;

/// <summary>A client and a server in one process, joined by pipes with the same lines as on stdio: for one-shot calls, the demo and tests.</summary>
internal sealed class LocalSession : IAsyncDisposable
{
    private readonly SyncMcpServer server;
    private readonly StdioTransport transport;
    private readonly CancellationTokenSource end = new();
    private Task serving = Task.CompletedTask;
    private McpClient? client;

    private LocalSession(ServerOptions options, Pipe toServer, Pipe toClient, bool explains)
    {
        server = new(options, explains);
        transport = new(toServer.Reader.AsStream(), toClient.Writer.AsStream(), options.Time);
    }

    /// <summary>The client's end.</summary>
    public McpClient Client => client!;

    /// <summary>Starts both ends.</summary>
    /// <param name="options">What the server is started with.</param>
    /// <param name="clientOptions">Who the client is, and how it answers questions.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="explains">Calls are explained, not made.</param>
    public static async Task<LocalSession> StartAsync(ServerOptions options, McpClientOptions? clientOptions, CancellationToken ct, bool explains = false)
    {
        Pipe toServer = new(), toClient = new();
        var session = new LocalSession(options, toServer, toClient, explains);
        session.serving = session.server.RunAsync(session.transport, session.transport.Ending, session.end.Token);
        try
        {
            session.client = await McpClient.CreateAsync(
                new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), clientOptions, cancellationToken: ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (client is not null)
            await client.DisposeAsync();
        transport.Stop();
        await transport.Completion;
        await end.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        end.Dispose();
    }
}
