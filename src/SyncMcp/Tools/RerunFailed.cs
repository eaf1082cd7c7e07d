using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Once the cause is mended: starts again all that failed for it and has not gone well since.</summary>
internal static class RerunFailed
{
    // Each is looked at twice before it starts, and a call has its time.
    private const int MostAtOnce = 50;
    private const int MostSkipped = 15;

    public static readonly OwnTool Tool = OwnTool.Change("rerun_failed", "runs",
        "Run again everything whose last run failed for one cause, once that is mended (test_connection first). At most one question, listing all. What went well or runs since is skipped. Returns run ids for follow_run, and what was skipped and why.",
        RerunFailedJson.Default.WhatToRerun, AnswerAsync, Kind.Execute);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhatToRerun asked, CancellationToken ct)
    {
        FindRuns.CheckCause(asked.Cause);
        var since = Since.Read(asked.Since, "24h", bench.Options.Time);
        var found = await bench.Runs.SinceAsync(bench.Client, asked.WorkspaceId, since, bench.Says, ct);
        var (still, mended) = await Broken.OfAsync(bench.Client, found, asked.Cause, ct);
        var now = still.Take(MostAtOnce).ToList();
        // The failed run is the key: whoever repeats the call starts nothing twice, and a new failure is a new run.
        var operations = now.Select(one => new Operation(one.Thing.Area.Execute, new() { [one.Thing.Area.Id] = one.Thing.Id }, Key: $"rerun-{one.Run.Id}")).ToList();
        var ends = operations.Count == 0 ? [] : await bench.SendEachAsync($"RUN AGAIN {now.Count} {(now.Count == 1 ? "thing" : "things")} that failed for one cause?", operations, ct);

        var started = new JsonArray();
        var failed = new JsonArray();
        foreach (var (one, end) in now.Zip(ends))
        {
            if (end.IsDone)
                started.Add((JsonNode)Shown(one.Thing, ("run_id", end.Answer!.Body?["id"]?.DeepClone()), ("replayed", end.Answer.Replayed ? true : null)));
            else if (end.Answer?.Error?.Code == "already_running")
                mended.Add(new(one.Thing, "is running now"));
            else
                failed.Add((JsonNode)Shown(one.Thing, ("code", end.Answer?.Error?.Code ?? "not_begun"), ("message", end.Answer?.Error?.Message)));
        }

        if (started.Count == 0 && ends.FirstOrDefault(end => end.Answer?.Error is { Code: not "already_running" }) is { Answer: { } refused })
            return refused;
        return new() { Outcome = Outcome(started, ends), Body = Answer(asked.Cause, started, failed, mended, still.Count - now.Count, found) };
    }

    private static Outcome Outcome(JsonArray started, IReadOnlyList<Ended> ends) =>
        ends.Any(end => end.Answer?.Outcome == Filters.Outcome.Unknown) ? Filters.Outcome.Unknown : started.Count > 0 ? Filters.Outcome.Executed : Filters.Outcome.NotExecuted;

    private static JsonObject Answer(string cause, JsonArray started, JsonArray failed, List<MendedThing> mended, int left, Scanned found)
    {
        var answer = new JsonObject { ["cause"] = cause, ["started"] = started };
        if (failed.Count > 0)
            answer["not_started"] = failed;
        if (mended.Count > 0)
            answer["skipped"] = new JsonArray([.. mended.Take(MostSkipped).Select(one => (JsonNode)Shown(one.Thing, ("why", one.Why)))]);
        if (mended.Count > MostSkipped)
            answer["skipped_total"] = mended.Count;
        if (left > 0)
            answer["left"] = left;
        answer["next"] = left > 0 ? $"{left} more are left: call again when these have ended."
            : started.Count > 0 ? "follow_run with these run_ids waits for them."
            : mended.Count > 0 ? "Nothing is left to run again for this cause."
            : "Nothing failed for this cause in that time. get_overview lists the causes; a greater since looks further back.";
        Coverage.Add(answer, found);
        return answer;
    }

    private static JsonObject Shown(RunnableThing thing, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var shown = new JsonObject { ["kind"] = thing.Area.Noun, [thing.Area.Id] = thing.Id, ["name"] = thing.Name };
        foreach (var (name, value) in more)
        {
            if (value is not null)
                shown[name] = value;
        }

        return shown;
    }
}

/// <summary>Arguments of <c>rerun_failed</c>.</summary>
internal sealed record WhatToRerun
{
    /// <summary>Id of the cause, as get_overview and diagnose_run give it.</summary>
    [StringLength(40, MinimumLength = 1)] public required string Cause { get; init; }

    /// <summary>Failed since: 90m, 24h (default), 7d, or ISO 8601.</summary>
    [StringLength(40)] public string? Since { get; init; }

    /// <summary>Only in this workspace; all by default.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToRerun))]
internal sealed partial class RerunFailedJson : JsonSerializerContext;
