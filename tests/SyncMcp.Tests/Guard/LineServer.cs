using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Somebody else's server with one job, one transformation and one pipeline that runs both and an event; what is put there stays.</summary>
internal sealed class LineServer : IAsyncDisposable
{
    public const string Job = "33333333-0000-0000-0000-000000000001";
    public const string Net = "33333333-0000-0000-0000-000000000002";
    public const string Line = "33333333-0000-0000-0000-000000000003";
    public const string Report = "33333333-0000-0000-0000-000000000004";
    public const string EventStep = "33333333-0000-0000-0000-000000000005";
    public const string Statement = "33333333-0000-0000-0000-000000000006";
    public const string User = "33333333-0000-0000-0000-000000000008";
    private const string Place = "33333333-0000-0000-0000-000000000007";

    private readonly StubServer server;
    private readonly List<JsonObject> steps;
    private readonly List<(JsonObject Body, JsonObject Original)> things = [];
    private readonly List<JsonObject> order;
    private readonly JsonObject job;

    private LineServer(StubServer server)
    {
        this.server = server;
        JsonObject place = new() { ["id"] = Place, ["name"] = "place", ["connector"] = "Oracle", ["workspace"] = new JsonObject { ["id"] = "default" }, ["properties"] = new JsonObject { ["Server"] = "db.example" } };
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On($"GET /connections/{Place}", place)
            .List($"/connections/{Place}/tables", []);
        job = Thing($"/jobs/{Job}", new() { ["id"] = Job, ["name"] = "copy", ["status"] = "Successful", ["source_connection"] = Reference(Place), ["destination_connection"] = Reference(Place) });
        var net = Thing($"/transformations/{Net}", new() { ["id"] = Net, ["name"] = "net", ["status"] = "Successful", ["destination_connection"] = Reference(Place), ["trigger"] = new JsonObject { ["type"] = "None" } });
        var line = Thing($"/pipelines/{Line}", new() { ["id"] = Line, ["name"] = "line", ["status"] = "Successful" });
        Thing($"/pipelines/{Line}/events/{Report}", new() { ["id"] = Report, ["name"] = "report", ["script"] = "log(0)" });
        steps =
        [
            new() { ["id"] = "s1", ["type"] = "Replication", ["entity"] = Reference(Job) },
            new() { ["id"] = "s2", ["type"] = "Transformation", ["entity"] = Reference(Net) },
            Thing($"/pipelines/{Line}/steps/{EventStep}", new() { ["id"] = EventStep, ["type"] = "Event", ["entity"] = Reference(Report), ["enabled"] = true }),
        ];
        order = [.. steps];
        var statement = Thing($"/transformations/{Net}/tasks/{Statement}", new() { ["id"] = Statement, ["query"] = "SELECT 0" });
        Lists("/workspaces/default/jobs", () => [job]);
        Lists($"/jobs/{Job}/tasks", () => [new() { ["id"] = "t", ["table"] = "orders" }]);
        Lists("/workspaces/default/transformations", () => [net]);
        Lists($"/transformations/{Net}/tasks", () => [statement]);
        Lists("/workspaces/default/pipelines", () => [line]);
        Lists($"/pipelines/{Line}/steps", () => steps);
        server.On($"POST /pipelines/{Line}/steps/{EventStep}/move", async context =>
        {
            var moved = steps.Find(step => (string?)step["id"] == EventStep)!;
            steps.Remove(moved);
            steps.Insert((int)(await BodyAsync(context))["position"]! - 1, moved);
            await AnswerAsync(context, moved);
        });
        foreach (var runs in (string[])[$"/jobs/{Job}", $"/transformations/{Net}", $"/pipelines/{Line}"])
            server.On($"POST {runs}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
        server.On($"GET /jobs/{Job}/status", new JsonObject { ["id"] = "r", ["status"] = "In progress" });
        server.On($"POST /jobs/{Job}/cancel", new JsonObject { ["id"] = "r", ["status"] = "Canceled" });
        server.On($"GET /users/{User}", new JsonObject { ["id"] = User, ["user"] = "ann" });
        server.On($"DELETE /users/{User}", new JsonObject());
    }

    public static async Task<LineServer> StartAsync() => new(await StubServer.StartAsync());

    /// <summary>Method and path of each request.</summary>
    public IEnumerable<string> Requests => server.Requests;

    /// <summary>How many runs and changes were sent.</summary>
    public int Effects => server.Requests.Count(request => !request.StartsWith("GET", StringComparison.Ordinal));

    /// <summary>Where it is.</summary>
    public Uri Address => server.Address;

    /// <summary>All as it was at first.</summary>
    public void Reset()
    {
        foreach (var (body, original) in things)
        {
            body.Clear();
            foreach (var (name, value) in original)
                body[name] = value?.DeepClone();
        }

        steps.Clear();
        steps.AddRange(order);
        server.Requests.Clear();
    }

    /// <summary>Somebody changes the job there, past us.</summary>
    public void SomebodySets(int batch) => job["settings"] = new JsonObject { ["batch_size"] = batch };

    public Task<SyncSession> SessionAsync(Func<ServerOptions, ServerOptions> configure) => server.SessionAsync(configure);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static JsonObject Reference(string id) => new() { ["id"] = id };

    // Kept in one object, so that lists show it too.
    private JsonObject Thing(string path, JsonObject body)
    {
        things.Add((body, body.DeepClone().AsObject()));
        server.On($"GET {path}", context => AnswerAsync(context, body));
        server.On($"PUT {path}", async context =>
        {
            var after = MergePatch.Apply(body, await BodyAsync(context));
            body.Clear();
            foreach (var (name, value) in after)
                body[name] = value?.DeepClone();
            await AnswerAsync(context, body);
        });
        return body;
    }

    private void Lists(string path, Func<IEnumerable<JsonObject>> items) =>
        server.On($"GET {path}", context => AnswerAsync(context, new() { ["value"] = new JsonArray([.. items().Select(item => item.DeepClone())]) }));

    private static async Task<JsonObject> BodyAsync(Microsoft.AspNetCore.Http.HttpContext context) =>
        (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: TestContext.Current.CancellationToken))!.AsObject();

    private static async Task AnswerAsync(Microsoft.AspNetCore.Http.HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
    }
}
