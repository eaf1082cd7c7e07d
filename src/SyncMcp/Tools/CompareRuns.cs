using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>"Why is this job slower than last week?": a run beside the earlier ones, task by task.</summary>
internal static class CompareRuns
{
    // Each is one request; the median of ten moves little any more.
    private const int RunsForUsual = 10;
    private const int MostParts = 15;

    public static readonly OwnTool Tool = OwnTool.Read("compare_runs", "runs",
        "Why is it slower? Compares a run (the last by default) of a job, transformation or pipeline with the median of its ten good runs before, or with one other run: duration, rows and rows/s, whole and for each task. Returns what stands out in a sentence, slowest first.",
        CompareRunsJson.Default.WhichToCompare, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichToCompare asked, CancellationToken ct)
    {
        var (area, owner) = Named.One(Tool.Name, asked.JobId, asked.TransformationId, asked.PipelineId);
        var thing = (await bench.Client.SendAsync(area.Get, area.Get.Read(new JsonObject { [area.Id] = owner }), null, ct)).Body;
        var history = await RunHistory.ReadAsync(bench.Client, area, owner, RunHistory.Most, ct);
        var run = asked.RunId is { } wanted ? Find(area.Noun, history, wanted) : history.Find(one => one.IsOver && one.State != RunState.Skipped);
        if (run is null)
            throw new ToolException(new("not_found", $"No run of this {area.Noun} has ended yet.", "run starts it; follow_run shows one that goes on."));
        var others = asked.WithRunId is { } other ? [Find(area.Noun, history, other)] : history.FindAll(one => one.State == RunState.Succeeded && one.Id != run.Id && one.Started < run.Started).Take(RunsForUsual).ToList();
        if (others.Count == 0)
            throw new ToolException(new("not_found", "There is no earlier good run to compare with.", $"with_run_id compares with any other run; list_{area.Noun}_history shows them."));

        bench.Says($"compares with {others.Count} earlier runs");
        var comparison = await RunComparison.OfAsync(bench.Client, area, run, others, ct);
        var answer = new JsonObject
        {
            ["kind"] = area.Noun,
            [area.Id] = owner,
            ["name"] = thing["name"]?.DeepClone(),
            ["run_id"] = run.Id,
            ["status"] = run.Status,
            ["started_at"] = run.Started is { } start ? Times.Write(start) : null,
            ["compared_with"] = asked.WithRunId is not null ? $"run {others[0].Id}" : others.Count == 1 ? "the one good run before" : $"the median of the {others.Count} good runs before",
            ["stands_out"] = comparison.StandsOut(),
        };
        if (run.Failed)
            answer["note"] = "This run failed, so that its figures are of a part; diagnose_run says why.";
        else if (comparison.Parts.Count == 0)
            answer["note"] = $"This server gives no figures for each {area.Parts}; the run is compared as a whole.";
        comparison.AddTo(answer, MostParts);
        return answer;
    }

    private static IndexedRun Find(string noun, List<IndexedRun> history, string id) => history.Find(one => one.Id == id)
        ?? throw new ToolException(new("not_found", $"Run {Text.Quote(id)} is not in the history.", $"list_{noun}_history shows its runs."));
}

/// <summary>Arguments of <c>compare_runs</c>.</summary>
internal sealed record WhichToCompare
{
    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>A run of it; the last by default.</summary>
    [StringLength(200, MinimumLength = 1)] public string? RunId { get; init; }

    /// <summary>Another run to compare with.</summary>
    [StringLength(200, MinimumLength = 1)] public string? WithRunId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichToCompare))]
internal sealed partial class CompareRunsJson : JsonSerializerContext;
