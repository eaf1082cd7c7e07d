using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Resources;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Why a run failed: causes by rule, with the words that say so, what to do, and since when.</summary>
internal static class DiagnoseRun
{
    private const int LogLines = 200;
    private const int MostEvidence = 300;
    private static readonly string[] Parts = ["tasks", "steps"];

    public static readonly OwnTool Tool = OwnTool.Read("diagnose_run", "runs",
        "Why did it fail? Names the causes of a run's failure with evidence and what to do about each, its last success, what changed since, and how many other runs failed for the same reason. Name a job, transformation or pipeline (its last failed run is taken), or a run of it.",
        DiagnoseRunJson.Default.WhichRun, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichRun asked, CancellationToken ct)
    {
        var (area, owner) = asked switch
        {
            { JobId: { } id, TransformationId: null, PipelineId: null } => (ResourceArea.All[0], id),
            { TransformationId: { } id, JobId: null, PipelineId: null } => (ResourceArea.All[1], id),
            { PipelineId: { } id, JobId: null, TransformationId: null } => (ResourceArea.All[2], id),
            _ => throw new ToolException(new("invalid_arguments", "diagnose_run takes one thing.", "Give one of job_id, transformation_id, pipeline_id.")),
        };
        var thing = (await bench.Client.SendAsync(area.Get, area.Get.Read(new JsonObject { [area.Id] = owner }), null, ct)).Body;
        var history = await HistoryAsync(bench, area, owner, ct);
        var run = asked.RunId is { } wanted ? history.FirstOrDefault(one => one.Id == wanted) : history.FirstOrDefault(one => one.Failed) ?? history.FirstOrDefault();
        if (run is null)
        {
            throw new ToolException(asked.RunId is null
                ? new("not_found", $"This {area.Noun} has never run.", $"Start it first, or ask find_runs what failed.")
                : new("not_found", "No run of that id is in its history.", $"list_{area.Noun}_history shows its runs."));
        }

        var answer = new JsonObject
        {
            ["kind"] = area.Noun,
            [area.Id] = owner,
            ["name"] = thing["name"]?.DeepClone(),
            ["run"] = FindRuns.Shown(run, null),
        };
        answer["run"]!.AsObject().Remove("name");
        answer["run"]!.AsObject().Remove("cause");
        var lines = await LinesAsync(bench, area, owner, run, ct);
        var findings = run.State is RunState.Succeeded ? [] : RunDiagnosis.Of(lines);
        answer["causes"] = new JsonArray([.. findings.Select(Shown)]);
        if (run.Failed && findings.Count == 0)
        {
            answer["unknown"] = new JsonArray([.. lines.Take(5).Select(line => (JsonNode)Text.Cut(Text.Clean(line), MostEvidence))]);
            answer["advice"] = "No rule knows these words. They are shown as they came.";
        }
        else if (run.State is RunState.Succeeded)
        {
            answer["advice"] = "This run went well.";
        }

        if (history.FirstOrDefault(one => one.State == RunState.Succeeded && one.Started < run.Started) is { } good)
        {
            answer["last_success"] = FindRuns.Shown(good, null);
            answer["last_success"]!.AsObject().Remove("name");
            answer["failed_since"] = history.Count(one => one.Failed && one.Started > good.Started);
            if (run.Failed && good.Started is { } began && run.Started is { } failed)
                answer["since_success"] = await ExplainChange.BetweenAsync(bench, area, thing, began, failed, ct);
        }

        if (findings.Count > 0 && run.Failed)
            await AddOthersAsync(answer, bench, run, findings[0].Cause, ct);
        return answer;
    }

    private static JsonNode Shown(Finding finding) => new JsonObject
    {
        ["cause"] = finding.Cause.Id,
        ["title"] = finding.Cause.Title,
        ["next"] = finding.Cause.Next,
        ["lines"] = finding.Times,
        ["evidence"] = new JsonArray([.. finding.Evidence.Select(line => (JsonNode)Text.Cut(Text.Clean(line), MostEvidence))]),
    };

    // The newest runs, and on back to the last that went well.
    private static async Task<List<IndexedRun>> HistoryAsync(Workbench bench, ResourceArea area, string owner, CancellationToken ct)
    {
        var runs = new List<IndexedRun>();
        await foreach (var entry in Runnables.PagesAsync(bench.Client, area.History, new() { [area.Id] = owner }, ct))
        {
            if (IndexedRun.Of(area.Noun, owner, entry) is { } run)
                runs.Add(run);
            if (runs.Count >= 2_000)
                break;
        }

        return runs;
    }

    // What its parts said first, then the run, then the errors of its log: from the cause to the consequence.
    private static async Task<List<string>> LinesAsync(Workbench bench, ResourceArea area, string owner, IndexedRun run, CancellationToken ct)
    {
        var lines = new List<string>();
        try
        {
            var whole = (await bench.Client.SendAsync(area.Run, area.Run.Read(new JsonObject { [area.Id] = owner, ["history_id"] = run.Id }), null, ct)).Body;
            foreach (var part in Parts.SelectMany(name => (whole[name] as JsonArray)?.OfType<JsonObject>() ?? []))
            {
                if (RunStatus.Read(part["status"]?.ToString()) is not RunState.Succeeded)
                    lines.AddRange(IndexedRun.Lines(part["details"]?.ToString()));
            }

            lines.AddRange(IndexedRun.Lines(whole["details"]?.ToString() ?? run.Details));
        }
        catch (SyncApiException e) when (e.Code is "not_found" or "not_on_this_server")
        {
            lines.AddRange(IndexedRun.Lines(run.Details));
        }

        try
        {
            var log = (await bench.Client.SendAsync(area.Log, area.Log.Read(new JsonObject { [area.Id] = owner, ["history_id"] = run.Id, ["tail"] = LogLines }), null, ct)).Body;
            lines.AddRange((log["lines"] as JsonArray)?.OfType<JsonObject>().Where(line => line["level"]?.ToString() == "Error").SelectMany(line => IndexedRun.Lines(line["text"]?.ToString())) ?? []);
        }
        catch (SyncApiException e) when (e.Code is "not_found" or "not_on_this_server")
        {
            // A real server has no run log; what its history says is what there is.
        }

        return [.. lines.Distinct(StringComparer.Ordinal)];
    }

    private static async Task AddOthersAsync(JsonObject answer, Workbench bench, IndexedRun run, Cause cause, CancellationToken ct)
    {
        var found = await bench.Runs.SinceAsync(bench.Client, workspace: null, bench.Options.Time.GetUtcNow() - TimeSpan.FromDays(1), bench.Says, ct);
        var others = found.Runs.Where(one => one.Cause == cause.Id && (one.Kind, one.Owner) != (run.Kind, run.Owner)).Select(one => (one.Kind, one.Owner)).Distinct().ToList();
        answer["same_cause_today"] = new JsonObject { ["others"] = others.Count, ["scanned"] = found.Read, ["of"] = found.Things.Count };
    }
}

/// <summary>Arguments of <c>diagnose_run</c>.</summary>
internal sealed record WhichRun
{
    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>A run of it; its last failed one by default.</summary>
    [StringLength(200)] public string? RunId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichRun))]
internal sealed partial class DiagnoseRunJson : JsonSerializerContext;
