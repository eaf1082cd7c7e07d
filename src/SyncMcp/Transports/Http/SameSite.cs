using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>
/// Keeps web pages out: a name that leads here without being ours (DNS rebinding), and a page of another origin, are refused before anything is read.
/// The SDK looks at neither header.
/// </summary>
internal sealed class SameSite(IReadOnlySet<string> hosts, IReadOnlySet<string> origins)
{
    /// <summary>Names that lead to this computer from itself.</summary>
    public static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Browsers lower the case of both; others may not.
        var host = http.Request.Host.Host.ToLowerInvariant();
        if (!hosts.Contains(host))
            return Refusal.WriteAsync(http, StatusCodes.Status403Forbidden, "This server does not answer under the name in the Host header.");
        if (http.Request.Headers.Origin is { Count: > 0 } origin && !(origin is [{ } one] && IsAllowed(one.ToLowerInvariant(), http)))
            return Refusal.WriteAsync(http, StatusCodes.Status403Forbidden, "Web pages of this origin may not call this server.");
        return next(http);
    }

    private bool IsAllowed(string origin, HttpContext http) =>
        origins.Contains(origin) || string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
