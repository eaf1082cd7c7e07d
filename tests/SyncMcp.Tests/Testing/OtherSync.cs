using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SyncMcp.Tests.Testing;

/// <summary>In what a Sync server differs from the embedded engine. None of them has ETags, idempotency keys or paging.</summary>
internal sealed record OtherTraits
{
    /// <summary>The word of the route that starts a run.</summary>
    public string Execute { get; init; } = "execute";

    /// <summary>The word of the route that lists runs.</summary>
    public string History { get; init; } = "history";

    /// <summary>Execute answers with the run; else as version 1 did, without an id.</summary>
    public bool RunIds { get; init; }

    /// <summary>Its history shows runs with their ids.</summary>
    public bool ShowsRuns { get; init; } = true;

    /// <summary>It has version 2 of the API.</summary>
    public bool VersionTwo { get; init; } = true;

    /// <summary>It publishes an OpenAPI text of version 2.</summary>
    public bool Describes { get; init; } = true;

    /// <summary>It takes the token as the password of Basic only.</summary>
    public bool BasicOnly { get; init; }

    /// <summary>It speaks https with this.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate { get; init; }

    /// <summary>404 says nothing about what is missing.</summary>
    public bool Mute { get; init; }

    /// <summary>Seconds by which its clock is ahead of ours.</summary>
    public int ClockAhead { get; init; }
}

/// <summary>
/// A stand-in for a real Sync server with one job: members flat and in the spelling of the vendor's tables, lists bare, errors as OData has them, pages of HTML
/// before the API, numbers as ids of runs, its own clock. It counts what was really done.
/// </summary>
internal sealed class OtherSync : IAsyncDisposable
{
    public const string Token = "canary-other-77aa01";
    public const string Job = "33333333-0000-0000-0000-000000000001";
    public const string Source = "33333333-0000-0000-0000-000000000002";
    public const string Destination = "33333333-0000-0000-0000-000000000003";

    private readonly WebApplication app;
    private readonly OtherTraits traits;
    private readonly List<JsonObject> runs = [];
    private long runNumber = 9007199254740993; // beyond what a double holds

    private OtherSync(WebApplication app, OtherTraits traits) => (this.app, this.traits) = (app, traits);

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Verb and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The runs that were started, oldest first.</summary>
    public IReadOnlyList<JsonObject> Runs
    {
        get
        {
            lock (runs)
                return [.. runs];
        }
    }

    /// <summary>Goes before each answer: true where it has answered, or has broken off, itself. Told whether the request was one to start a run, which is done by then.</summary>
    public Func<HttpContext, bool, Task<bool>>? Fault { get; set; }

