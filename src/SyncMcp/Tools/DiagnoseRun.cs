using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Why a run failed: causes by rule, with the words that say so, what to do, and since when.</summary>
internal static class DiagnoseRun
{
    private const int MostEvidence = 300;

    public static readonly OwnTool Tool = OwnTool.Read("diagnose_run", "runs",
        "Why did it fail? Names the causes of a run's failure with evidence and what to do about each, its last success, what changed since, and how many other runs failed for the same reason. Name a job, transformation or pipeline (its last failed run is taken), or a run of it.",
        static () => DiagnoseRunJson.Default.WhichRun, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichRun asked, CancellationToken ct)
    {
        var (area, owner) = Named.One(Tool.Name, asked.JobId, asked.TransformationId, asked.PipelineId);
        var thing = (await bench.Client.SendAsync(area.Get, area.Get.Read(new JsonObject { [area.Id] = owner }), null, ct)).Body;
        var history = await RunHistory.ReadAsync(bench.Client, area, owner, RunHistory.Most, ct);
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
        var lines = await RunWords.ReadAsync(bench.Client, area, run, ct);
        var findings = RunDiagnosis.Of(run.State, lines);
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
