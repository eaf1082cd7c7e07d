using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// Rows merged with those of the file by the key. It stays for the next transaction of the run. Into an empty file rows are written straight, as long as their keys grow;
/// at the first that does not, what was written goes into the stage.
/// </summary>
internal sealed class MergedContent : ICsvContent
{
    private readonly CsvTarget target;
    private readonly RefusedRows refused;
    private readonly int[] key;
    private readonly int[] places;
    private readonly KeyOrder order;
    private NewFile? straight;
    private MergeStage? stage;
    private long changed;

    public MergedContent(CsvTarget target)
    {
        this.target = target;
        var names = target.Carried.Select(index => target.Source.Columns[index].Name).ToList();
        key = [.. target.Source.Key.Select(name => target.Carried[names.FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))])];
        refused = new(target.Plan, target.Plan.Table, names, target.Carried, target.Source.Key, target.DeadLetters.Add);
        places = NewFile.Places(target);
        order = new(key);
        if (target.BeginsEmpty)
            straight = new(target);
    }

    /// <summary>All rows.</summary>
    public MergeStage Stage => stage ??= Load();

    public long Write(Batch batch)
    {
        var good = new bool[batch.Count];
        var unordered = straight is null ? 0 : batch.Count;
        for (var row = 0; row < batch.Count; row++)
        {
            foreach (var place in key)
            {
                if (batch.Columns[place].Kind(row) == CellKind.Null)
                    batch.Refuse(row, $"its key has no value in \"{target.Source.Columns[place].Name}\".");
            }

            good[row] = !refused.Handles(batch, row);
            if (good[row] && row < unordered && !order.Follows(batch, row))
                unordered = row;
        }

        CellText.Spell(batch, target.Carried, target.Forms);
        long affected = 0;
        for (var row = 0; row < batch.Count; row++)
        {
            if (!good[row])
                continue;
            if (row < unordered)
            {
                straight!.Add(batch, row, places);
                affected++;
            }
            else if (Stage.Put(batch, row))
            {
                affected++;
            }
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
        if (straight is null && changed == 0 && !target.MustWrite)
            return 0;
        if (straight is null)
        {
            using var file = new NewFile(target);
            Stage.WriteTo(file.Rows);
            file.Replace();
        }
        else
        {
            straight.Replace();
            straight = null;
        }

        changed = 0;
        return 0;
    }

    public void Dispose()
    {
        stage?.Dispose();
        straight?.Dispose();
    }

    private MergeStage Load()
    {
        using var table = straight is not null ? straight.Reopen() : target.BeginsEmpty ? null : target.OpenTable();
        straight?.Dispose();
        straight = null;
        return new(table, target.Columns, target.Written, target.Carried, [.. target.Source.Key.Select(target.IndexOf)], target.Opening.Patience);
    }
}
