namespace SyncMcp.Client;

/// <summary>Makes the HTTP client: no redirects (they carry headers to other hosts), no cookies, pooled connections that are renewed.</summary>
internal static class Transport
{
    public static HttpClient Create(SyncClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        };
        if (options.Connect is { } connect)
            handler.ConnectCallback = connect;
#pragma warning disable RS0030 // the one place where the client is made
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }
}
