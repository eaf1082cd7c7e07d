using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Diagnosis;
using SyncMcp.Filters;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>What is to be said of a run: while it goes on how far it is and when to look again, at its end how it went beside the earlier ones, and what to do.</summary>
internal sealed class RunDigest(SyncClient client, TimeProvider time)
{
    private const int MostErrors = 3;
    private const int MostWords = 300;
    private const int RunsForUsual = 50;
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(10);

    /// <summary>The answer about one run.</summary>
    public async Task<JsonObject> OfAsync(ResourceArea area, SeenRun seen, string? name, CancellationToken ct)
    {
        var run = seen.Run;
        var earlier = (await RunHistory.ReadAsync(client, area, run.Owner, RunsForUsual, ct)).Where(one => one.Id != run.Id && (run.Started is null || one.Started is null || one.Started < run.Started)).ToList();
        var answer = new JsonObject { ["kind"] = area.Noun, [area.Id] = run.Owner, ["name"] = name, ["run_id"] = run.Id.Length > 0 ? run.Id : null, ["status"] = run.Status, ["ended"] = run.IsOver };
        if (run.Started is { } start)
            answer["started_at"] = Times.Write(start);
        if (run.IsOver)
            await AddEndAsync(answer, area, seen, earlier, ct);
        else
            AddProgress(answer, area, seen, Usual.OfAny(earlier));
        return answer;
    }

    private void AddProgress(JsonObject answer, ResourceArea area, SeenRun seen, Usual usual)
    {
        var now = time.GetUtcNow();
        answer["progress"] = $"Still running: {seen.HowFar()}.";
        if (seen.RowsRead is { } read)
            answer["rows_read"] = read;
        // As long as it takes usually, counted from its start; where that time is over already, a tenth of it more.
        var again = usual.Milliseconds is not { } median ? now + (3 * LeastPause)
            : seen.Run.Started is { } start && start.AddMilliseconds(median) > now ? start.AddMilliseconds(median)
            : now.AddMilliseconds(median / 10.0);
        answer["check_again_at"] = Times.Write(again > now + LeastPause ? again : now + LeastPause);
        if (usual.Milliseconds is { } takes)
            answer["usual"] = $"{Seconds(takes)} ({Runs(usual.Runs)})";
        answer["next"] = $"At check_again_at call follow_run with this {(seen.Run.Id.Length > 0 ? "run_id" : area.Id)}. The run goes on without anybody waiting.";
    }

    private async Task AddEndAsync(JsonObject answer, ResourceArea area, SeenRun seen, List<IndexedRun> earlier, CancellationToken ct)
    {
        var run = seen.Run;
        if (run.Finished is { } end)
            answer["finished_at"] = Times.Write(end);
        if (run.Milliseconds is { } taken)
            answer["runtime"] = taken;
        if (run.Rows is { } rows)
            answer["records_affected"] = rows;
        var usual = Usual.OfAny(earlier);
        answer["digest"] = Sentence(run, usual);
        if (run.Failed)
            await AddErrorsAsync(answer, area, seen, ct);
        else if (run.State == RunState.Canceled)
            answer["next"] = "recent_changes says who stopped it, where that was done through syncmcp. What was written stays.";
        else if (run.State == RunState.Skipped)
            answer["next"] = Text.Cut(Text.Clean(run.Details ?? "The run before it had not ended."), MostWords);
        else if (usual.IsSlow(run.Milliseconds) || usual.IsLarge(run.Rows))
            answer["next"] = "compare_runs shows which task stands out.";
    }

    private async Task AddErrorsAsync(JsonObject answer, ResourceArea area, SeenRun seen, CancellationToken ct)
    {
        var lines = await RunWords.ReadAsync(client, area, seen.Run, ct);
        if (seen.Parts.Where(part => part.Failed).Select(part => Text.Cut(Text.Clean(part.Name), 80)).ToList() is { Count: > 0 } failed)
            answer["failed_parts"] = Text.Array(failed.Take(10));
        var findings = RunDiagnosis.Of(lines);
        answer["errors"] = findings.Count > 0
            ? new JsonArray([.. findings.Take(MostErrors).Select(finding => (JsonNode)new JsonObject { ["cause"] = finding.Cause.Id, ["text"] = Short(finding.Evidence[0]) })])
            : new JsonArray([.. lines.Take(MostErrors).Select(line => (JsonNode)new JsonObject { ["cause"] = Causes.Unknown, ["text"] = Short(line) })]);
        answer["next"] = findings.Count > 0 ? findings[0].Cause.Next : "No rule knows these words; diagnose_run shows more of them.";
    }

    private static string Sentence(IndexedRun run, Usual usual)
    {
        var said = run.State switch
        {
            RunState.Succeeded => "It went well",
            RunState.Failed or RunState.Error => "It failed",
            RunState.Canceled => "It was stopped",
            RunState.Skipped => "It was left out",
            _ => "It ended",
        };
        if (run.Milliseconds is { } taken && run.State != RunState.Skipped)
            said += $" after {Seconds(taken)}{(usual.Milliseconds is { } median ? $" (usually {Seconds(median)})" : "")}";
        if (run.Rows is { } rows && run.State != RunState.Skipped)
            said += $"; {Number(rows)} rows changed{(usual.Rows is { } median ? $" (usually {Number(median)})" : "")}";
        return usual.Runs > 0 ? $"{said}. Usual: the median of {Runs(usual.Runs)}." : $"{said}. There is no earlier good run to compare with.";
    }

    private static string Runs(int count) => count == 1 ? "1 earlier good run" : $"{count} earlier good runs";

    private static string Short(string text) => Text.Cut(Text.Clean(text), MostWords);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A duration as people say it: 0.4 s, 12 s, 3 min, 2.5 h.</summary>
    public static string Seconds(long milliseconds) => milliseconds switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000.0:0.#} s"),
        < 120_000 => $"{milliseconds / 1000} s",
        < 7_200_000 => $"{milliseconds / 60_000} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 3_600_000.0:0.#} h"),
    };
}
