using System.Net;
using System.Text.Json.Nodes;
using SyncMcp.Client.Resilience;

namespace SyncMcp.Client.Sending;

/// <summary>Turns a refusal of a server into one exception, whatever shape its body has.</summary>
internal static class ErrorReader
{
    private const int MostBytes = 64 * 1024;

    private static readonly string[] Running = ["already running", "is running", "currently running", "still running", "already executing", "already in progress", "already started"];

    /// <summary>The exception for a status that is no success.</summary>
    public static async Task<SyncApiException> ReadAsync(Endpoint endpoint, JsonObject members, HttpResponseMessage response, TimeProvider time, CancellationToken ct)
    {
        var body = await BodyReader.HeadAsync(response.Content, MostBytes, ct).ConfigureAwait(false);
        var words = ServerWords.Read(body, response.Content.Headers.ContentType?.MediaType);
        var status = response.StatusCode;
        var missing = status == HttpStatusCode.NotFound ? ThingMissing(endpoint, members, words) : null;
        var code = Code(endpoint, status, words, missing, AnswerReader.Extended(response));
        return new(code, Message(endpoint, code, status, missing))
        {
            Status = status,
            Operation = endpoint.Name,
            ThingMissing = missing,
            ServerWords = words.Text,
            MayHaveActed = ((int)status >= 500 || code == "timeout") && status != HttpStatusCode.NotImplemented && !endpoint.Kind.IsReadOnly(),
            Retryable = code is "rate_limited" or "already_running" || (code is "server_error" or "timeout" && endpoint.Kind.IsReadOnly()),
            RetryAfter = Wait(response, time),
            Cause = code is "rate_limited" ? Cause.TurnedAway : code is "server_error" or "timeout" ? Cause.Failed : Cause.Final,
        };
    }

    private static string Code(Endpoint endpoint, HttpStatusCode status, ServerWords words, bool? missing, bool extended) => (int)status switch
    {
        >= 300 and < 400 => "bad_answer",
        400 or 409 when IsRunning(words) => "already_running",
        400 when words.Code == "not_on_this_server" => "not_on_this_server",
        401 => "unauthorized",
        403 => "forbidden",
        // A server that is not ours cannot have what only ours has, so a missing thing is not what it means.
        404 when endpoint.Extension && (missing == false || !extended) => "not_on_this_server",
        404 or 410 => "not_found",
        405 or 501 => "not_on_this_server",
        407 => "unreachable", // a proxy on the way, not the server
        408 => "timeout",
        409 => "conflict",
        412 => "state_changed",
        429 => "rate_limited",
        >= 500 => "server_error",
        _ => "invalid_request",
    };

    private static bool IsRunning(ServerWords words) =>
        words.Code == "already_running" || (words.Text is { } text && Array.Exists(Running, part => text.Contains(part, StringComparison.OrdinalIgnoreCase)));

    // Ours says it by its code. Of others only two things can be told: a page comes from before the API, and who repeats our id has looked for it.
    private static bool? ThingMissing(Endpoint endpoint, JsonObject members, ServerWords words) => words switch
    {
        { Code: "route_not_found" } => false,
        { Code: "not_found" } => true,
        { IsPage: true } => false,
        { IsJson: true, Text: { } text } when endpoint.PathMembers.Any(name => members[name]?.ToString() is { Length: > 2 } id && text.Contains(id, StringComparison.OrdinalIgnoreCase)) => true,
        _ => null,
    };

    private static string Message(Endpoint endpoint, string code, HttpStatusCode status, bool? missing) => code switch
    {
        "bad_answer" => $"{endpoint.Name}: the server redirects (HTTP {(int)status}); redirects are not followed, since they would carry the token elsewhere. Check the address.",
        "unauthorized" => $"{endpoint.Name}: the server does not accept the token (HTTP 401).",
        "forbidden" => $"{endpoint.Name}: the token's user may not do this, or the server does not admit this address (HTTP 403).",
        "not_found" when missing == true => $"{endpoint.Name}: there is no such thing on the server.",
        "not_found" when missing == false => $"{endpoint.Name}: the server has no such route; check the address, or its version lacks the operation.",
        "not_found" => $"{endpoint.Name}: not found. Either there is no such thing, or the address does not lead to the API.",
        "not_on_this_server" when status == HttpStatusCode.BadRequest => $"{endpoint.Name}: this server cannot do that (HTTP 400).",
        "not_on_this_server" => $"{endpoint.Name}: this server does not offer the operation (HTTP {(int)status}).",
        "already_running" => $"{endpoint.Name}: refused, since a run is going on.",
        "conflict" => $"{endpoint.Name}: the thing's present state forbids this (HTTP 409).",
        "state_changed" => $"{endpoint.Name}: somebody changed the thing meanwhile (HTTP 412); nothing was done.",
        "rate_limited" => $"{endpoint.Name}: too many requests for the server at present (HTTP 429).",
        "unreachable" => $"{endpoint.Name}: the proxy on the way to the server wants a name and password (HTTP 407); nothing reached the server.",
        "timeout" => $"{endpoint.Name}: the server gave up waiting (HTTP 408).",
        "server_error" => $"{endpoint.Name}: the server failed (HTTP {(int)status}).",
        _ => $"{endpoint.Name}: the server refuses the request (HTTP {(int)status}).",
    };

    private static TimeSpan? Wait(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero,
        _ => null,
    };
}
