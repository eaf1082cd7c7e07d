using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Runs;

/// <summary>What is known of the runs of many things since some time, and of how many of them.</summary>
/// <param name="Things">Everything that runs.</param>
/// <param name="Runs">Their runs, newest first; those that are under way come from the lists.</param>
/// <param name="Read">Of how many things the runs are known.</param>
/// <param name="Unreadable">Things whose history the server did not give, with what it said.</param>
internal sealed record Scanned(IReadOnlyList<RunnableThing> Things, IReadOnlyList<IndexedRun> Runs, int Read, IReadOnlyList<string> Unreadable)
{
    /// <summary>Nothing is missing.</summary>
    public bool IsWhole => Read == Things.Count;
}

/// <summary>
/// Brings the index up to date: lists first, then only the histories that have something new, each from its newest run back to the first that is known. What takes longer than
/// a caller waits goes on behind it, and the next caller joins.
/// </summary>
internal sealed class RunScan(RunIndexTable index, Past.FirstLook look, TimeProvider time)
{
    private const int MostOlder = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LookedBack = TimeSpan.FromDays(7);

    // What was read so long ago still counts as read in an answer.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly Lock one = new();
    private readonly Pace pace = new();

    // Of servers whose lists do not show what runs now: as their histories showed it last.
    private readonly ConcurrentDictionary<(string Kind, string Owner), (DateTimeOffset Seen, IReadOnlyList<IndexedRun> Runs)> going = new();
    private Task? underWay;

    /// <summary>The runs since that time.</summary>
    /// <param name="client">Reads, with the rights of whoever asks.</param>
    /// <param name="workspace">Id of one workspace; null for all.</param>
    /// <param name="since">From when on.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<Scanned> SinceAsync(SyncClient client, string? workspace, DateTimeOffset since, Action<string> progress, CancellationToken ct)
    {
        var things = await Runnables.ReadAsync(client, workspace, kind: null, ct);
        var unreadable = new List<string>();
        var left = Stale(things, since, TimeSpan.Zero);
        if (left.Count > 0)
            await WaitAsync(() => RefreshAsync(client, left, since, unreadable, progress), ct);
        _ = look.Begin(client, things, underWay);

        var still = Stale(things, since, Lately).Select(thing => (thing.Area.Noun, thing.Id)).ToHashSet();
        var ids = things.Select(thing => (thing.Area.Noun, thing.Id)).ToHashSet();
        var under = things.SelectMany(Present).Where(run => !run.IsOver);
        var runs = index.Since(since).Where(run => ids.Contains((run.Kind, run.Owner)));
        lock (unreadable)
            return new(things, [.. under, .. runs], things.Count - still.Count, [.. unreadable]);
    }

    /// <summary>What runs are of: present runs stand in the lists, ended ones in the index, the rest is read as far back as anybody looks.</summary>
    /// <returns>The things by the ids of the runs; a run that nobody knows is left out.</returns>
    public async Task<Dictionary<string, RunnableThing>> OwnersAsync(SyncClient client, IReadOnlyList<string> runs, Action<string> progress, CancellationToken ct)
    {
        var things = await Runnables.ReadAsync(client, workspace: null, kind: null, ct);
        var found = things.Where(thing => thing.LastRun?["id"] is not null).DistinctBy(thing => thing.LastRun!["id"]!.ToString()).ToDictionary(thing => thing.LastRun!["id"]!.ToString());
        var kept = runs.Where(run => !found.ContainsKey(run)).Select(index.Find).OfType<IndexedRun>().ToList();
        if (runs.Except(found.Keys).Except(kept.Select(run => run.Id)).Any())
            kept.AddRange((await SinceAsync(client, workspace: null, time.GetUtcNow() - LookedBack, progress, ct)).Runs);
        foreach (var run in kept)
        {
            if (things.Find(thing => (thing.Area.Noun, thing.Id) == (run.Kind, run.Owner)) is { } thing)
                found.TryAdd(run.Id, thing);
        }

        return found;
    }

    /// <summary>Runs that went well in a longer time, as far as they are kept, for what is usual; nothing is fetched for it.</summary>
    public List<IndexedRun> Earlier(DateTimeOffset since) => index.Good(since);

