using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Transports;

/// <summary>
/// Answers the question for revisions that opens a connection by a server of its own. The SDK binds a server to the revision that it was asked in, and a
/// client that has given up waiting for the answer would find the older handshake refused.
/// </summary>
internal sealed class Discovery : TransportBase
{
    private readonly StdioTransport client;
    private readonly TaskCompletionSource answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Discovery(StdioTransport client)
        : base("discovery", loggerFactory: null)
    {
        this.client = client;
        SetConnected();
    }

    /// <summary>Answers one question.</summary>
    public static async Task AnswerAsync(StdioTransport client, McpServerOptions composed, JsonRpcRequest question, CancellationToken ct)
    {
        await using var transport = new Discovery(client);
        await using var server = McpServer.Create(transport, composed);
        var serving = server.RunAsync(ct);
        await transport.WriteMessageAsync(question, ct);
        await transport.answered.Task.WaitAsync(ct);
        transport.SetDisconnected();
        await serving;
    }

    /// <inheritdoc/>
    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        await client.SendMessageAsync(message, cancellationToken);
        if (message is JsonRpcResponse or JsonRpcError)
            answered.TrySetResult();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        SetDisconnected();
        return ValueTask.CompletedTask;
    }
}
