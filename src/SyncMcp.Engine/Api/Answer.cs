using Endpoint = SyncMcp.Client.Endpoint;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SyncMcp.Client;
using SyncMcp.Client.Connections;

namespace SyncMcp.Engine.Api;

/// <summary>What goes back: kept under an idempotency key in the same form in which it is sent.</summary>
internal sealed record Answer(int Status, string Body, string? ETag, string ContentType = Answer.Json)
{
    public const string Json = "application/json; charset=utf-8";

    /// <summary>The answer of an operation that went well.</summary>
    public static Answer Of(Endpoint endpoint, object? response, string? etag) => response switch
    {
        null or Nothing => new(204, "", etag),
        LogText log => new(200, log.Text, etag, "text/plain; charset=utf-8"),
        _ => new(Success(endpoint.Kind), JsonSerializer.Serialize(response, endpoint.ResponseInfo), etag),
    };

    /// <summary>The answer to a request that is refused.</summary>
    public static Answer Of(ApiException error)
    {
        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["error"] = new System.Text.Json.Nodes.JsonObject { ["code"] = error.Code, ["message"] = error.Message },
        };
        return new(error.Status, body.ToJsonString(Client.Json.SyncJson.Options), null);
    }

    /// <summary>Writes it out.</summary>
    public async Task SendAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Status == 204)
            return;
        var bytes = Encoding.UTF8.GetBytes(Body);
        response.ContentType = ContentType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, ct);
    }

    private static int Success(Kind kind) => kind switch
    {
        Kind.Create or Kind.Token => 201,
        Kind.Execute => 202,
        _ => 200,
    };
}
