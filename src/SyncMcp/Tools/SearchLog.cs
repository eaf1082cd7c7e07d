using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Finds the few lines of a log that matter: by words, by time, around errors.</summary>
internal static class SearchLog
{
    private const int UsualLines = 50;
    private const int AroundErrors = 3;
    private const int MostBytes = 11_000;

    public static readonly OwnTool Tool = OwnTool.Read("search_log", "runs",
        "Lines of a log: the last ones, by words, between times, or around errors; repeats stand once with their count. The log of a run (embedded engine only; the last run by default) or of a connection (any server; its newest file by default).",
        SearchLogJson.Default.WhichLines, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhichLines asked, CancellationToken ct)
    {
        var pattern = asked.Find is null ? null : new LinePattern(asked.Find);
        if (pattern?.IsEmpty == true)
            throw new ToolException(new("invalid_arguments", "find names nothing to look for.", "Give words; * stands for anything between, | between alternatives."));
        var since = asked.Since is null ? (DateTimeOffset?)null : Since.Read(asked.Since, "", bench.Options.Time);
        var until = asked.Until is null ? (DateTimeOffset?)null : Since.Read(asked.Until, "", bench.Options.Time, "until");
        var (answer, log) = asked.ConnectionId is { } connection ? await OfConnectionAsync(bench, asked, connection, ct) : await OfRunAsync(bench, asked, ct);

        var chosen = Choose(log.Lines, pattern, asked.Errors == true, since, until, asked.Around ?? (asked.Errors == true ? AroundErrors : 0));
        answer["total"] = log.Lines.Count;
        answer["matched"] = chosen.Matched;
        var shown = new JsonObject { ["lines"] = new JsonArray([.. chosen.Lines.Select(line => (JsonNode)line.DeepClone())]) };
        LogLines.Tidy(shown);
        var lines = shown["lines"]!.AsArray();
        var left = Fit(lines, asked.Tail ?? UsualLines);
        answer["lines"] = lines.DeepClone();
        if (!log.IsWhole)
            answer["note"] = "The log is longer than what was read of it.";
        if (left > 0)
            answer["earlier"] = left;
        if (left > 0)
            answer["next"] = LogReading.At(lines[0]!.AsObject()) is { } first ? $"Earlier lines: the same with until={Times.Write(first)}, or a greater tail." : "Earlier lines: a greater tail, or other words.";
        else if (chosen.Matched == 0)
            answer["next"] = log.Lines.Count == 0 ? "The log is empty." : "No line fits. Look for fewer words, or leave out the times.";
        return answer;
    }

    // A line without a time of its own belongs to the one before it.
    private static (IReadOnlyList<JsonObject> Lines, int Matched) Choose(IReadOnlyList<JsonObject> all, LinePattern? pattern, bool errors, DateTimeOffset? since, DateTimeOffset? until, int around)
    {
        var keep = new bool[all.Count];
        var matched = 0;
        DateTimeOffset? at = null;
        for (var i = 0; i < all.Count; i++)
        {
            at = LogReading.At(all[i]) ?? at;
            if ((since is not null && !(at >= since)) || (until is not null && !(at <= until)) || (errors && !LogReading.IsError(all[i])) || pattern?.Fits(all[i]["text"]?.ToString() ?? "") == false)
                continue;
            matched++;
            for (var near = Math.Max(0, i - around); near <= Math.Min(all.Count - 1, i + around); near++)
                keep[near] = true;
        }

        return ([.. all.Where((_, i) => keep[i])], matched);
    }

    // The last ones stay, as many as were asked for and an answer holds.
    private static int Fit(JsonArray lines, int tail)
    {
        var (from, bytes) = (lines.Count, 0);
        while (from > 0 && lines.Count - from < tail && (bytes += Budget.Size(lines[from - 1])) <= MostBytes)
            from--;
        for (var i = 0; i < from; i++)
            lines.RemoveAt(0);
        return from;
    }

    private static async Task<(JsonObject Answer, LogReading Log)> OfRunAsync(Workbench bench, WhichLines asked, CancellationToken ct)
    {
        var (area, owner) = Named.One(Tool.Name, asked.JobId, asked.TransformationId, asked.PipelineId);
        var run = asked.RunId;
        if (run is null)
        {
            var status = await new RunFollower(bench.Client, bench.Options.Time).LookAsync(area, owner, run: null, ct);
            run = status is { HasBegun: true, Run.Id.Length: > 0 } ? status.Run.Id : throw new ToolException(new("not_found", $"This {area.Noun} has never run.", "run starts it."));
        }

        return (new() { ["kind"] = area.Noun, [area.Id] = owner, ["run_id"] = run }, await LogReading.OfRunAsync(bench.Client, area, owner, run, bench.Says, ct));
    }

    private static async Task<(JsonObject Answer, LogReading Log)> OfConnectionAsync(Workbench bench, WhichLines asked, string connection, CancellationToken ct)
    {
        if (asked is not { JobId: null, TransformationId: null, PipelineId: null, RunId: null })
            throw new ToolException(new("invalid_arguments", "search_log takes one log.", "Give connection_id, or one of job_id, transformation_id, pipeline_id with its run."));
        var file = asked.File;
        if (file is null)
        {
            var list = (await bench.Client.SendAsync(ConnectionEndpoints.Logs, ConnectionEndpoints.Logs.Read(new() { ["connection_id"] = connection }), null, ct)).Body;
            var files = (list["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
            // The newest; servers that give no times list it first.
            file = files.MaxBy(one => Times.Read(one["created_at"]?.ToString() ?? "") ?? DateTimeOffset.MinValue)?["name"]?.ToString()
                ?? throw new ToolException(new("not_found", "This connection has no log.", "update_connection with logfile_verbosity Info makes one at the next run."));
        }

        return (new() { ["connection_id"] = connection, ["file"] = file }, await LogReading.OfConnectionAsync(bench.Client, connection, file, ct));
    }
}

/// <summary>Arguments of <c>search_log</c>.</summary>
internal sealed record WhichLines
{
    /// <summary>Log of a job's run.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>Of a transformation's.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>Of a pipeline's.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>Which run.</summary>
    [StringLength(200, MinimumLength = 1)] public string? RunId { get; init; }

    /// <summary>Or of a connection.</summary>
    [Names("connection")] public string? ConnectionId { get; init; }

    /// <summary>Its file, from list_connection_logs.</summary>
    [StringLength(500, MinimumLength = 1)] public string? File { get; init; }

    /// <summary>Words; a*b: b after a; a|b: either.</summary>
    [StringLength(200, MinimumLength = 1)] public string? Find { get; init; }

    /// <summary>Only errors, with 3 lines around.</summary>
    public bool? Errors { get; init; }

    /// <summary>Lines shown before and after each.</summary>
    [Range(0, 20)] public int? Around { get; init; }

    /// <summary>90m, 24h, or ISO 8601.</summary>
    [StringLength(40)] public string? Since { get; init; }

    /// <summary>The same.</summary>
    [StringLength(40)] public string? Until { get; init; }

    /// <summary>The last so many, default 50.</summary>
    [Range(1, 500)] public int? Tail { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhichLines))]
internal sealed partial class SearchLogJson : JsonSerializerContext;
