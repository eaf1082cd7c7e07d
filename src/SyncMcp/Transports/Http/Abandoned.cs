using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Transports.Http;

/// <summary>
/// Requests of a session that nobody waits for any more. The SDK lets them run on when their connection is gone, and keeps the connection of one that was
/// cancelled open for ever: here the first are cancelled, and the second end with an answer that closes it.
/// </summary>
internal sealed class Abandoned
{
    // As the Language Server Protocol numbers it; MCP has no number for an answer that it does not want.
    private const int RequestCancelled = -32800;

    private readonly AsyncLocal<CancellationToken> connection = new();

    /// <summary>Notes the connection of each HTTP request.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        connection.Value = http.RequestAborted;
        return next(http);
    }

    /// <summary>Stands before all requests of the protocol.</summary>
    public McpMessageHandler Watch(McpMessageHandler next) => async (context, ct) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request || context.Server.SessionId is null)
        {
            await next(context, ct);
            return;
        }

        var gone = connection.Value;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, gone);
        try
        {
            await next(context, either.Token);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            await context.Server.SendMessageAsync(
                new JsonRpcError { Id = request.Id, Error = new() { Code = RequestCancelled, Message = "The client has cancelled the request." } }, CancellationToken.None);
        }
    };
}
