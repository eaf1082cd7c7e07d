using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>The same MCP server as on stdio, over Streamable HTTP: Kestrel with what a public service needs before it, and nothing else of ASP.NET Core.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int MostBody = 4 * 1024 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private readonly SyncMcpServer server;
    private readonly WebApplication app;
    private readonly CancellationTokenSource stopCalls;

    private HttpServer(SyncMcpServer server, WebApplication app, LoopbackKey? key, CancellationTokenSource stopCalls)
    {
        (this.server, this.app, this.stopCalls, KeyFile) = (server, app, stopCalls, key?.Path);
    }

    /// <summary>Where clients find the key; null where none is needed.</summary>
    public string? KeyFile { get; }

    /// <summary>The endpoint.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + HttpOptions.Path);

    /// <summary>Listens.</summary>
    /// <param name="options">What the MCP server is started with.</param>
    /// <param name="http">How it is reached.</param>
    /// <param name="more">What else a host serves: the conformance suites expect tools of their own.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SettingException">It must not be served in this way, or the port is taken.</exception>
    public static async Task<HttpServer> StartAsync(ServerOptions options, HttpOptions http, Action<McpServerOptions>? more, CancellationToken ct)
    {
        if (!http.IsLoopback)
            throw new SettingException("--host: only loopback is served.");
        var key = http.NoAuth ? null : LoopbackKey.ReadOrMake(options.OperatorFolder);
        var mcp = new SyncMcpServer(options);
        var stop = new CancellationTokenSource();
        var web = Build(mcp, http, more, stop.Token);
        Use(web, new(key), http);
        web.Lifetime.ApplicationStopping.Register(() => stop.CancelAfter(Grace));
        var running = new HttpServer(mcp, web, key, stop);
        try
        {
            await web.StartAsync(ct);
            return running;
        }
        catch (IOException ex)
        {
            await running.DisposeAsync();
            throw new SettingException($"Port {http.Port} of {http.Host} cannot be listened on: {ex.Message} Choose another with --port.");
        }
    }

    /// <summary>Takes no more, and lets what is running end: calls that do not within the grace are stopped, and answered.</summary>
    public Task StopAsync() => app.StopAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await app.DisposeAsync();
        await server.DisposeAsync();
        stopCalls.Dispose();
    }

    private static WebApplication Build(SyncMcpServer server, HttpOptions http, Action<McpServerOptions>? more, CancellationToken stopCalls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain);
        builder.Services.AddLogging().AddRoutingCore();
        builder.Services.AddMcpServer(composed =>
        {
            server.Serve(composed, Principal.Of, stopCalls);
            more?.Invoke(composed);
        }).WithHttpTransport(transport => transport.SessionMode = http.Stateless ? HttpServerSessionMode.Stateless : HttpServerSessionMode.StatefulForInitializeClients);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Listen(http.Host, http.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    private static void Use(WebApplication app, Admission admission, HttpOptions http)
    {
        var sameSite = new SameSite(SameSite.LoopbackNames.ToHashSet(StringComparer.Ordinal), new HashSet<string>());
        app.Use(sameSite.InvokeAsync);
        app.Use(admission.InvokeAsync);
        app.UseRouting();
        app.MapMcp(HttpOptions.Path);
    }

    // Signals and the console belong to the command that runs it.
    private sealed class Unattended : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
