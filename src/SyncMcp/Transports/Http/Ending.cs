using System.Net;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Transports.Http;

/// <summary>
/// The end of the server, in three steps within ten seconds: nothing new is taken and streams end; after a grace, calls are stopped and answered
/// (<see cref="StopCalls"/>); what waits outside of calls, as an open question does, is answered last.
/// </summary>
internal sealed class Ending : IDisposable
{
    private const string Listen = "subscriptions/listen";
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource stopCalls = new();
    private readonly CancellationTokenSource stopAll = new();

    /// <summary>Fires when the end begins.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Fires when calls that still run must end, with an answer.</summary>
    public CancellationToken StopCalls => stopCalls.Token;

    /// <summary>Begins the end.</summary>
    /// <param name="grace">How long calls may go on.</param>
    public void Begin(TimeSpan grace)
    {
        stopCalls.CancelAfter(grace);
        stopAll.CancelAfter(grace + LastAnswers);
        stopping.Cancel();
    }

    /// <summary>Refuses what comes after the end has begun, on connections that are open already.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!stopping.IsCancellationRequested)
            return next(http);
        http.Response.Headers.RetryAfter = "5";
        http.Response.Headers.Connection = "close";
        return Refusal.WriteAsync(http, (int)HttpStatusCode.ServiceUnavailable, "The server is being shut down. Call again when it runs again.");
    }

    /// <summary>Lets no request of the protocol outlive the end without a word.</summary>
    public McpMessageHandler Watch(McpMessageHandler next) => async (context, ct) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request)
        {
            await next(context, ct);
            return;
        }

        // A listener has no end of its own; everything else may finish.
        var end = request.Method == Listen ? stopping.Token : stopAll.Token;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, end);
        try
        {
            await next(context, either.Token);
        }
        catch (OperationCanceledException ex) when (end.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new McpProtocolException("The server is being shut down. Call again when it runs again; look first whether this call was done.", ex, McpErrorCode.InternalError);
        }
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping.Dispose();
        stopCalls.Dispose();
        stopAll.Dispose();
    }
}
