using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.AspNetCore;
using SyncMcp.Redaction;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>The same MCP server as on stdio, over Streamable HTTP: Kestrel with what a public service needs before it, and nothing else of ASP.NET Core.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private const int MostBody = 4 * 1024 * 1024;
    private const int MostHeaders = 16 * 1024;
    private const int MostConnections = 4_096;
    private const int MostIdleSessions = 10_000;
    private static readonly TimeSpan SessionLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);

    private readonly HttpOptions http;
    private readonly HttpSettings settings;
    private readonly TimeProvider time;
    private readonly SyncMcpServer mcp;
    private readonly LoopbackKey? key;
    private readonly Issuer? issuer;
    private readonly Limits limits;
    private readonly Ending ending = new();
    private readonly PublicPages pages;
    private readonly MetricsPage metrics = new();
    private readonly Abandoned abandoned = new();
    private readonly Unreadable unreadable = new();
    private readonly WebApplication app;

    private HttpServer(ServerOptions options, HttpOptions http, HttpSettings settings, Action<IMcpServerBuilder>? more)
    {
        (this.http, this.settings, time) = (http, settings, options.Time);
        var keys = new ApiKeys(options.OperatorFolder, options.Time);
        RequireSafe(keys);
        var certificate = settings.Tls is { } tls ? new Certificate(tls, options.Time) : null;
        key = http is { IsLoopback: true, NoAuth: false } ? LoopbackKey.ReadOrMake(options.OperatorFolder) : null;
        foreach (var token in settings.SyncTokens.Values)
            Redactor.Hold(token);
        mcp = new(options with { PrincipalTokens = settings.SyncTokens });
        issuer = settings.Oidc is { } oidc ? new(oidc, PublicPages.Resource(settings.PublicUrl!), options.Time) : null;
        limits = new(settings.Limits);
        app = Build(certificate, more);
        pages = new(mcp, settings, options.Time, ending.Stopping);
        Use(new(http.NoAuth, key, keys, issuer, issuer is null ? null : settings.PublicUrl!.TrimEnd('/') + PublicPages.Metadata + HttpOptions.Path));
        app.Lifetime.ApplicationStopping.Register(() => ending.Begin(http.Grace));
    }

    /// <summary>Where clients of this computer find the key; null where it is not taken.</summary>
    public string? KeyFile => key?.Path;

    /// <summary>Whether it speaks TLS itself.</summary>
    public bool IsSecure => settings.Tls is not null;

    /// <summary>The endpoint.</summary>
    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + HttpOptions.Path);

    /// <summary>Listens.</summary>
    /// <param name="options">What the MCP server is started with.</param>
    /// <param name="http">How it is reached.</param>
    /// <param name="more">What else a host serves: the conformance suites expect tools of their own.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SettingException">It must not be served in this way, or the port is taken.</exception>
    public static async Task<HttpServer> StartAsync(ServerOptions options, HttpOptions http, Action<IMcpServerBuilder>? more, CancellationToken ct)
    {
        var server = new HttpServer(options, http, HttpSettings.Read(options.OperatorFolder), more);
        try
        {
            await server.app.StartAsync(ct);
            return server;
        }
        catch (Exception ex) when (ex is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new SettingException($"{http.Host} port {http.Port} cannot be listened on: {ex.Message} Choose another with --port or --host.");
        }
    }

    /// <summary>Takes no more, and lets what is running end: what does not within the grace is stopped, and answered.</summary>
    public Task StopAsync() => app.StopAsync(CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await app.DisposeAsync();
        await mcp.DisposeAsync();
        await limits.DisposeAsync();
        issuer?.Dispose();
        pages.Dispose();
        metrics.Dispose();
        ending.Dispose();
    }

    private void RequireSafe(ApiKeys keys)
    {
        if (http.IsLoopback)
            return;
        if (http.NoAuth)
            throw new SettingException($"--no-auth is for loopback only: on {http.Host} everybody in the network could call.");
        if (settings.Oidc is null && !keys.Any)
        {
            throw new SettingException(
                $"On {http.Host} others can reach the server, and nobody could say who they are. First give out a key (syncmcp key create NAME --scope read), or name an issuer (oidc in http.json of the operator's folder).");
        }
    }

    private WebApplication Build(Certificate? certificate, Action<IMcpServerBuilder>? more)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, Unattended>();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Drain);
        builder.Services.AddLogging().AddRoutingCore();
        var served = builder.Services.AddMcpServer(composed =>
        {
            unreadable.Done(); // without sessions it is composed for each request
            mcp.Serve(composed, Principal.Of, ending.StopCalls);
            composed.Filters.Message.IncomingFilters.Insert(0, ending.Watch);
            composed.Filters.Message.IncomingFilters.Insert(0, abandoned.Watch);
            composed.Filters.Message.IncomingFilters.Insert(0, unreadable.Watch);
        }).WithHttpTransport(Sessions);
        more?.Invoke(served);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = MostHeaders;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.RequestHeadersTimeout = http.Patience;
            kestrel.Limits.MinRequestBodyDataRate = new(240, http.Patience); // a body that trickles is as good as none
            kestrel.Listen(http.Host, http.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                if (certificate is not null)
                    listen.UseHttps(certificate.Apply);
            });
        });
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        return builder.Build();
    }

    private void Sessions(HttpServerTransportOptions transport)
    {
        transport.SessionMode = http.Stateless ? HttpServerSessionMode.Stateless : HttpServerSessionMode.StatefulForInitializeClients;
#pragma warning disable MCP9006 // what the revisions with sessions need, is obsolete with them
        transport.TimeProvider = time;
        transport.IdleTimeout = SessionLife;
        transport.MaxIdleSessionCount = MostIdleSessions;
#pragma warning restore MCP9006
#pragma warning disable MCPEXP002 // the one place where the end of a session can be seen
        transport.RunSessionHandler = (context, session, ct) => session.SessionId is null
            ? session.RunAsync(ct)
            : limits.CountAsync(Principal.Of(context.User).Name, () => mcp.RunSessionAsync(session, ct));
#pragma warning restore MCPEXP002
    }

    // In this order: what is asked by anybody, then who may ask at all, then who asks, then how much.
    private void Use(Admission admission)
    {
        app.Use(pages.HealthAsync);
        app.Use(ending.InvokeAsync);
        app.Use(new SameSite(http, settings).InvokeAsync);
        app.Use(pages.MetadataAsync);
        app.Use(LandingPage.InvokeAsync);
        app.Use(admission.InvokeAsync);
        app.Use(limits.InvokeAsync);
        metrics.Use(app);
        app.Use(unreadable.InvokeAsync);
        app.Use(abandoned.InvokeAsync);
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
