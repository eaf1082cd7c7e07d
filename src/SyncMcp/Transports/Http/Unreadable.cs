using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Server;

namespace SyncMcp.Transports.Http;

/// <summary>
/// A request that cannot be read is the client's fault and told so: the SDK throws on some of them (no content type, a name that is a number), which would
/// look like a fault of ours. What fails once a request was read is ours: it is logged, and answered as that.
/// </summary>
internal sealed class Unreadable
{
    private readonly AsyncLocal<Reading?> reading = new();

    /// <summary>Stands around what reads and answers.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsPost(http.Request.Method) && !http.Request.HasJsonContentType())
        {
            await Refusal.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json.");
            return;
        }

        var here = reading.Value = new();
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException ex) when (!http.Response.HasStarted)
        {
            await Refusal.WriteAsync(http, ex.StatusCode, "The request cannot be read: its body is too long, too slow, or not what its headers say.");
        }
        catch (Exception ex) when (!http.Response.HasStarted && (ex is JsonException || (!here.IsDone && ex is InvalidOperationException or FormatException or ArgumentException)))
        {
            await Refusal.WriteAsync(http, StatusCodes.Status400BadRequest, "The request is no message of the protocol.");
        }
        catch (Exception ex) when (ex is not (OperationCanceledException or IOException) && !http.RequestAborted.IsCancellationRequested)
        {
            Log.Error($"{http.Request.Method} {http.Request.Path.Value}", ex);
            if (http.Response.HasStarted)
                throw;
            await Refusal.WriteAsync(http, StatusCodes.Status500InternalServerError, "This failed inside syncmcp; the operator's log says more.");
        }
    }

    /// <summary>The request was read: from here on what fails is ours.</summary>
    public void Done()
    {
        if (reading.Value is { } here)
            here.IsDone = true;
    }

    /// <summary>Stands before all messages of the protocol.</summary>
    public McpMessageHandler Watch(McpMessageHandler next) => (context, ct) =>
    {
        Done();
        return next(context, ct);
    };

    private sealed class Reading
    {
        public volatile bool IsDone;
    }
}
