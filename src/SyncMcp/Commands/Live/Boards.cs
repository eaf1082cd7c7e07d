using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Commands.Live;

/// <summary>Answers of tools as lines for a person.</summary>
internal static class Boards
{
    private const int BarWidth = 20;

    /// <summary>What find_runs answered.</summary>
    public static IReadOnlyList<string> Runs(JsonObject content, IReadOnlyList<JsonObject> going, DateTimeOffset now, int width)
    {
        var runs = Objects(content["items"]).ToList();
        if (runs.Count == 0)
            return ["No runs in that time."];
        var seen = going.ToLookup(run => Text(run, "run_id"));
        var rows = runs.Select(run => (IReadOnlyList<string>)
        [
            Text(run, "name"), Text(run, "status"), Ago(run["started_at"], now), seen[Text(run, "id")].FirstOrDefault() is { } live ? Bar(live, now) : Took(run), Number(run["records_affected"]), Text(run, "kind"), Text(run, "cause"),
        ]).ToList();
        var lines = new List<string>(Grid.Lines(width, ["NAME", "STATUS", "STARTED", "TOOK", "ROWS", "KIND", "CAUSE"], flexible: 0, rows));
        if (SeenPart.Number(content["total"]) is { } total && total > runs.Count)
            lines.Add($"{runs.Count} of {total} runs.");
        AddCoverage(lines, content);
        return lines;
    }

    /// <summary>What get_overview answered.</summary>
    public static IReadOnlyList<string> Overview(JsonObject content, IReadOnlyList<JsonObject> going, DateTimeOffset now, int width)
    {
        var result = content["result"] as JsonObject ?? [];
        var states = result["runs"] as JsonObject ?? [];
        var failing = Number(result["failing_now"]);
        var lines = new List<string>
        {
            Cut($"{(failing is "" or "0" ? "All is well" : $"{failing} failing now")}. Since {Text(result, "since")}: {(states.Count == 0 ? "no runs" : string.Join(", ", states.Select(state => $"{state.Value} {state.Key}")))}.", width),
        };
        Section(lines, width, "FAILURES BY CAUSE", result["causes"], ["CAUSE", "NOW", "RUNS", "NAMES"], 3,
            cause => [Text(cause, "cause"), Number(cause["failing_now"]), Number(cause["runs"]), string.Join(", ", (cause["names"] as JsonArray ?? []).Select(name => name?.ToString()))]);
        Section(lines, width, "LATE", result["late"], ["NAME", "DUE"], 0, late => [Text(late, "name"), Ago(late["should_have_started_at"], now)]);
        Section(lines, width, "LONGER OR LARGER THAN USUAL", result["unusual"], ["NAME", "WHAT"], 1, one => [Text(one, "name"), Text(one, "what")]);
        Section(lines, width, "PAUSED SCHEDULES", result["paused"], ["NAME", "KIND"], 0, one => [Text(one, "name"), Text(one, "kind")]);
        if (going.Count > 0)
        {
            lines.AddRange(["", "RUNNING NOW"]);
            lines.AddRange(Grid.Lines(width, ["NAME", "PROGRESS", "HOW FAR"], 2, [.. going.Select(run => (IReadOnlyList<string>)[Text(run, "name"), Bar(run, now), Text(run, "progress").Replace("Still running: ", "", StringComparison.Ordinal)])]));
        }

        AddCoverage(lines, result);
        return lines;
    }

    /// <summary>How much of its usual time a run has used: a bar, or the time alone where nothing is usual.</summary>
    public static string Bar(JsonObject run, DateTimeOffset now)
    {
        if (Times.Read(Text(run, "started_at")) is not { } start)
            return "";
        var spent = now - start;
        var taken = RunDigest.Seconds(Math.Max(0, (long)spent.TotalMilliseconds));
        if (run["usual"] is null || Times.Read(Text(run, "check_again_at")) is not { } end || end <= start)
            return taken;
        var part = Math.Clamp(spent / (end - start), 0, 0.99);
        var full = (int)(part * BarWidth);
        return $"[{new string('#', full)}{new string('.', BarWidth - full)}] {(part * 100).ToString("0", CultureInfo.InvariantCulture)} % {taken}";
    }

    private static void Section(List<string> lines, int width, string title, JsonNode? items, IReadOnlyList<string> heads, int flexible, Func<JsonObject, IReadOnlyList<string>> row)
    {
        var rows = Objects(items).Select(row).ToList();
        if (rows.Count == 0)
            return;
        lines.AddRange(["", title]);
        lines.AddRange(Grid.Lines(width, heads, flexible, rows));
    }

    private static void AddCoverage(List<string> lines, JsonObject answer)
    {
        if (answer["note"] is { } note)
            lines.Add(Grid.Plain(note.ToString()));
    }

    private static string Took(JsonObject run) => SeenPart.Number(run["runtime"]) is { } taken ? RunDigest.Seconds(taken) : "";

    private static string Ago(JsonNode? time, DateTimeOffset now) =>
        time is not null && Times.Read(time.ToString()) is { } at ? at > now ? "soon" : $"{RunDigest.Seconds((long)(now - at).TotalMilliseconds)} ago" : "";

    private static string Number(JsonNode? node) => SeenPart.Number(node) is { } number ? number.ToString("N0", CultureInfo.InvariantCulture) : "";

    private static string Text(JsonObject thing, string member) => thing[member]?.ToString() ?? "";

    private static string Cut(string line, int width) => line.Length > width ? line[..width] : line;

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];
}
