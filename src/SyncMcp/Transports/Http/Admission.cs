using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>Lets in who can say who they are: no request goes on without a principal.</summary>
/// <param name="open">The operator said that anybody may call.</param>
/// <param name="loopback">The key of this computer; null where others can reach the port.</param>
/// <param name="keys">Keys that were given out.</param>
/// <param name="issuer">Whose tokens count; null for nobody's.</param>
/// <param name="metadata">Where clients read which issuer that is.</param>
internal sealed class Admission(bool open, LoopbackKey? loopback, ApiKeys keys, Issuer? issuer, string? metadata)
{
    private const string Scheme = "Bearer ";
    private static readonly Principal Anybody = new("http:anybody", Scope.Admin);
    private static readonly Principal Local = new("http:local", Scope.Admin);

    /// <summary>Finds out who calls, or answers 401 or 403.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (open)
        {
            await LetInAsync(http, Anybody, next);
            return;
        }

        if (Shown(http) is not { } shown)
        {
            await ChallengeAsync(http, StatusCodes.Status401Unauthorized, error: null, "A key or token is needed: header Authorization, Bearer.");
            return;
        }

        if (ByKey(shown) is { } holder)
        {
            await LetInAsync(http, holder, next);
            return;
        }

        var (name, scope) = issuer is null ? default : await issuer.ReadAsync(shown) ?? default;
        if (name is null)
            await ChallengeAsync(http, StatusCodes.Status401Unauthorized, "invalid_token", "The key or token does not count here: unknown, expired, or issued for another server.");
        else if (scope is null)
            await ChallengeAsync(http, StatusCodes.Status403Forbidden, "insufficient_scope", "The token holds none of the scopes sync:read, sync:operate, sync:admin.");
        else
            await LetInAsync(http, new(name, scope.Value), next);
    }

    private static Task LetInAsync(HttpContext http, Principal principal, RequestDelegate next)
    {
        http.User = principal.ToClaims("syncmcp");
        http.Features.Set(principal);
        return next(http);
    }

    private Principal? ByKey(string shown)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(shown), hash);
        return loopback?.Is(hash) == true ? Local : keys.Find(hash);
    }

    // RFC 6750 section 3, RFC 9728 section 5.1: a client learns from it where to get a token, and for what.
    private Task ChallengeAsync(HttpContext http, int status, string? error, string message)
    {
        var parts = new List<string>();
        if (error is not null)
            parts.Add($"error=\"{error}\"");
        if (metadata is not null)
        {
            parts.Add($"resource_metadata=\"{metadata}\"");
            parts.Add($"scope=\"{Principal.Word(Scope.Read)}\"");
        }

        http.Response.Headers.WWWAuthenticate = parts.Count == 0 ? "Bearer" : $"Bearer {string.Join(", ", parts)}";
        return Refusal.WriteAsync(http, status, message);
    }

    private static string? Shown(HttpContext http) =>
        http.Request.Headers.Authorization is [{ } one] && one.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && one[Scheme.Length..].Trim() is { Length: > 0 } key ? key : null;
}
