using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Rows merged with those of the file by the key. It stays for the next transaction of the run.</summary>
internal sealed class MergedContent : ICsvContent
{
    private readonly CsvTarget target;
    private readonly RefusedRows refused;
    private readonly int[] keyPlaces;
    private long changed;

    public MergedContent(CsvTarget target)
    {
        this.target = target;
        var names = target.Carried.Select(index => target.Source.Columns[index].Name).ToList();
        keyPlaces = [.. target.Source.Key.Select(name => target.Carried[names.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))])];
        refused = new(target.Plan, target.Plan.Table, names, target.Carried, target.Source.Key, target.DeadLetters.Add);
        using var table = target.BeginsEmpty ? null : target.OpenTable();
        Stage = new(table, target.Columns, target.Written, target.Carried, [.. target.Source.Key.Select(target.IndexOf)], target.Opening.Patience);
    }

    public MergeStage Stage { get; }

    public long Write(Batch batch)
    {
        long affected = 0;
        var good = new bool[batch.Count];
        for (var row = 0; row < batch.Count; row++)
        {
            foreach (var place in keyPlaces)
            {
                if (batch.Columns[place].Kind(row) == CellKind.Null)
                    batch.Refuse(row, $"its key has no value in \"{target.Source.Columns[place].Name}\".");
            }

            good[row] = !refused.Handles(batch, row);
        }

        CellText.Spell(batch, target.Carried, target.Forms);
        for (var row = 0; row < batch.Count; row++)
        {
            if (good[row] && Stage.Put(batch, row))
                affected++;
        }

        changed += affected;
        return affected;
    }

    /// <summary>Rows that left.</summary>
    public long Delete()
    {
        var deleted = Stage.DeleteExtra();
        changed += deleted;
        return deleted;
    }

    /// <summary>Rows that an expression finds leave.</summary>
    public long Delete(Expression where)
    {
        var deleted = Stage.Delete(where, target.Columns);
        changed += deleted;
        return deleted;
    }

    public long Finish()
    {
        if (changed == 0 && !target.MustWrite)
            return 0;
        var file = target.Place.Create(".new");
        try
        {
            var writer = new RowWriter(file, target.Layout);
            if (target.Opening.Dialect.HasHeader)
                writer.AddHeader(target.Columns);
            Stage.WriteTo(writer);
            writer.Finish();
            target.Place.Flush(file);
        }
        finally
        {
            file.Dispose();
        }

        target.Place.Replace();
        changed = 0;
        return 0;
    }

    public void Dispose() => Stage.Dispose();
}