    /// <summary>The same before anything is done.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public static async Task<OtherSync> StartAsync(OtherTraits? traits = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (traits?.Certificate is { } certificate)
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, place => place.UseHttps(certificate)));
        else
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new OtherSync(builder.Build(), traits ?? new());
        server.app.Run(server.AnswerAsync);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>A session whose server this is.</summary>
    public Task<SyncSession> SessionAsync(Func<ServerOptions, ServerOptions>? configure = null, TempFolder? folder = null)
    {
        ServerOptions Here(ServerOptions options) => options with { Server = Address, Token = Token };
        return SyncSession.StartAsync(options => configure is null ? Here(options) : configure(Here(options)), folder: folder);
    }

    /// <summary>A run that somebody else starts, seconds from now.</summary>
    public void SomebodyRuns(int seconds = 0) => Begin(seconds);

    /// <summary>Ends all runs.</summary>
    public void EndRuns(string status = "Successful")
    {
        lock (runs)
        {
            foreach (var run in runs)
                run["Status"] = status;
        }
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private JsonObject Begin(int seconds = 0)
    {
        lock (runs)
        {
            var run = new JsonObject { ["Id"] = runNumber++, ["Status"] = "In progress", ["Started-At"] = Now().AddSeconds(seconds).ToString("O", CultureInfo.InvariantCulture) };
            runs.Add(run);
            return run;
        }
    }

    private DateTimeOffset Now() => TimeProvider.System.GetUtcNow().AddSeconds(traits.ClockAhead);

    private async Task AnswerAsync(HttpContext context)
    {
        var (verb, path) = (context.Request.Method, context.Request.Path.Value!);
        Requests.Enqueue($"{verb} {path}");
        context.Response.Headers.Date = Now().ToString("R", CultureInfo.InvariantCulture);
        if (!Admits(context.Request))
        {
            await SayAsync(context, 401, """{"error":{"code":"401","message":"Unauthorized"}}""");
            return;
        }

        var starts = traits.VersionTwo && (verb, path) == ("POST", $"/api.rsc/v2/jobs/{Job}/{traits.Execute}");
        if (Instead is { } instead && await instead(context))
            return;
        var answer = Of(verb, path, starts);
        if (Fault is { } fault && await fault(context, starts))
            return;
        await (answer switch
        {
            (int status, JsonNode body) => SayAsync(context, status, body.ToJsonString()),
            (404, null) when !traits.Mute && !path.StartsWith("/api.rsc/v2/workspaces/", StringComparison.Ordinal) && IsRoute(path) => SayAsync(context, 404, """{"error":{"code":"NotFound","message":"No entity with that key."}}"""),
            _ => SayAsync(context, 404, "<html><head><title>Error 404 Not Found</title></head></html>", "text/html"),
        });
    }

    private (int Status, JsonNode? Body) Of(string verb, string path, bool starts)
    {
        if (path == "/api.rsc/$oas")
            return (200, JsonNode.Parse("""{"swagger":"2.0","info":{"title":"CData Sync","version":"24.3"},"paths":{"/executeJob":{"post":{}},"/getJobs":{"post":{}}}}"""));
        if (!traits.VersionTwo || !path.StartsWith("/api.rsc/v2/", StringComparison.Ordinal))
            return (404, null);
        if (path == "/api.rsc/v2/$oas")
            return traits.Describes ? (200, Description()) : (404, null);
        if (starts)
        {
            var run = Begin();
            return (200, traits.RunIds ? run.DeepClone() : JsonNode.Parse("""{"Status":"SUCCESS","Detail":"Completed"}"""));
        }

        return (verb, path["/api.rsc/v2".Length..]) switch
        {
            ("GET", "/workspaces") => (200, new JsonArray(Workspace())),
            ("GET", "/workspaces/default") => (200, Workspace()),
            ("GET", "/workspaces/default/jobs") => (200, new JsonArray(JobBody())),
            ("GET", "/workspaces/default/connections") => (200, new JsonArray(Connection(Source), Connection(Destination))),
            ("GET", "/workspaces/default/transformations" or "/workspaces/default/pipelines" or "/users") => (200, new JsonArray()),
            ("GET", $"/jobs/{Job}") => (200, JobBody()),
            ("GET", $"/jobs/{Job}/tasks") => (200, new JsonObject { ["tasks"] = new JsonArray(new JsonObject { ["Id"] = 9007199254740995, ["Table"] = "orders" }) }),
            ("GET", $"/jobs/{Job}/status") => (200, Status()),
            ("GET", var at) when at == $"/jobs/{Job}/{traits.History}" => (200, History()),
            ("GET", $"/connections/{Source}") => (200, Connection(Source)),
            ("GET", $"/connections/{Destination}") => (200, Connection(Destination)),
            ("GET", $"/connections/{Destination}/tables") => (200, new JsonObject { ["data"] = new JsonArray() }),
            ("GET", $"/connections/{Source}/logs") => (405, JsonNode.Parse("""{"error":{"code":"405","message":"x"}}""")),
            _ => (404, null),
        };
    }

    private static bool IsRoute(string path) => path.Split('/') is [_, _, _, "jobs" or "connections" or "pipelines" or "transformations" or "users", ..];

    private bool Admits(HttpRequest request) =>
        request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("syncmcp:" + Token)) || (!traits.BasicOnly && request.Headers["x-cdata-authtoken"] == Token);

    private static Task SayAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    }

    private static JsonObject Workspace() => new() { ["Id"] = "default", ["Name"] = "Default", ["Is_Default"] = true };

    private static JsonObject JobBody() => new()
    {
        ["Id"] = Job,
        ["Name"] = "nightly",
        ["Type"] = "Standard",
        ["Source-Connection"] = new JsonObject { ["Id"] = Source, ["Name"] = "shop" },
        ["Destination-Connection.id"] = Destination,
        ["Schedule"] = new JsonObject { ["Enabled"] = false, ["Cron"] = "0 0 2 * * *" },
        ["Drop_Table"] = true,
        ["Verbosity"] = "Info",
        ["EmailErrorOnly"] = "true",
    };

    private static JsonObject Connection(string id) => new()
    {
        ["Id"] = id,
        ["Name"] = id == Source ? "shop" : "warehouse",
        ["Connector"] = "Oracle",
        ["Connector Version"] = "25.0.9000",
        ["Properties"] = new JsonObject { ["Server"] = "db.example", ["Password"] = "stored-4f11" },
    };

    private JsonObject Status()
    {
        lock (runs)
            return runs.LastOrDefault()?.DeepClone() is JsonObject last && (traits.ShowsRuns || last.Remove("Id")) ? last : new JsonObject { ["status"] = "Idle" };
    }

    private JsonArray History()
    {
        lock (runs)
            return traits.ShowsRuns ? new([.. runs.AsEnumerable().Reverse().Select(run => run.DeepClone())]) : [];
    }

    private JsonObject Description()
    {
        var paths = new JsonObject();
        void Add(string path, string verb, string id)
        {
            if (paths[path] is not JsonObject item)
                paths[path] = item = [];
            item[verb] = new JsonObject { ["operationId"] = id };
        }

        Add("/api.rsc/v2/workspaces", "get", "listWorkspaces");
        Add("/api.rsc/v2/workspaces/{workspace-id}", "get", "getWorkspace");
        Add("/api.rsc/v2/workspaces/{workspace-id}/jobs", "get", "listJobs");
        Add("/api.rsc/v2/jobs/{jobId}", "get", "getJob");
        Add("/api.rsc/v2/jobs/{jobId}", "delete", "deleteJob");
        Add("/api.rsc/v2/jobs/{jobId}/tasks", "get", "listTasks");
        Add($"/api.rsc/v2/jobs/{{jobId}}/{traits.Execute}", "post", "executeJob");
        Add($"/api.rsc/v2/jobs/{{jobId}}/{traits.History}", "get", "jobRuns");
        Add("/api.rsc/v2/jobs/{jobId}/halt", "post", "cancelJob");
        Add("/api.rsc/v2/connections/{id}/logs/{name}/purge", "post", "purgeLog");
        return new() { ["openapi"] = "3.0.1", ["paths"] = paths };
    }
}
