using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;

namespace SyncMcp.Client.Sending;

/// <summary>Reads what a server answered; anything that is no answer of the operation is an error, a 200 included.</summary>
internal static class AnswerReader
{
    // Lists cannot be paged on a real server (sync-api-v2 1.4), so a big installation's list comes whole.
    private const int MostBytes = 64 * 1024 * 1024;

    /// <summary>The answer, secrets masked.</summary>
    /// <exception cref="SyncApiException">The server refused or answered something unreadable.</exception>
    public static async Task<SyncAnswer> ReadAsync(Endpoint endpoint, JsonObject members, HttpResponseMessage response, SyncClientOptions options, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode)
        {
            var error = await ErrorReader.ReadAsync(endpoint, members, response, options.Time, ct).ConfigureAwait(false);
            return FailedTest(endpoint, response, error, options.Time) is { } failed ? Answer(response, failed) : throw error;
        }

        var bytes = await BodyReader.ReadAsync(response.Content, MostBytes, ct).ConfigureAwait(false)
            ?? throw Bad(endpoint, response, $"more than {MostBytes / 1024 / 1024} MiB");
        var type = response.Content.Headers.ContentType?.MediaType;
        var body = endpoint.ResponseInfo.Type == typeof(LogText) ? Log(endpoint, response, bytes, type) : Json(endpoint, response, bytes);
        if (!Extended(response)) // ours speaks the contract itself
            AnswerShape.Apply(body, endpoint.ResponseInfo);
        // A new token is shown this once: whoever asked decides where it goes.
        var token = endpoint.Kind == Kind.Token ? body["token"]?.DeepClone() : null;
        SecretMask.Apply(body, options.SecretSeen);
        if (token is not null)
            body["token"] = token;
        return Answer(response, body);
    }

    /// <summary>True where the server is ours or says that it does what ours does.</summary>
    public static bool Extended(HttpResponseMessage response) => response.Headers.Contains("x-syncmcp-capabilities");

    private static SyncAnswer Answer(HttpResponseMessage response, JsonObject body) =>
        new((int)response.StatusCode, body, First(response, "ETag"), Capabilities(response), First(response, "x-syncmcp-replayed") == "true");

    // A server that is not ours may report a failed test as an error (sync-api-v2 4.2): it was tested all the same.
    private static JsonObject? FailedTest(Endpoint endpoint, HttpResponseMessage response, SyncApiException error, TimeProvider time) =>
        endpoint.Kind == Kind.Test && error.ServerWords is { } words && error.Code is "invalid_request" or "conflict" && !Extended(response)
            ? new() { ["success"] = false, ["message"] = error.ServerWords, ["tested_at"] = time.GetUtcNow().ToString("O") }
            : null;

    private static JsonObject Log(Endpoint endpoint, HttpResponseMessage response, byte[] bytes, string? type)
    {
        if (type == "text/html")
            throw Bad(endpoint, response, "an HTML page");
        if (type != "application/json")
            return new() { ["text"] = Encoding.UTF8.GetString(WithoutMark(bytes)) };
        return Json(endpoint, response, bytes) is { } envelope && envelope["text"] is JsonValue text
            ? new() { ["text"] = text.ToString() }
            : throw Bad(endpoint, response, "JSON without a `text`");
    }

    private static JsonObject Json(Endpoint endpoint, HttpResponseMessage response, byte[] bytes)
    {
        // Any body will do as the answer to a deletion, but no page: that came from something before the API, which deleted nothing.
        if (endpoint.ResponseInfo.Type == typeof(Nothing) && IsPage(bytes))
            throw Bad(endpoint, response, "an HTML page");
        if (response.StatusCode == HttpStatusCode.NoContent || bytes.Length == 0 || endpoint.ResponseInfo.Type == typeof(Nothing))
            return endpoint.IsList ? new() { ["value"] = new JsonArray() } : [];

        JsonNode? node;
        try
        {
            node = Parse(bytes);
        }
        catch (JsonException e)
        {
            throw Bad(endpoint, response, IsPage(bytes) ? "an HTML page" : "something that is no whole JSON", e);
        }

        return (endpoint.IsList ? ListEnvelope.Open(endpoint, node) : node as JsonObject)
            ?? throw Bad(endpoint, response, endpoint.IsList ? "JSON that is no list of objects" : "JSON that is no object");
    }

    private static bool IsPage(byte[] bytes) => WithoutMark(bytes).TrimStart(" \r\n\t"u8).StartsWith("<"u8);

    private static JsonNode? Parse(byte[] bytes) => AnswerNodes.Parse(WithoutMark(bytes));

    private static ReadOnlySpan<byte> WithoutMark(byte[] bytes) => bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;

    private static SyncApiException Bad(Endpoint endpoint, HttpResponseMessage response, string what, Exception? inner = null) =>
        new("bad_answer", $"{endpoint.Name}: the server answered HTTP {(int)response.StatusCode} with {what}.", inner)
        {
            Status = response.StatusCode,
            Operation = endpoint.Name,
            MayHaveActed = !endpoint.Kind.IsReadOnly(),
        };

    public static ServerCapabilities Capabilities(HttpResponseMessage response)
    {
        var found = ServerCapabilities.None;
        foreach (var word in First(response, "x-syncmcp-capabilities")?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            found |= word switch
            {
                "etag" => ServerCapabilities.ETag,
                "idempotency" => ServerCapabilities.Idempotency,
                "paging" => ServerCapabilities.Paging,
                "rehearsal" => ServerCapabilities.Rehearsal,
                "row-counts" => ServerCapabilities.RowCounts,
                _ => ServerCapabilities.None,
            };
        }

        return found;
    }

    private static string? First(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
