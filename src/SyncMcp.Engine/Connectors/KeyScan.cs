namespace SyncMcp.Engine.Connectors;

/// <summary>The keys of the source beside those of the destination: which rows are gone.</summary>
internal sealed class KeyScan(ISourceTable table, ITarget target, Passes passes)
{
    /// <summary>Deletes rows whose key the source does not have any more, in a transaction of its own that moves the checkpoint: another worker fences it off.</summary>
    public Checkpoint Sweep(Checkpoint state)
    {
        using var keys = target.CompareKeys();
        var known = Gather(keys);
        var extra = keys.CountExtra();
        passes.Observer.Log(LogLevel.Transfer, $"Compared {known} keys: {extra} rows are gone at the source.");
        if (extra == 0)
            return state;
        state = state with { Version = state.Version + 1 };
        try
        {
            target.Begin(state, first: false);
            var deleted = keys.DeleteExtra();
            target.Commit(state);
            passes.CountDeleted(deleted);
            passes.Observer.Log(LogLevel.Info, $"Deleted {deleted} rows that are gone at the source; it has {known}.");
        }
        catch
        {
            target.Rollback();
            throw;
        }

        return state;
    }

    /// <summary>How many rows a range has.</summary>
    public long Count(RowRange range) => Walk(range, _ => { });

    /// <summary>Gathers the keys of a range, or of all rows that the statement selects; returns how many.</summary>
    public long Gather(IKeyComparison keys, RowRange? range = null)
    {
        var conformer = target.Forms is { } forms ? Conformer.OfKey(table.Shape, forms, passes.Cuts) : null;
        return Walk(range ?? new(null, null, null), batch =>
        {
            conformer?.Apply(batch);
            keys.Add(batch);
        });
    }

    private long Walk(RowRange range, Action<Batch> take)
    {
        long known = 0;
        var batch = new Batch(table.Shape.Key.Count);
        using var reader = table.ReadKeys(range);
        for (var more = true; more;)
        {
            passes.Stop.ThrowIfCancellationRequested();
            batch.Clear();
            more = reader.Fill(batch);
            take(batch);
            known += batch.Count;
        }

        return known;
    }
}
