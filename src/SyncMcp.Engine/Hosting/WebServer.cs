using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Hosting;

/// <summary>Kestrel on the socket and the port, with nothing else of ASP.NET Core, so that start-up does no work that no request needs.</summary>
internal static class WebServer
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(3);

    /// <summary>A server that does not listen yet.</summary>
    public static WebApplication Build(string? socket, int? port, Func<ApiServer> api, CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain);
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = Bind);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = RequestReader.MostDrained;
            if (socket is not null)
                options.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http1);
            if (port is { } number)
                options.Listen(IPAddress.Loopback, number, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(http => api().ServeAsync(http, stopping));
        return app;
    }

    /// <summary>The port on which it listens, after its start.</summary>
    public static int? Port(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses
        .Select(BindingAddress.Parse)
        .Where(address => !address.IsUnixPipe)
        .Select(address => (int?)address.Port)
        .FirstOrDefault();

    // Between binding and listening nobody can connect: the socket is closed to others before its first connection.
    private static Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint && endpoint.ToString() is { } path && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }
}
