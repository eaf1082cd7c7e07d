using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Resources;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Waits for the end of a run, and says how it went.</summary>
internal static class FollowRun
{
    public static readonly OwnTool Tool = OwnTool.Read("follow_run", "runs",
        "Wait up to 45 s for a run to end. Name the run, or the job, transformation or pipeline whose present or last run is meant. Returns how far it is and when to check again, or at the end status, duration and rows beside the usual ones, first errors, and what next.",
        static () => FollowRunJson.Default.WhichToFollow, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichToFollow asked, CancellationToken ct)
    {
        var patience = RunFollower.Patience(asked.WaitSeconds, RunFollower.MostSeconds);
        if (asked.RunIds is { Count: > 0 and var count } several)
        {
            return count > FollowRuns.Most ? throw new ToolException(new("invalid_arguments", $"run_ids: {count} runs are too many.", $"Follow {FollowRuns.Most} at a time."))
                : asked is { RunId: null, JobId: null, TransformationId: null, PipelineId: null } ? await FollowRuns.AnswerAsync(bench, [.. several.Distinct(StringComparer.Ordinal)], patience, ct)
                : throw new ToolException(new("invalid_arguments", "run_ids stands alone.", "Give run_ids, or one run or thing."));
        }

        var (area, owner, name) = await WhoseAsync(bench, asked, ct);
        var seen = await WaitAsync(bench, area, owner, asked.RunId, name, patience, ct);
        if (seen is not { HasBegun: true })
        {
            throw new ToolException(asked.RunId is null
                ? new("not_found", $"This {area.Noun} has never run.", "run starts it.")
                : new("not_found", "No run of that id is in its history.", $"list_{area.Noun}_history shows its runs; without run_id the present or last one is followed."));
        }

        return await new RunDigest(bench.Client, bench.Options.Time).OfAsync(area, seen, name, ct);
    }

    /// <summary>Waits, and says how far the run is to a caller who wants to hear it.</summary>
    public static Task<SeenRun?> WaitAsync(Workbench bench, ResourceArea area, string owner, string? run, string name, TimeSpan patience, CancellationToken ct) =>
        new RunFollower(bench.Client, bench.Options.Time).WaitAsync(area, owner, run, patience, seen => bench.Says($"follows {Text.Quote(name)}: {seen.HowFar()}"), ct);

    private static async Task<(ResourceArea Area, string Owner, string Name)> WhoseAsync(Workbench bench, WhichToFollow asked, CancellationToken ct)
    {
        if (Named.AtMostOne(Tool.Name, asked.JobId, asked.TransformationId, asked.PipelineId) is { } named)
        {
            var thing = (await bench.Client.SendAsync(named.Area.Get, named.Area.Get.Read(new() { [named.Area.Id] = named.Id }), null, ct)).Body;
            return (named.Area, named.Id, thing["name"]?.ToString() ?? named.Id);
        }

        if (asked.RunId is not { } run)
            throw new ToolException(new("invalid_arguments", "follow_run needs a run.", "Give run_id as run or find_runs answered it, or one of job_id, transformation_id, pipeline_id."));
        return (await bench.Runs.OwnersAsync(bench.Client, [run], bench.Says, ct)).GetValueOrDefault(run) is { } owner
            ? (owner.Area, owner.Id, owner.Name)
            : throw new ToolException(new("not_found", "No run of that id is known in the last seven days.", "find_runs shows the runs; or name the job, transformation or pipeline beside run_id."));
    }
}

/// <summary>Arguments of <c>follow_run</c>.</summary>
internal sealed record WhichToFollow
{
    /// <summary>The run.</summary>
    [StringLength(200, MinimumLength = 1)] public string? RunId { get; init; }

    /// <summary>Or several, as rerun_failed gives them.</summary>
    public IReadOnlyList<string>? RunIds { get; init; }

    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>Default 45; 0 looks once.</summary>
    [Range(0, RunFollower.MostSeconds)] public int? WaitSeconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichToFollow))]
internal sealed partial class FollowRunJson : JsonSerializerContext;
