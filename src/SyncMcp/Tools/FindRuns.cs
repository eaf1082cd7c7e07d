using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Runs of everything, wherever they hang: one question instead of one history for each job.</summary>
internal static class FindRuns
{
    private static readonly string[] Connections = ["source_connection", "destination_connection", "connection"];

    public static readonly OwnTool Tool = OwnTool.List("find_runs", "runs",
        "Find runs of jobs, transformations and pipelines over all workspaces, newest first: by state, cause of failure, time, or connection. same_cause_as finds what failed for the same reason as a run. For why one failed use diagnose_run.",
        static () => FindRunsJson.Default.WhichRuns, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichRuns asked, CancellationToken ct)
    {
        var since = Since.Read(asked.Since, "7d", bench.Options.Time);
        var found = await bench.Runs.SinceAsync(bench.Client, asked.WorkspaceId, since, bench.Says, ct);
        var things = found.Things.ToDictionary(thing => (thing.Area.Noun, thing.Id));
        var cause = asked.SameCauseAs is { } run ? CauseOf(found, run) : asked.Cause;
        CheckCause(cause);

        var runs = found.Runs
            .Where(one => asked.State is null || Matches(one, asked.State))
            .Where(one => cause is null || one.Cause == cause)
            .Where(one => asked.Kind is null || one.Kind == asked.Kind)
            .Where(one => asked.ConnectionId is null || Uses(things[(one.Kind, one.Owner)], asked.ConnectionId))
            .Where(one => IsOfNamed(one.Kind, one.Owner, asked));
        var answer = new JsonObject { ["value"] = new JsonArray([.. asked.View is null ? runs.Select(one => Shown(one, things[(one.Kind, one.Owner)])) : Lines(found, runs, asked, since)]) };
        if (asked.View is not null)
        {
            answer["since"] = Times.Write(since);
            answer["now"] = Times.Write(bench.Options.Time.GetUtcNow());
        }

        if (cause is not null)
            answer["cause"] = cause;
        Coverage.Add(answer, found);
        return answer;
    }

    /// <summary>Refuses a word that names no cause.</summary>
    public static void CheckCause(string? cause)
    {
        if (cause is not null && cause != Causes.Unknown && Causes.Find(cause) is null)
            throw new ToolException(new("invalid_arguments", "There is no such cause.", $"Causes: {string.Join(", ", Causes.All.Select(one => one.Id))}, {Causes.Unknown}."));
    }

    // Without a word about runs it shows also what never ran.
    private static IEnumerable<JsonNode> Lines(Scanned found, IEnumerable<IndexedRun> runs, WhichRuns asked, DateTimeOffset since) => Timeline.Of(
        found.Things.Where(thing => (asked.Kind is null || thing.Area.Noun == asked.Kind) && (asked.ConnectionId is null || Uses(thing, asked.ConnectionId)) && IsOfNamed(thing.Area.Noun, thing.Id, asked)),
        runs.ToLookup(run => (run.Kind, run.Owner)), since, alsoIdle: asked is { State: null, Cause: null, SameCauseAs: null });

    private static bool IsOfNamed(string kind, string id, WhichRuns asked) => asked is { JobId: null, TransformationId: null, PipelineId: null } || id == kind switch
    {
        "job" => asked.JobId,
        "transformation" => asked.TransformationId,
        _ => asked.PipelineId,
    };

    private static string CauseOf(Scanned found, string run) => found.Runs.FirstOrDefault(one => one.Id == run) switch
    {
        null => throw new ToolException(new("not_found", "same_cause_as: no run of that id is known in this time.", "Give a greater since, or the id as find_runs and diagnose_run show it.")),
        { Cause: { } cause } => cause,
        _ => throw new ToolException(new("invalid_arguments", "same_cause_as: that run did not fail.", "Name a failed run.")),
    };

    private static bool Matches(IndexedRun run, string state) => state switch
    {
        "failed" => run.Failed,
        "succeeded" => run.State == RunState.Succeeded,
        "running" => !run.IsOver,
        "canceled" => run.State == RunState.Canceled,
        "skipped" => run.State == RunState.Skipped,
        _ => false,
    };

    private static bool Uses(RunnableThing thing, string connection) =>
        Connections.Any(member => thing.Body[member]?["id"]?.ToString() == connection);

    /// <summary>A run in a list.</summary>
    public static JsonNode Shown(IndexedRun run, RunnableThing? thing)
    {
        var shown = new JsonObject { ["kind"] = run.Kind, [$"{run.Kind}_id"] = run.Owner, ["name"] = thing?.Name, ["id"] = run.Id, ["status"] = run.Status, ["started_at"] = run.Started is { } start ? Times.Write(start) : null };
        if (run.Finished is { } end)
            shown["finished_at"] = Times.Write(end);
        if (run.Milliseconds is { } taken)
            shown["runtime"] = taken;
        if (run.Rows is { } rows)
            shown["records_affected"] = rows;
        if (run.Cause is { } cause)
            shown["cause"] = cause;
        if (run.Failed && run.Details is { } details)
            shown["details"] = Text.Cut(Text.Clean(details), 200);
        return shown;
    }
}

/// <summary>Arguments of <c>find_runs</c>.</summary>
internal sealed record WhichRuns
{
    /// <summary>failed, succeeded, running, canceled or skipped.</summary>
    [AllowedValues("failed", "succeeded", "running", "canceled", "skipped")] public string? State { get; init; }

    /// <summary>Id of a cause, as find_runs, get_overview and diagnose_run give it; unknown too.</summary>
    [StringLength(40)] public string? Cause { get; init; }

    /// <summary>Id of a failed run: those that failed for the same reason.</summary>
    [StringLength(200)] public string? SameCauseAs { get; init; }

    /// <summary>Begun since: 90m, 24h, 7d (default), 2w, or ISO 8601.</summary>
    [StringLength(40)] public string? Since { get; init; }

    /// <summary>job, transformation or pipeline.</summary>
    [AllowedValues("job", "transformation", "pipeline")] public string? Kind { get; init; }

    /// <summary>Only of this job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>Only of this transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>Only of this pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>Only what reads from or writes to this connection.</summary>
    [Names("connection")] public string? ConnectionId { get; init; }

    /// <summary>Only in this workspace; all by default.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }

    /// <summary>timeline: a line a thing, for charts.</summary>
    [AllowedValues("timeline")] public string? View { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichRuns))]
internal sealed partial class FindRunsJson : JsonSerializerContext;
