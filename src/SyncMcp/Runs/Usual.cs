using SyncMcp.Client.Jobs;

namespace SyncMcp.Runs;

/// <summary>What is usual for a thing: the medians of its runs that went well.</summary>
/// <param name="Runs">Of how many.</param>
/// <param name="Milliseconds">How long they take.</param>
/// <param name="Rows">How many rows they change.</param>
internal sealed record Usual(int Runs, long? Milliseconds, long? Rows)
{
    /// <summary>Fewer say nothing.</summary>
    public const int Enough = 5;

    /// <summary>The medians; of too few runs none.</summary>
    public static Usual Of(IEnumerable<IndexedRun> runs) => OfAny(runs) is { Runs: >= Enough } usual ? usual : new(0, null, null);

    /// <summary>The medians of however few runs there are, for what is said as a guess.</summary>
    public static Usual OfAny(IEnumerable<IndexedRun> runs)
    {
        var good = runs.Where(run => run.State == RunState.Succeeded).ToList();
        return new(good.Count, Median(good.Select(run => run.Milliseconds)), Median(good.Select(run => run.Rows)));
    }

    /// <summary>It takes three times as long as usual, and a minute more.</summary>
    public bool IsSlow(long? milliseconds) => Milliseconds is { } usual && milliseconds > (3 * usual) && milliseconds > usual + 60_000;

    /// <summary>It moves five times as many rows as usual, and a thousand more.</summary>
    public bool IsLarge(long? rows) => Rows is { } usual && rows > (5 * usual) && rows > usual + 1_000;

    /// <summary>The middle one of those that are known.</summary>
    public static long? Median(IEnumerable<long?> values)
    {
        var sorted = values.OfType<long>().Order().ToList();
        return sorted.Count == 0 ? null : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
