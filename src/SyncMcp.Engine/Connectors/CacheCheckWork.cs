using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// CHECKCACHE: the copy is compared with its source by key and values, and made equal where that is asked for. The comparison is the copy's own writing,
/// rolled back at the end of each transaction: so both agree on what is equal, whatever connectors stand on either side.
/// </summary>
internal sealed class CacheCheckWork(TaskPlan plan, CacheCheck check, ReplicateStatement statement, ISourceTable table, ITarget target, Passes passes)
{
    public TaskResult Run(string destinationTable)
    {
        if (table.Shape.Key.Count == 0)
            throw new ReplicationException("key_missing", $"CHECKCACHE tells rows apart by their key, and \"{table.Shape.Table}\" has none. Such a table is read and compared whole by each run of its REPLICATE task.");
        var (low, below) = (Mark("START", check.Start), Mark("END", check.End));
        var fresh = new Checkpoint { Plan = TaskWork.Fingerprint(table.Shape, statement), Version = target.Checkpoint?.Version ?? 0, Low = low, Exact = low is not null, High = below, Until = below is not null };
        var resumed = check.Repair && target.Checkpoint is { IsOpen: true } open && open.Plan == fresh.Plan && open.RunId == plan.RunId ? target.Checkpoint : null;
        var (missing, extra) = Compare(fresh);
        long differing;
        try
        {
            if (target.HasRows || check.Repair)
                fresh = passes.Run(resumed ?? fresh, begins: true, mayStay: true, isTrial: !check.Repair);
            differing = check.Repair ? passes.Affected : passes.Differing;
            if (check is { Repair: true, LooksForDeleted: true } && target.HasRows)
            {
                // Keys are read anew: rows that came to the source since the comparison are in the copy by now.
                new KeyScan(table, target, passes).Sweep(fresh);
                extra = passes.Affected - differing;
            }
        }
        finally
        {
            passes.TellProgress();
        }

        var found = Found(missing, Math.Max(0, differing - missing), extra);
        passes.Observer.Log(LogLevel.Info, found);
        return new() { RowsRead = passes.Read, RecordsAffected = passes.Affected, DestinationTable = destinationTable, CheckColumn = table.Shape.CheckColumn, Path = passes.Path, Found = found };
    }

    private (long Missing, long Extra) Compare(Checkpoint state)
    {
        var scan = new KeyScan(table, target, passes);
        var range = new RowRange(state.Low, null, null) { Below = state.Until ? state.High : null, Exact = state.Exact };
        if (!target.HasRows)
            return (scan.Count(range), 0);
        using var keys = target.CompareKeys();
        scan.Gather(keys, range);
        return (keys.CountMissing(), check.LooksForDeleted ? keys.CountExtra() : 0);
    }

    private string? Mark(string bound, string? text)
    {
        if (text is null)
            return null;
        if (table.Shape.CheckColumn is null)
            throw new ReplicationException("check_column_missing", $"{bound}: \"{table.Shape.Table}\" has no check column to go by; set incremental_check_column on the task, or leave {bound} out.");
        return StartValue.TryParse(text, out var value) ? table.MarkOf(value) : throw new ReplicationException("start_invalid", $"{bound}: \"{text}\" is not {StartValue.Forms}.");
    }

    private string Found(long missing, long changed, long extra)
    {
        if (missing + changed + extra == 0)
            return $"The copy is equal to the source{(check.LooksForDeleted ? "" : "; rows that are gone at the source were not looked for")}.";
        var gone = check.LooksForDeleted ? $"{extra} gone at the source" : "rows gone at the source not looked for";
        return $"{(check.Repair ? "Repaired" : "Differences, nothing written")}: {missing} missing, {changed} changed, {gone}.";
    }
}
