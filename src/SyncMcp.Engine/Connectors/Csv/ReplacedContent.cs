namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Rows without a key: all of them take the place of those that were there. Where nothing differs the file stays untouched.</summary>
internal sealed class ReplacedContent : ICsvContent
{
    private readonly CsvTarget target;
    private readonly RefusedRows refused;
    private readonly NewFile file;
    private readonly CsvTable? old;
    private readonly RecordReader? oldRows;
    private readonly int[] placeOf;
    private long affected;
    private bool oldHasMore;

    public ReplacedContent(CsvTarget target)
    {
        this.target = target;
        placeOf = NewFile.Places(target);
        refused = new(target.Plan, target.Plan.Table, [.. target.Carried.Select(index => target.Source.Columns[index].Name)], target.Carried, [], target.DeadLetters.Add);
        file = new(target);
        if (target.BeginsEmpty)
            return;
        old = target.OpenTable();
        oldRows = old.Rows(old.RowsOffset, old.RowsLine);
        oldHasMore = oldRows.Read();
    }

    public long Write(Batch batch)
    {
        var good = new bool[batch.Count];
        for (var row = 0; row < batch.Count; row++)
            good[row] = !refused.Handles(batch, row, target.Source.RowNumber);
        CellText.Spell(batch, target.Carried, target.Forms);
        for (var row = 0; row < batch.Count; row++)
        {
            if (!good[row])
                continue;
            file.Add(batch, row, placeOf);
            if (!oldHasMore || !IsSame(batch, row))
                affected++;
            oldHasMore = oldHasMore && oldRows!.Read();
        }

        return 0;
    }

    public long Finish()
    {
        if (affected == 0 && !oldHasMore && !target.MustWrite)
        {
            file.Discard();
            return 0;
        }

        file.Replace();
        return affected;
    }

    public void Dispose()
    {
        file.Dispose();
        old?.Dispose();
    }

    private bool IsSame(Batch batch, int row)
    {
        for (var i = 0; i < placeOf.Length; i++)
        {
            var isNull = placeOf[i] < 0 || batch.Columns[placeOf[i]].Kind(row) == CellKind.Null;
            if (i >= oldRows!.Count || isNull != old!.IsNull(oldRows, i) || (!isNull && !batch.Columns[placeOf[i]].Bytes(row).SequenceEqual(oldRows[i])))
                return false;
        }

        return oldRows!.Count == placeOf.Length;
    }
}
