using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>
/// Runs as a chart takes them: a line for each thing, its runs packed into one text, so that some thousand fit where else some dozen do. A run is <c>start,seconds,state,rows,cause</c>: start in
/// seconds after <c>since</c>; state S, F, R, C, K (skipped) or O; nothing where nothing is known. Newest first; what is in trouble stands at the head.
/// </summary>
internal static class Timeline
{
    private const int MostRuns = 300;

    public static IEnumerable<JsonNode> Of(IEnumerable<RunnableThing> things, ILookup<(string, string), IndexedRun> runs, DateTimeOffset since, bool alsoIdle) => things
        .Select(thing => (Thing: thing, Runs: runs[(thing.Area.Noun, thing.Id)].ToList()))
        .Where(one => alsoIdle || one.Runs.Count > 0)
        .OrderBy(one => Rank(one.Runs)).ThenByDescending(one => one.Runs.Count > 0 ? one.Runs[0].Started : null).ThenBy(one => one.Thing.Name, StringComparer.OrdinalIgnoreCase)
        .Select(one => (JsonNode)Line(one.Thing, one.Runs, since));

    private static int Rank(List<IndexedRun> runs) => runs.FirstOrDefault(run => run.IsOver) is { Failed: true } ? 0 : runs is [{ IsOver: false }, ..] ? 1 : runs.Count > 0 ? 2 : 3;

    private static JsonObject Line(RunnableThing thing, List<IndexedRun> runs, DateTimeOffset since)
    {
        var line = new JsonObject { ["kind"] = thing.Area.Noun, ["id"] = thing.Id, ["name"] = thing.Name, ["workspace"] = thing.Workspace };
        if (thing.Body["next_run"] is { } next && Times.Read(next.ToString()) is { } at)
            line["next_run"] = Times.Write(at);
        if (thing.Body["schedule"] is JsonObject schedule && schedule["cron"] is not null && !thing.IsScheduled)
            line["paused"] = true;
        line["runs"] = string.Join(' ', runs.Take(MostRuns).Select(run => Packed(run, since)));
        if (runs.Count > MostRuns)
            line["of"] = runs.Count;
        return line;
    }

    private static string Packed(IndexedRun run, DateTimeOffset since) => string.Create(CultureInfo.InvariantCulture,
        $"{(run.Started is { } start ? (long)(start - since).TotalSeconds : null)},{(run.Milliseconds is { } taken && run.IsOver ? Math.Round(taken / 1000.0, taken < 10_000 ? 2 : 0) : null)},{Letter(run)},{run.Rows},{run.Cause}").TrimEnd(',');

    private static char Letter(IndexedRun run) => !run.IsOver ? 'R' : run.State switch
    {
        RunState.Succeeded => 'S',
        RunState.Failed or RunState.Error => 'F',
        RunState.Canceled => 'C',
        RunState.Skipped => 'K',
        _ => 'O',
    };
}
