using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Plans;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>"Stop everything that writes to the warehouse, maintenance at six."</summary>
internal static class PauseSchedules
{
    private const int MostNamed = 50;

    public static readonly OwnTool Tool = OwnTool.Change("pause_schedules", "runs",
        "Switch off what starts jobs, transformations and pipelines by themselves: all that writes to a destination, uses a connection, lies in a workspace, or these jobs. Returns a batch for resume_schedules, and what is running now, which goes on.",
        PauseJson.Default.WhatToPause, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhatToPause asked, CancellationToken ct)
    {
        if (asked is { DestinationId: null, ConnectionId: null, JobIds: not { Count: > 0 }, Workspace: null })
            throw new ToolException(new("invalid_arguments", "pause_schedules must be told what is meant.", "Give one or more of destination_id, connection_id, workspace, job_ids."));
        var all = await Runnables.ReadAsync(bench.Client, null, null, ct);
        var things = asked.Workspace is { } workspace ? all.FindAll(thing => IsIn(thing, workspace)) : all;
        bool IsMeant(RunnableThing thing) => (asked.DestinationId is not { } destination || Pausing.Uses(thing, destination, writes: true))
            && (asked.ConnectionId is not { } connection || Pausing.Uses(thing, connection, writes: false))
            && (asked.JobIds is not { Count: > 0 } jobs || (thing.Area.Noun == "job" && jobs.Contains(thing.Id)));
        var pausing = await Pausing.OfAsync(bench, things, IsMeant, allPipelines: asked is { DestinationId: null, ConnectionId: null, JobIds: not { Count: > 0 } }, ct);
        var running = things.Where(thing => thing.Area.Noun != "pipeline" && IsMeant(thing) && !Schedules.IsAtRest(thing.Body["status"]?.ToString())).Select(thing => $"{thing.Area.Noun} {Text.Cut(Text.Clean(thing.Name), 100)}").ToList();
        if (pausing.Count == 0)
            throw new ToolException(new("nothing_to_change", "Nothing that is meant is started by itself.", running.Count > 0 ? "Something runs now: find_runs with state running; cancel_job stops a run." : "Nothing is to be done."));

        // Kept before anything is switched off: what was must not be lost with this program.
        var batch = bench.Guard.ChangePlans.Keep(bench.Call.Principal.Name, "RESUME what was paused?",
            [.. pausing.Select(one => new PlannedChange(one.Resume, one.Thing.Area.Noun, Text.Cut(Text.Clean(one.Thing.Name), 200), one.Root, [], Need.Nothing, []))],
            pausing.ToDictionary(one => one.Root, one => new JsonObject { ["former"] = one.Former, ["paused"] = one.Paused }, StringComparer.Ordinal));
        var ends = await bench.SendAsync("PAUSE these, so that nothing starts them by itself?", [.. pausing.Select(one => one.Pause)], ct, goesOn: true);
        if (!ends.Any(end => end.IsDone) && ends[0].Answer is { } refused)
            return refused;
        var states = batch.States.ToDictionary(StringComparer.Ordinal);
        foreach (var (one, _) in pausing.Zip(ends).Where(pair => pair.Second.IsDone))
            states[one.Root]["paused"] = await Pausing.NowAsync(bench, one.Root, ct) ?? [];
        bench.Guard.ChangePlans.KeepProgress(bench.Call.Principal.Name, batch with { States = states, Done = Enumerable.Range(0, ends.Count).Where(at => !ends[at].IsDone).ToDictionary(at => at, _ => new DoneChange(null, null)) });
        return new() { Outcome = Outcome.Executed, Body = Body(batch, pausing, ends, running) };
    }

    private static bool IsIn(RunnableThing thing, string workspace) =>
        thing.Workspace.Equals(workspace, StringComparison.OrdinalIgnoreCase) || (thing.Body["workspace"] as JsonObject)?["id"]?.ToString() == workspace;

    private static JsonObject Body(ChangePlan batch, List<Pausing> pausing, IReadOnlyList<Ended> ends, List<string> running)
    {
        var body = new JsonObject { ["batch"] = batch.Id, ["paused"] = ends.Count(end => end.IsDone) };
        body["things"] = Text.Array(pausing.Zip(ends).Where(pair => pair.Second.IsDone).Take(MostNamed).Select(pair => $"{pair.First.Thing.Area.Noun} {Text.Cut(Text.Clean(pair.First.Thing.Name), 100)}"));
        if (ends.Any(end => !end.IsDone))
            body["not_paused"] = new JsonArray([.. pausing.Zip(ends).Where(pair => !pair.Second.IsDone).Select(pair => (JsonNode)new JsonObject { ["kind"] = pair.First.Thing.Area.Noun, ["name"] = pair.First.Thing.Name, ["code"] = pair.Second.Answer?.Error?.Code })]);
        if (running.Count > 0)
            body["running_now"] = Text.Array(running.Take(MostNamed));
        body["next"] = $"resume_schedules with batch {batch.Id}, within 30 days. {(running.Count > 0 ? "What runs now goes on to its end; cancel_job stops it." : "Nothing of it runs now.")}";
        return body;
    }
}

/// <summary>Arguments of <c>pause_schedules</c>.</summary>
internal sealed record WhatToPause
{
    /// <summary>What writes to this connection.</summary>
    [Names("connection")] public string? DestinationId { get; init; }

    /// <summary>What reads from or writes to this one.</summary>
    [Names("connection")] public string? ConnectionId { get; init; }

    /// <summary>What lies in this workspace, id or name.</summary>
    public string? Workspace { get; init; }

    /// <summary>These jobs, ids or names.</summary>
    [Names("job")] public IReadOnlyList<string>? JobIds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToPause))]
internal sealed partial class PauseJson : JsonSerializerContext;
