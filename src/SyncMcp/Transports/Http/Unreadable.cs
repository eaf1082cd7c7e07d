using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>
/// A request that cannot be read is the client's fault and told so: the SDK throws on some of them (no content type, a name that is a number), which would
/// look like a fault of ours.
/// </summary>
internal static class Unreadable
{
    public static async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsPost(http.Request.Method) && !http.Request.HasJsonContentType())
        {
            await Refusal.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json.");
            return;
        }

        try
        {
            await next(http);
        }
        catch (BadHttpRequestException ex) when (!http.Response.HasStarted)
        {
            await Refusal.WriteAsync(http, ex.StatusCode, "The request cannot be read: its body is too long, too slow, or not what its headers say.");
        }
        catch (Exception ex) when (!http.Response.HasStarted && ex is InvalidOperationException or JsonException or FormatException or ArgumentException)
        {
            await Refusal.WriteAsync(http, StatusCodes.Status400BadRequest, "The request is no message of the protocol.");
        }
    }
}
