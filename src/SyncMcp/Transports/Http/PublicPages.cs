using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SyncMcp.Transports.Http;

/// <summary>What anybody may read, key or not: whether the server lives and is ready, and which issuer's tokens it takes (RFC 9728). Nothing else is said there.</summary>
internal sealed class PublicPages(SyncMcpServer server, HttpSettings settings, TimeProvider time, CancellationToken stopping) : IDisposable
{
    /// <summary>Path of the metadata; the resource's own path stands behind it.</summary>
    public const string Metadata = "/.well-known/oauth-protected-resource";

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim looking = new(1, 1);
    private (bool Ready, long At)? looked;

    /// <summary>The paths that tell of the server's state: asked by whoever watches it, under whatever name.</summary>
    public async Task HealthAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value;
        if (path is not ("/health/live" or "/health/ready") || !IsRead(http))
        {
            await next(http);
            return;
        }

        var well = path == "/health/live" || (!stopping.IsCancellationRequested && await IsReadyAsync(http.RequestAborted));
        http.Response.StatusCode = well ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "text/plain";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(well ? "ok\n" : "not ready\n", http.RequestAborted);
    }

    /// <summary>Where a client without a token learns where to get one.</summary>
    public Task MetadataAsync(HttpContext http, RequestDelegate next)
    {
        if (settings is not { Oidc: { } oidc, PublicUrl: { } url } || http.Request.Path.Value is not (Metadata or Metadata + HttpOptions.Path) || !IsRead(http))
            return next(http);
        var body = new JsonObject
        {
            ["resource"] = Resource(url),
            ["authorization_servers"] = new JsonArray(oidc.Issuer),
            ["scopes_supported"] = new JsonArray(Principal.Word(Scope.Read), Principal.Word(Scope.Operate), Principal.Word(Scope.Admin)),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = "syncmcp",
        };
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
    }

    /// <summary>The endpoint's public address: what tokens are issued for.</summary>
    public static string Resource(string publicUrl) => publicUrl.TrimEnd('/') + HttpOptions.Path;

    /// <inheritdoc/>
    public void Dispose() => looking.Dispose();

    // Anybody may ask; the Sync server behind is asked once in a while.
    private async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        await looking.WaitAsync(ct);
        try
        {
            if (looked is not { } last || time.GetElapsedTime(last.At) > Fresh)
                looked = (await server.IsReadyAsync(stopping), time.GetTimestamp());
            return looked.Value.Ready;
        }
        finally
        {
            looking.Release();
        }
    }

    private static bool IsRead(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
}
