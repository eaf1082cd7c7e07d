using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>
/// A server that does what it is told and counts it: the truth that a client's conclusions are held against. One operation on one thing, <c>x</c>; a fault
/// hits the first sends of it, after the effect or instead of it.
/// </summary>
/// <param name="endpoint">The operation.</param>
/// <param name="ours">It has ETags and keeps to idempotency keys, as the embedded engine does.</param>
/// <param name="fault">What happens at the first sends.</param>
/// <param name="acts">The effect comes before the fault.</param>
/// <param name="faulty">How many sends it hits.</param>
internal sealed partial class ActingServer(Endpoint endpoint, bool ours, Reply? fault, bool acts, int faulty = 1) : IAsyncDisposable
{
    private const string Ours = "x-syncmcp-capabilities: etag,idempotency,paging";

    private readonly Lock gate = new();
    private readonly Dictionary<string, JsonObject> answered = new(StringComparer.Ordinal);
    private readonly List<JsonObject> runs = [new() { ["id"] = "before", ["status"] = "In progress", ["started_at"] = "2000-01-01T00:00:00Z" }];
    private JsonObject? thing = new() { ["id"] = "x", ["name"] = "old" };
    private StubServer? server;
    private int version = 1;

    /// <summary>How often the operation had an effect.</summary>
    public int Effects { get; private set; }

    /// <summary>How often it arrived.</summary>
    public int Sends { get; private set; }

    public StubServer Start() => server = new((request, _) => Of(request));

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }

    private Reply Of(StubRequest request)
    {
        lock (gate)
        {
            if (request.Verb != endpoint.Method.Method || request.Path != PathOf(endpoint))
                return Healthy(200, Read(request.Path));
            Sends++;
            if (Sends > faulty || fault is null)
                return Act(request);
            if (acts)
                Act(request);
            return fault;
        }
    }

    private Reply Act(StubRequest request)
    {
        if (ours && request.Headers.TryGetValue("Idempotency-Key", out var key))
        {
            if (answered.TryGetValue(key, out var first))
                return Healthy(200, first);
            var answer = Do(request);
            answered[key] = answer.Body;
            return Healthy(answer.Status, answer.Body);
        }

        var (status, body) = Do(request);
        return Healthy(status, body);
    }

    private (int Status, JsonObject Body) Do(StubRequest request)
    {
        if (ours && request.Headers.TryGetValue("If-Match", out var match) && match != $"\"{version}\"")
            return (412, []);
        switch (endpoint.Kind)
        {
            case Kind.Read or Kind.Download or Kind.Test:
                return (200, endpoint.IsList ? new() { ["value"] = new JsonArray() } : new() { ["id"] = "x", ["text"] = "", ["success"] = true });
            case Kind.Update:
                if (request.Json.Any(member => !JsonNode.DeepEquals(thing![member.Key], member.Value)))
                    Effect();
                foreach (var (name, value) in request.Json)
                    thing![name] = value?.DeepClone();
                return (200, thing!.DeepClone().AsObject());
            case Kind.Delete when thing is null:
                return (404, new() { ["error"] = new JsonObject { ["code"] = "not_found", ["message"] = "gone" } });
            case Kind.Delete:
                Effect();
                thing = null;
                return (200, []);
            case Kind.Cancel when (string?)runs[^1]["status"] != "In progress":
                return (400, new() { ["error"] = new JsonObject { ["message"] = "nothing is going on" } });
            case Kind.Cancel:
                Effect();
                runs[^1]["status"] = "Canceled";
                return (200, runs[^1].DeepClone().AsObject());
            case Kind.Execute:
                Effect();
                runs.Add(new() { ["id"] = $"r{Effects.ToString(CultureInfo.InvariantCulture)}", ["status"] = "Starting" });
                return (200, runs[^1].DeepClone().AsObject());
            default: // create, move, reset, token: each time anew
                Effect();
                return (200, new() { ["id"] = "x", ["token"] = "t" });
        }
    }

    private void Effect()
    {
        Effects++;
        version++;
    }

    private JsonObject Read(string path) =>
        path == PathOf(endpoint.Runs) ? new() { ["value"] = new JsonArray([.. runs.Select(run => run.DeepClone())]) }
        : path == PathOf(endpoint.Running) ? runs[^1].DeepClone().AsObject()
        : path == PathOf(endpoint.Target) && endpoint.Target!.IsList ? new() { ["value"] = new JsonArray(thing?.DeepClone()) }
        : thing?.DeepClone().AsObject() ?? [];

    private Reply Healthy(int status, JsonObject body) => ours ? Answer(status, body.ToJsonString(), Ours, $"ETag: \"{version}\"") : Answer(status, body.ToJsonString());

    private static string? PathOf(Endpoint? of) => of is null ? null : "/api.rsc/v2" + Member().Replace(of.Route, "x");

    [GeneratedRegex(@"\{[a-z_]+\}", RegexOptions.None, 1000)]
    private static partial Regex Member();
}
