using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Users;

namespace SyncMcp.Engine.Api;

/// <summary>The way of every request: who, which operation, which members, seen before, handler, answer.</summary>
internal sealed class ApiServer(Routes routes, Permits permits, Authentication authentication, Idempotency idempotency, EngineStore store, Action<string>? log)
{
    /// <summary>Where the API begins.</summary>
    public const string BasePath = "/api.rsc/v2";

    /// <summary>What this engine can do beyond the vendor's API; on every answer.</summary>
    public const string Capabilities = "etag,idempotency,paging,rehearsal,row-counts";

    private static readonly HashSet<string> KnownVerbs = new(StringComparer.OrdinalIgnoreCase) { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT" };

    /// <summary>Answers one request.</summary>
    public async Task ServeAsync(HttpContext http, CancellationToken stopping)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.Headers["x-syncmcp-capabilities"] = Capabilities;
        Answer answer;
        try
        {
            answer = await AnswerAsync(http, both.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to hear
        }
        catch (Exception e)
        {
            answer = Answer.Of(Refusal(e, http, stopping));
        }

        await answer.SendAsync(http.Response, http.RequestAborted);
    }

    private async Task<Answer> AnswerAsync(HttpContext http, CancellationToken ct)
    {
        var principal = await authentication.AuthenticateAsync(http.Request, ct);
        if (principal is null)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"syncmcp\", charset=\"UTF-8\"";
            throw new ApiException(401, "unauthorized", "The token is missing or wrong. Send it as x-cdata-authtoken or as the password of Basic authentication.");
        }

        var match = Match(http);
        var endpoint = match.Endpoint!;
        permits.Require(principal, endpoint);
        var raw = endpoint.HasBody ? await RequestReader.BodyAsync(http.Request, ct) : [];
        var (body, request) = RequestReader.Read(endpoint, match, raw, http.Request.Query);
        string? Header(string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

        if (Header(Rehearsal.Header) is not null)
            return await Rehearsal.OfAsync(store, endpoint, () => routes.Handler(endpoint)(new(endpoint, body, principal, null, Header), request, ct));

        var key = idempotency.KeyOf(endpoint, principal, Header("Idempotency-Key"), match, body);
        using var turn = key is null ? null : await idempotency.TurnAsync(key, ct);
        if (key is not null && await idempotency.FindAsync(key, ct) is { } first)
        {
            http.Response.Headers["x-syncmcp-replayed"] = "true";
            return first;
        }

        var (response, call) = await routes.Handler(endpoint)(new(endpoint, body, principal, key, Header), request, ct);
        var answer = Answer.Of(endpoint, response, call.ETag);
        if (key is not null && !call.Kept)
            await idempotency.SaveAsync(key, answer);
        return answer;
    }

    private RouteMatch Match(HttpContext http)
    {
        var verb = http.Request.Method;
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var match = RequestReader.Segments(target, BasePath) is { } segments ? routes.Match(verb, segments) : new(null, new Dictionary<string, string>(), []);
        if (match.Endpoint is not null)
            return match;
        if (!KnownVerbs.Contains(verb))
            throw new ApiException(501, "verb_unknown", $"The verb {ApiException.Quote(verb)} is not known.");
        if (match.Verbs.Count == 0)
            throw new ApiException(404, "route_not_found", $"There is no route {verb} {ApiException.Quote(http.Request.Path)}. The API lies below {BasePath}.");
        http.Response.Headers.Allow = string.Join(", ", match.Verbs);
        throw new ApiException(405, "verb_not_allowed", $"{verb} is not allowed here; allowed: {string.Join(", ", match.Verbs)}.");
    }

    private ApiException Refusal(Exception error, HttpContext http, CancellationToken stopping)
    {
        switch (error)
        {
            case ApiException { Status: < 500 } known:
                return known;
            case BadHttpRequestException { StatusCode: (int)HttpStatusCode.RequestEntityTooLarge }:
                return new(413, "too_large", $"The body is larger than {RequestReader.MostBytes / 1024 / 1024} MiB.");
            case BadHttpRequestException bad:
                return new(bad.StatusCode, "invalid_request", "The request could not be read.");
            case OperationCanceledException when stopping.IsCancellationRequested:
                return new(503, "stopping", "The engine is stopping; ask again in a moment.");
        }

        // What went wrong inside is for the operator's log; the caller gets a number to ask for.
        var number = Guid.NewGuid().ToString("N")[..12];
        http.Response.Headers["x-syncmcp-correlation-id"] = number;
        log?.Invoke($"{number} {http.Request.Method} {ApiException.Quote(http.Request.Path)}: {error}");
        return error switch
        {
            ApiException known => known,
            SqliteException sqlite => StoreErrors.Explain(sqlite),
            _ => new(500, "internal_error", $"The engine failed at this request; its log says more under {number}."),
        };
    }
}
