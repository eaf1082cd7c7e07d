using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SyncMcp.Tests.Telemetry;

/// <summary>An OTLP collector (http/protobuf) that keeps what it was sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;

    private Collector(WebApplication app) => this.app = app;

    /// <summary>Path and bytes of each request, as text: names and values stand in protobuf as they are.</summary>
    public ConcurrentQueue<(string Path, string Text)> Received { get; } = new();

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        collector.app.Run(async context =>
        {
            using var bytes = new MemoryStream();
            await context.Request.Body.CopyToAsync(bytes);
            collector.Received.Enqueue((context.Request.Path.Value!, System.Text.Encoding.Latin1.GetString(bytes.ToArray())));
            context.Response.StatusCode = (int)HttpStatusCode.OK;
        });
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>Everything sent to a path, one behind the other.</summary>
    public string All(string path) => string.Concat(Received.Where(request => request.Path == path).Select(request => request.Text));

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
