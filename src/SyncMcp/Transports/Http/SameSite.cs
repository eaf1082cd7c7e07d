using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace SyncMcp.Transports.Http;

/// <summary>
/// Keeps web pages out: a name that leads here without being ours (DNS rebinding), and a page of another origin, are refused before anything is read.
/// The SDK looks at neither header. Pages of the origins that the operator named get the answers that browsers want (CORS).
/// </summary>
internal sealed class SameSite
{
    private const string Headers = "Authorization, Content-Type, Accept, Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-ID";
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HashSet<string> hosts = new(LoopbackNames, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> origins;
    private readonly string? publicOrigin; // behind a proxy that brings TLS, our own page has this one

    public SameSite(HttpOptions options, HttpSettings settings)
    {
        hosts.UnionWith(settings.Hosts);
        hosts.Add(options.Host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{options.Host}]" : options.Host.ToString());
        if (settings.PublicUrl is { } url)
        {
            hosts.Add(new Uri(url).Host);
            publicOrigin = new Uri(url).GetLeftPart(UriPartial.Authority);
        }

        origins = new(settings.Origins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);
    }

    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!hosts.Contains(http.Request.Host.Host))
            return Refusal.WriteAsync(http, StatusCodes.Status403Forbidden, "This server does not answer under the name in the Host header; the operator adds names as hosts in http.json.");
        var origin = http.Request.Headers.Origin;
        if (origin.Count == 0)
            return next(http);
        if (origin is not [{ } one] || !(origins.Contains(one) || IsOwn(one, http)))
            return Refusal.WriteAsync(http, StatusCodes.Status403Forbidden, "Web pages of this origin may not call this server.");
        if (!origins.Contains(one))
            return next(http);
        http.Response.Headers.AccessControlAllowOrigin = one;
        http.Response.Headers.AccessControlExposeHeaders = "Mcp-Session-Id, WWW-Authenticate, Retry-After";
        http.Response.Headers.Vary = HeaderNames.Origin;
        return HttpMethods.IsOptions(http.Request.Method) ? AllowAsync(http) : next(http);
    }

    private static Task AllowAsync(HttpContext http)
    {
        http.Response.Headers.AccessControlAllowMethods = "POST, GET, DELETE";
        http.Response.Headers.AccessControlAllowHeaders = Headers;
        http.Response.Headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private bool IsOwn(string origin, HttpContext http) => origin.Equals(publicOrigin, StringComparison.OrdinalIgnoreCase) || origin.Equals($"{http.Request.Scheme}://{http.Request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
