namespace SyncMcp.Guard;

/// <summary>Reads many things of a server, a few at once: one after the other a large installation takes too long, all together some servers answer 429.</summary>
internal static class AtOnce
{
    /// <summary>So many.</summary>
    public const int Most = 6;

    /// <summary>What reading each gives, in the order of the things.</summary>
    public static async Task<IReadOnlyList<TRead>> ReadAsync<T, TRead>(IReadOnlyList<T> things, Func<T, CancellationToken, Task<TRead>> read, CancellationToken ct)
    {
        var found = new TRead[things.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, things.Count), new ParallelOptions { MaxDegreeOfParallelism = Most, CancellationToken = ct },
            async (at, stop) => found[at] = await read(things[at], stop));
        return found;
    }
}
