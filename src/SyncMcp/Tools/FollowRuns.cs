using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Waits for several runs at once, for <c>follow_run</c>: how many have ended and how, the failed ones with their cause.</summary>
internal static class FollowRuns
{
    /// <summary>So many runs of one call.</summary>
    public const int Most = 50;

    private const int MostShown = 15;
    private const int MostWords = 200;

    public static async Task<JsonObject> AnswerAsync(Workbench bench, IReadOnlyList<string> ids, TimeSpan patience, CancellationToken ct)
    {
        var owners = await bench.Runs.OwnersAsync(bench.Client, ids, bench.Says, ct);
        if (ids.FirstOrDefault(id => !owners.ContainsKey(id)) is { } missing)
            throw new ToolException(new("not_found", $"No run {Text.Quote(missing)} is known in the last seven days.", "Take run_ids as rerun_failed or find_runs answered them."));

        var follower = new RunFollower(bench.Client, bench.Options.Time);
        var begun = bench.Options.Time.GetTimestamp();
        var seen = new Dictionary<string, SeenRun?>(StringComparer.Ordinal);
        // One after the other: all have ended when the last has, and a server is asked for one at a time.
        foreach (var id in ids)
        {
            var left = patience - bench.Options.Time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
                break;
            seen[id] = await follower.WaitAsync(owners[id].Area, owners[id].Id, id, left,
                run => bench.Says($"follows {ids.Count} runs, {seen.Values.Count(one => one?.Run.IsOver == true)} ended; {Text.Quote(owners[id].Name)}: {run.HowFar()}"), ct);
        }

        var rest = ids.Where(id => seen.GetValueOrDefault(id) is not { Run.IsOver: true }).ToList();
        foreach (var (id, run) in rest.Zip(await AtOnce.ReadAsync(rest, (id, stop) => follower.LookAsync(owners[id].Area, owners[id].Id, id, stop), ct)))
            seen[id] = run;
        return Answer(bench, ids.Select(id => (owners[id], seen[id])).ToList());
    }

    private static JsonObject Answer(Workbench bench, List<(RunnableThing Thing, SeenRun? Seen)> runs)
    {
        var over = runs.FindAll(one => one.Seen?.Run.IsOver == true);
        var answer = new JsonObject { ["of"] = runs.Count, ["ended"] = over.Count, ["succeeded"] = over.Count(one => one.Seen!.Run.State == RunState.Succeeded) };
        if (over.FindAll(one => one.Seen!.Run.State != RunState.Succeeded) is { Count: > 0 } bad)
        {
            answer["failed"] = new JsonArray([.. bad.Take(MostShown).Select(one => (JsonNode)Shown(one.Thing, one.Seen!.Run.Id,
                ("status", one.Seen.Run.Status), ("cause", one.Seen.Run.Cause), ("text", one.Seen.Run.Details is { } details ? Text.Cut(Text.Clean(details), MostWords) : null)))]);
            answer["failed_total"] = bad.Count;
        }

        if (runs.FindAll(one => one.Seen?.Run.IsOver != true) is { Count: > 0 } going)
        {
            answer["running"] = new JsonArray([.. going.Take(MostShown).Select(one => (JsonNode)Shown(one.Thing, one.Seen?.Run.Id, ("progress", one.Seen?.HowFar())))]);
            answer["check_again_at"] = Times.Write(Again(bench, going));
            answer["next"] = "At check_again_at call follow_run again with the run_ids that are left.";
        }
        else
        {
            answer["next"] = over.Exists(one => one.Seen!.Run.Failed) ? "diagnose_run says why one failed." : "All went well.";
        }

        return answer;
    }

    // When the last of them should be done, by what is usual for each.
    private static DateTimeOffset Again(Workbench bench, List<(RunnableThing Thing, SeenRun? Seen)> going)
    {
        var now = bench.Options.Time.GetUtcNow();
        var good = bench.Runs.Earlier(now - TimeSpan.FromDays(30)).ToLookup(run => (run.Kind, run.Owner));
        var ends = going.Select(one => Usual.OfAny(good[(one.Thing.Area.Noun, one.Thing.Id)]).Milliseconds is { } median && one.Seen?.Run.Started is { } start ? start.AddMilliseconds(median) : now);
        var last = ends.Max();
        return last > now.AddSeconds(15) ? last : now.AddSeconds(15);
    }

    private static JsonObject Shown(RunnableThing thing, string? run, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var shown = new JsonObject { ["name"] = thing.Name, ["run_id"] = run };
        foreach (var (name, value) in more)
        {
            if (value is not null)
                shown[name] = value;
        }

        return shown;
    }
}