    // Of these something may have happened that the index does not know.
    private List<RunnableThing> Stale(IReadOnlyList<RunnableThing> things, DateTimeOffset since, TimeSpan fresh)
    {
        var known = index.Known();
        var now = time.GetUtcNow();
        return [.. things.Where(thing =>
        {
            if (!known.TryGetValue((thing.Area.Noun, thing.Id), out var mark))
                return !NeverRan(thing);
            if (mark.Since > since)
                return true;
            if (thing.LastRun is not { } shown || IndexedRun.Of(thing.Area.Noun, thing.Id, shown) is not { } run)
                return !NeverRan(thing) && !(going.TryGetValue((thing.Area.Noun, thing.Id), out var last) && now - last.Seen < fresh); // a list that does not show last runs says nothing
            return run.IsOver && run.Id != mark.Newest && !index.Has(thing.Area.Noun, thing.Id, run.Id);
        })];
    }

    private IEnumerable<IndexedRun> Present(RunnableThing thing)
    {
        if (thing.LastRun is not { } shown)
            return going.GetValueOrDefault((thing.Area.Noun, thing.Id)).Runs ?? [];
        return IndexedRun.Of(thing.Area.Noun, thing.Id, shown) is { } run ? [run] : [];
    }

    private static bool NeverRan(RunnableThing thing) => thing.LastRun is null && thing.Body["status"]?.ToString() is "Idle" or "";

    // One refresh at a time; who comes meanwhile waits for it as long as anybody would, then reads what there is.
    private async Task WaitAsync(Func<Task> refresh, CancellationToken ct)
    {
        Task running;
        lock (one)
            running = underWay is { IsCompleted: false } ? underWay : underWay = Task.Run(refresh, CancellationToken.None);

        try
        {
            await running.WaitAsync(Patience, time, ct);
        }
        catch (TimeoutException)
        {
            // It goes on; the answer says how far it is.
        }
    }

    private async Task RefreshAsync(SyncClient client, List<RunnableThing> things, DateTimeOffset since, List<string> unreadable, Action<string> progress)
    {
        using var ending = new CancellationTokenSource(Longest, time);
        var done = 0;
        await pace.EachAsync(things, async (thing, ct) =>
        {
            try
            {
                await ReadAsync(client, thing, since, ct);
            }
            catch (SyncApiException e) when (e.Code is not ("rate_limited" or "unauthorized" or "unreachable"))
            {
                lock (unreadable)
                    unreadable.Add($"{thing.Area.Noun} {thing.Id}: {e.Code}");
            }

            if (Interlocked.Increment(ref done) % 10 == 0)
                progress($"has read the runs of {done} of {things.Count} things");
        }, ending.Token);
    }

    // Newest first, until one that is known: what lies before it was read then. A history in another order is read to its end.
    private async Task ReadAsync(SyncClient client, RunnableThing thing, DateTimeOffset since, CancellationToken ct)
    {
        var area = thing.Area;
        var (fresh, present) = (new List<IndexedRun>(), new List<IndexedRun>());
        var reach = index.Known().GetValueOrDefault((area.Noun, thing.Id)).Since is var from && from != default && from <= since;
        var inOrder = true;
        DateTimeOffset? last = null;
        var (read, older) = (0, 0);
        await foreach (var entry in Runnables.PagesAsync(client, area.History, new JsonObject { [area.Id] = thing.Id }, ct))
        {
            read++;
            if (IndexedRun.Of(area.Noun, thing.Id, entry) is not { } run)
                continue;
            inOrder &= last is null || run.Started is null || run.Started <= last;
            last = run.Started ?? last;
            if (!run.IsOver)
            {
                present.Add(run);
            }
            else
            {
                if (inOrder && reach && index.Has(area.Noun, thing.Id, run.Id))
                    break;
                fresh.Add(run);
            }

            // Older ones that came in the same answer are kept as well: what is usual is known from them.
            if (inOrder && run.Started < since && (++older >= MostOlder || read % Runnables.PageSize == 0))
                break;
        }

        going[(area.Noun, thing.Id)] = (time.GetUtcNow(), present);
        index.Keep(area.Noun, thing.Id, fresh, since);
    }
}
