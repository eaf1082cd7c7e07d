using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SyncMcp.Tests.Testing;

/// <summary>Somebody else's Sync server: says what a test tells it to, the good and the bad, and remembers what it was asked.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    /// <summary>A token that must never be seen again.</summary>
    public const string Token = "canary-token-5f2c81";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> answers = new(StringComparer.Ordinal);

    private StubServer(WebApplication app)
    {
        this.app = app;
    }

    /// <summary>Method and path of each request, without the common beginning.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<StubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stub = new StubServer(builder.Build());
        stub.app.Run(stub.AnswerAsync);
        await stub.app.StartAsync();
        return stub;
    }

    /// <summary>Says what a request is answered with, for example <c>GET /jobs/a</c>.</summary>
    public StubServer On(string request, JsonNode body, int status = 200) => On(request, body.ToJsonString(), status);

    public StubServer On(string request, string body, int status = 200, string type = "application/json")
    {
        answers[request] = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        };
        return this;
    }

    /// <summary>Does whatever the test needs.</summary>
    public StubServer On(string request, Func<HttpContext, Task> answer)
    {
        answers[request] = answer;
        return this;
    }

    /// <summary>A list in the API's envelope.</summary>
    public StubServer List(string path, IEnumerable<JsonObject> items) => On($"GET {path}", new JsonObject { ["value"] = new JsonArray([.. items]) });

    /// <summary>A session whose server this is.</summary>
    public Task<SyncSession> SessionAsync(Func<ServerOptions, ServerOptions>? configure = null, string? version = null)
    {
        ServerOptions Here(ServerOptions options) => options with { Server = Address, Token = Token };
        return SyncSession.StartAsync(options => configure is null ? Here(options) : configure(Here(options)), version: version);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var request = $"{context.Request.Method} {(path.StartsWith("/api.rsc/v2", StringComparison.Ordinal) ? path["/api.rsc/v2".Length..] : path)}";
        Requests.Enqueue(request);
        if (answers.TryGetValue(request, out var answer))
            return answer(context);
        context.Response.StatusCode = 404;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync("""{"error":{"code":"404","message":"Not found"}}""");
    }
}
