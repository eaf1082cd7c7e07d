using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Plans;

namespace SyncMcp.Tools;

/// <summary>"Make a job like this one for the EU account": a copy with its tasks, its schedule switched off.</summary>
internal static class CloneJob
{
    public static readonly OwnTool Tool = OwnTool.Change("clone_job", "setup",
        "Make a job like another, tasks and schedule (switched off) too, with other connections, name, workspace, table prefix or schema. Returns its id and the difference to the original.",
        CloneJobJson.Default.HowToClone, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, HowToClone asked, CancellationToken ct)
    {
        var job = await bench.Snapshots.JobAsync(asked.JobId, ct);
        var home = (job.Job["workspace"] as JsonObject)?["id"]?.ToString() ?? "default";
        var workspace = asked.IntoWorkspace is { } named ? Pick(await bench.Snapshots.WorkspacesAsync(ct), named, "into_workspace", "list_workspaces") : home;
        var body = job.Job.DeepClone().AsObject();
        body["name"] = asked.Name;
        await RedirectAsync(bench, body, "source_connection", asked.Source, workspace, workspace != home, ct);
        await RedirectAsync(bench, body, "destination_connection", asked.Destination, workspace, workspace != home, ct);
        foreach (var (name, value) in new[] { ("table_name_prefix", asked.TableNamePrefix), ("destination_schema", asked.DestinationSchema) })
        {
            if (value is null)
                continue;
            if (body["settings"] is not JsonObject settings)
                body["settings"] = settings = [];
            settings[name] = value;
        }

        if (body["schedule"] is JsonObject schedule)
            schedule["enabled"] = false;
        var (operations, lost) = (new Operations(), new List<string>());
        new Restoration(operations, lost, new Dictionary<string, string>()).Add(new("job", workspace, body, [.. job.Tasks.Where(task => job.Type != "SyncAll" || !Schedules.IsEnabled(task) || task["query"] is not null).Select(task => new KeptThing("task", job.Id, Fresh(task), []))]));
        var ends = await bench.SendAsync("MAKE a job like another?", operations.All, ct);
        var done = ends.TakeWhile(end => end.IsDone).Count();
        if (done == 0 && ends[0].Answer is { } refused)
            return refused;
        var answer = new JsonObject { ["id"] = ends[0].Answer!.Body?["id"]?.DeepClone(), ["name"] = asked.Name, ["like"] = job.Name, ["tasks"] = done - 1, ["schedule"] = body["schedule"] is null ? "none" : "off" };
        answer["difference"] = Text.Array(PlanWords.Between(Compared(job.Job, home), Compared(body, workspace)));
        if (lost.FirstOrDefault(one => one.Contains("does not know", StringComparison.Ordinal)) is { } unknown)
            answer["not_copied"] = unknown;
        return done == ends.Count ? new() { Outcome = Outcome.Executed, Body = answer } : new()
        {
            Outcome = ends[done].Answer?.Outcome == Outcome.Unknown ? Outcome.Unknown : Outcome.Executed,
            Error = new("done_in_part", $"The job was made with {done - 1} of {ends.Count - 1} tasks, then one failed ({ends[done].Answer?.Error?.Code}).", "Add the rest with add_job_tasks, or take it back: recent_changes, undo.", Details: answer),
        };
    }

    private static async Task RedirectAsync(Workbench bench, JsonObject body, string member, string? to, string workspace, bool moves, CancellationToken ct)
    {
        if (to is null && !moves)
            return;
        // In another workspace the connection of the same name is meant.
        var name = to ?? (body[member] as JsonObject)?["name"]?.ToString() ?? "";
        var (argument, connections) = (member == "source_connection" ? "source" : "destination", await bench.Snapshots.ConnectionsAsync(workspace, ct));
        var id = Pick(connections, name, argument, "list_connections");
        body[member] = new JsonObject { ["id"] = id, ["name"] = connections.First(one => one["id"]?.ToString() == id)["name"]?.DeepClone() };
    }

    private static string Pick(IReadOnlyList<JsonObject> things, string text, string argument, string list)
    {
        var found = things.Where(one => one["id"]?.ToString() == text).Concat(things.Where(one => one["name"]?.ToString() == text)).Concat(things.Where(one => text.Equals(one["name"]?.ToString(), StringComparison.OrdinalIgnoreCase))).FirstOrDefault();
        return found?["id"]?.ToString() ?? throw new ToolException(new("not_found", $"{argument}: there is nothing of that name there.", $"See {list}.",
            Details: new() { ["name"] = Text.Cut(text, 200), ["did_you_mean"] = Text.Array(Nearest.Of(text, things.Select(one => one["name"]?.ToString() ?? ""), 3)) }));
    }

    // What a run of the first has learnt is not the second's.
    private static JsonObject Fresh(JsonObject task)
    {
        var fresh = task.DeepClone().AsObject();
        foreach (var name in new[] { "checkpoint", "check_column_used", "last_run", "job" })
            fresh.Remove(name);
        return fresh;
    }

    private static JsonObject Compared(JsonObject job, string workspace)
    {
        var members = DefinitionMembers.OfJob(job);
        members["name"] = job["name"]?.DeepClone();
        members["workspace"] = workspace;
        foreach (var end in new[] { "source_connection", "destination_connection" })
            members[end] = new JsonObject { ["id"] = ((job[end] as JsonObject)?["name"] ?? (job[end] as JsonObject)?["id"])?.DeepClone() };
        return new() { ["job"] = members };
    }
}

/// <summary>Arguments of <c>clone_job</c>.</summary>
internal sealed record HowToClone
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Name of the new one.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>Source connection, id or name.</summary>
    [StringLength(Limits.Name)] public string? Source { get; init; }

    /// <summary>Destination connection, id or name.</summary>
    [StringLength(Limits.Name)] public string? Destination { get; init; }

    /// <summary>Workspace, id or name; its connections of the same names by default.</summary>
    [StringLength(Limits.Name)] public string? IntoWorkspace { get; init; }

    /// <summary>Before destination table names.</summary>
    [StringLength(Limits.Name)] public string? TableNamePrefix { get; init; }

    /// <summary>Schema at the destination.</summary>
    [StringLength(Limits.Name)] public string? DestinationSchema { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(HowToClone))]
internal sealed partial class CloneJobJson : JsonSerializerContext;
