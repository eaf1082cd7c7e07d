using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>What a request is told that does not reach the protocol: a status, and why, as a JSON-RPC error without an id.</summary>
internal static class Refusal
{
    private const int ServerError = -32000;

    public static Task WriteAsync(HttpContext http, int status, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = null, ["error"] = new JsonObject { ["code"] = ServerError, ["message"] = message } };
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }
}
