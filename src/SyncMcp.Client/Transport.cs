using SyncMcp.Client.Sending;

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
            MaxResponseHeadersLength = 64, // KiB
            Proxy = options.Proxy,
            // .NET would send what is meant for this machine, or for the engine's socket, to the environment's proxy too.
            UseProxy = options.UseProxy && (options.Proxy is not null || (options.Connect is null && !options.Server.IsLoopback)),
        };
        handler.SslOptions.RemoteCertificateValidationCallback = new ServerTrust(options.CaFile).Accepts;
        if (options.Connect is { } connect)
            handler.ConnectCallback = connect;
#pragma warning disable RS0030 // the one place where the client is made
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
    }
}
