using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>The audit log read back: who changed what, how it was consented to, what differs since, and whether it can be undone.</summary>
internal static class RecentChanges
{
    private const int Most = 2_000;

    public static readonly OwnTool Tool = OwnTool.List("recent_changes", "changes",
        "What was changed through this server, newest first: audit_id (for undo), who, tool, thing, how it was confirmed, outcome, difference. Narrow it by time or by one thing; with run_id: the call by which that run came about.",
        static () => ChangesJson.Default.WhichChanges, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichChanges asked, CancellationToken ct)
    {
        var (all, trouble) = bench.Guard.Audit.Read();
        var entries = Visible(bench, all);
        var answer = new JsonObject();
        if (asked.RunId is { } run)
            entries = await BehindAsync(bench, entries, asked, run, ct) is { } behind ? [behind] : [];
        else
            entries = [.. entries.Where(entry => (asked.IncludeRefused == true || !entry.IsRefusal) && Concerns(entry, asked) && IsSince(entry, asked.Since))];
        var kept = bench.Guard.Kept.All();
        answer["value"] = new JsonArray([.. entries.TakeLast(Most).Reverse().Select(entry => (JsonNode)ChangeView.Of(entry, kept.GetValueOrDefault(entry.Number)))]);
        answer["log"] = trouble.Count == 0 ? "whole" : $"not whole, {trouble.Count} places: the operator sees them with syncmcp audit verify";
        if (asked.RunId is not null && entries.Count == 0)
            answer["next"] = "No call through this server started this run or armed its thing: it ran by itself before, or somebody started it elsewhere.";
        return answer;
    }

    private static async Task<AuditEntry?> BehindAsync(Workbench bench, List<AuditEntry> entries, WhichChanges asked, string run, CancellationToken ct)
    {
        var (kind, id, read) = asked switch
        {
            { JobId: { } job } => ("job", job, bench.Client.Jobs.GetRunAsync(new() { JobId = job, HistoryId = run }, ct)),
            { TransformationId: { } one } => ("transformation", one, bench.Client.Transformations.GetRunAsync(new() { TransformationId = one, HistoryId = run }, ct)),
            { PipelineId: { } pipeline } => ("pipeline", pipeline, bench.Client.Pipelines.GetRunAsync(new() { PipelineId = pipeline, HistoryId = run }, ct)),
            _ => throw new ToolException(new("invalid_arguments", "run_id alone names no run.", "Give job_id, transformation_id or pipeline_id with it.")),
        };
        return AuditEntry.Behind(entries, run, kind, id, (await read).StartedAt ?? bench.Options.Time.GetUtcNow());
    }

    /// <summary>The calls that the caller may know of.</summary>
    public static List<AuditEntry> Visible(Workbench bench) => Visible(bench, bench.Guard.Audit.Read().Entries);

    private static List<AuditEntry> Visible(Workbench bench, IReadOnlyList<AuditEntry> all) =>
        [.. all.Where(entry => bench.Call.Principal.Scope == Scope.Admin || entry.Who == bench.Call.Principal.Name)];

    /// <summary>Asks for the calls about one thing.</summary>
    public static WhichChanges About(string kind, string id) => kind switch
    {
        "connection" => new() { ConnectionId = id },
        "job" => new() { JobId = id },
        "transformation" => new() { TransformationId = id },
        _ => new() { PipelineId = id },
    };

    /// <summary>The call was about the thing, made it, or led to its definition.</summary>
    public static bool Concerns(AuditEntry entry, WhichChanges asked)
    {
        (string Kind, string? Id)[] things = [("connection", asked.ConnectionId), ("job", asked.JobId), ("transformation", asked.TransformationId), ("pipeline", asked.PipelineId)];
        return Array.TrueForAll(things, thing => thing.Id is not { } id || entry.Made == id || entry.Meant["before"]?["id"]?.ToString() == id
            || (entry.Meant["arguments"] as JsonObject)?[$"{thing.Kind}_id"]?.ToString() == id
            || (entry.Meant["definitions"] as JsonArray)?.Any(one => one?["kind"]?.ToString() == thing.Kind && one["id"]?.ToString() == id) == true);
    }

    private static bool IsSince(AuditEntry entry, DateTimeOffset? since) => since is null || (DateTimeOffset.TryParse(entry.At, out var at) && at >= since);
}

/// <summary>Arguments of <c>recent_changes</c>.</summary>
internal sealed record WhichChanges
{
    /// <summary>Only calls from then on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>A connection.</summary>
    [Names("connection")] public string? ConnectionId { get; init; }

    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>A run of the job, transformation or pipeline.</summary>
    public string? RunId { get; init; }

    /// <summary>Also calls that were refused.</summary>
    public bool? IncludeRefused { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichChanges))]
internal sealed partial class ChangesJson : JsonSerializerContext;
