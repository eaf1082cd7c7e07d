using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Tests.Guard.Table;

/// <summary>In which state the definitions are that a call meets.</summary>
internal enum State
{
    /// <summary>Nothing runs by itself, and nobody has approved anything.</summary>
    Draft,

    /// <summary>The same, between two places of which an approved job makes a pair already.</summary>
    Plain,

    /// <summary>Approved as they are; nothing runs by itself.</summary>
    Approved,

    /// <summary>Approved, and changed since.</summary>
    Changed,

    /// <summary>Approved as they are, and run by themselves.</summary>
    Armed,

    /// <summary>Run by themselves, where nobody can read where the rows go.</summary>
    Unreadable,
}

/// <summary>What a server holds in one state: a workspace with two places, a job of two tasks, a transformation of two statements, a pipeline that runs both and an event, and a user.</summary>
internal sealed class World
{
    public const string Workspace = "77777777-0000-0000-0000-000000000000";
    public const string Source = "77777777-0000-0000-0000-000000000001";
    public const string Place = "77777777-0000-0000-0000-000000000002";
    public const string Job = "77777777-0000-0000-0000-000000000003";
    public const string Net = "77777777-0000-0000-0000-000000000004";
    public const string Line = "77777777-0000-0000-0000-000000000005";
    public const string Report = "77777777-0000-0000-0000-000000000006";
    public const string User = "77777777-0000-0000-0000-000000000007";
    public const string First = "77777777-0000-0000-0000-000000000008";
    public const string Second = "77777777-0000-0000-0000-000000000009";

    private readonly JobState job;
    private readonly TransformationState net;
    private readonly PipelineState line;
    private readonly EventState report;

    public World(State state)
    {
        State = state;
        var armed = state is State.Armed or State.Unreadable;
        JsonObject Schedule() => new() { ["enabled"] = armed, ["cron"] = "0 0 2 1 1 *" };
        var source = Connection(Source, "shop.example");
        var place = Connection(Place, state == State.Unreadable ? null : "lake.example");
        job = new()
        {
            Job = new() { ["id"] = Job, ["name"] = "copy", ["type"] = "Standard", ["status"] = "Successful", ["source_connection"] = Reference(Source), ["destination_connection"] = Reference(Place), ["schedule"] = Schedule(), ["settings"] = new JsonObject { ["batch_size"] = 2 } },
            Tasks = [new() { ["id"] = First, ["table"] = "orders" }, new() { ["id"] = Second, ["table"] = "people" }],
            Source = source,
            Destination = place,
        };
        net = new()
        {
            Transformation = new() { ["id"] = Net, ["name"] = "net", ["status"] = "Successful", ["destination_connection"] = Reference(Place), ["trigger"] = new JsonObject { ["type"] = armed ? "Scheduled" : "None", ["schedule_cron"] = "0 0 3 1 1 *" } },
            Tasks = [new() { ["id"] = First, ["query"] = "DELETE FROM a" }, new() { ["id"] = Second, ["query"] = "DELETE FROM b" }],
            Destination = place,
        };
        line = new()
        {
            Pipeline = new() { ["id"] = Line, ["name"] = "line", ["status"] = "Successful", ["schedule"] = Schedule() },
            Steps =
            [
                new() { ["id"] = First, ["type"] = "Replication", ["entity"] = Reference(Job) },
                new() { ["id"] = Second, ["type"] = "Transformation", ["entity"] = Reference(Net) },
                new() { ["id"] = "s3", ["type"] = "Event", ["entity"] = Reference(Report) },
            ],
        };
        report = new(Line, new() { ["id"] = Report, ["name"] = "report", ["script"] = "log(1)" });
        Add(source, place);
    }

    public State State { get; }

    /// <summary>What is answered to each address.</summary>
    public Dictionary<string, JsonObject> Bodies { get; } = new(StringComparer.Ordinal);

    /// <summary>What a person has approved.</summary>
    public IReadOnlyList<Definition> Approved() => State switch
    {
        State.Plain => [(job with { Job = With(job.Job, "id", "77777777-0000-0000-0000-00000000000a") }).Definition()],
        State.Approved or State.Armed => [job.Definition(), net.Definition(), line.Definition(), report.Definition()],
        State.Changed =>
        [
            (job with { Job = With(job.Job, "settings", new JsonObject { ["batch_size"] = 1 }) }).Definition(),
            (net with { Tasks = [net.Tasks[0]] }).Definition(),
            (line with { Steps = [line.Steps[0]] }).Definition(),
            (report with { Body = With(report.Body, "script", "log(0)") }).Definition(),
        ],
        _ => [],
    };

    private void Add(JsonObject source, JsonObject place)
    {
        JsonObject workspace = new() { ["id"] = Workspace, ["name"] = "table" };
        List("/workspaces", workspace);
        Bodies[$"/workspaces/{Workspace}"] = workspace;
        List($"/workspaces/{Workspace}/connections", source, place);
        List($"/workspaces/{Workspace}/jobs", job.Job);
        List($"/workspaces/{Workspace}/transformations", net.Transformation);
        List($"/workspaces/{Workspace}/pipelines", line.Pipeline);
        Bodies[$"/connections/{Source}"] = source;
        Bodies[$"/connections/{Place}"] = place;
        List($"/connections/{Place}/tables");
        Bodies[$"/jobs/{Job}"] = job.Job;
        List($"/jobs/{Job}/tasks", [.. job.Tasks]);
        Bodies[$"/jobs/{Job}/status"] = new() { ["id"] = "run", ["status"] = "In progress" };
        Bodies[$"/transformations/{Net}"] = net.Transformation;
        List($"/transformations/{Net}/tasks", [.. net.Tasks]);
        Bodies[$"/pipelines/{Line}"] = line.Pipeline;
        List($"/pipelines/{Line}/steps", [.. line.Steps]);
        List($"/pipelines/{Line}/events", report.Body);
        Bodies[$"/pipelines/{Line}/events/{Report}"] = report.Body;
        Bodies[$"/pipelines/{Line}/status"] = new() { ["id"] = "run", ["status"] = "In progress" };
        Bodies[$"/users/{User}"] = new() { ["id"] = User, ["user"] = "ann", ["roles"] = new JsonArray("cdata_support") };
    }

    private void List(string path, params JsonObject[] items) => Bodies[path] = new() { ["value"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };

    private static JsonObject Reference(string id) => new() { ["id"] = id };

    private static JsonObject With(JsonObject thing, string member, JsonNode value)
    {
        var copy = thing.DeepClone().AsObject();
        copy[member] = value;
        return copy;
    }

    private static JsonObject Connection(string id, string? host) => new()
    {
        ["id"] = id,
        ["name"] = host ?? "hidden",
        ["connector"] = "Oracle",
        ["workspace"] = Reference(Workspace),
        ["properties"] = host is null ? new JsonObject() : new JsonObject { ["Server"] = host },
    };
}
