namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>
/// Replaces the content of a table whose rows have no key: the new content is staged beside it, then rows that are no longer there as they are leave, and those that are not there come.
/// So one transaction holds it all, nothing is doubled, and what is counted has really changed.
/// </summary>
internal sealed class StageWriter(SqliteTarget target, SourceShape source) : IRowWriter
{
    private const int MostAside = 10_000;

    private readonly TargetSql sql = new(target.Table);
    private readonly RefusedRows refused = target.Refused;
    private readonly int[] carried = [.. target.Table.CarriedColumns];
    private Statement? insert;

    public void Begin()
    {
        target.Database.Execute(TargetSql.DropStage);
        target.Database.Execute(sql.MakeStage);
        insert = target.Database.Prepare(sql.StageRow);
    }

    public long Write(Batch batch)
    {
        var numbers = source.RowNumber is { } index ? batch.Columns[index] : null;
        for (var row = 0; row < batch.Count; row++)
        {
            if (refused.Handles(batch, row, source.RowNumber))
                continue;
            insert!.Bind(1, numbers?.CellAt(row) ?? Cell.Null);
            RowBinder.Bind(insert.Handle, batch.Columns, carried, row, 2);
            insert.Step();
            insert.Reset();
        }

        return 0;
    }

    public long Finish()
    {
        var database = target.Database;
        insert!.Dispose();
        database.Execute(sql.DeleteStale);
        database.Execute(sql.InsertMissing);
        var affected = database.Changes;
        foreach (var (number, values) in LeftBehind())
        {
            var refusal = Reason(number);
            refused.Handle([("row", Cell.Of(number))], values, refusal);
        }

        database.Execute(TargetSql.DropStage);
        return affected;
    }

    public void Dispose() => insert?.Dispose();

    private List<(long Number, IReadOnlyList<(string, Cell)> Values)> LeftBehind()
    {
        var rows = new List<(long, IReadOnlyList<(string, Cell)>)>();
        if (target.Table.RowNumberName is null)
        {
            // Without row numbers there is only the count to go by.
            var (staged, written) = (target.Database.First($"SELECT count(*) FROM {TargetSql.Stage}")![0].Integer, target.Database.First($"SELECT count(*) FROM {TargetTable.Qualified(target.Table.Name)}")![0].Integer);
            return staged == written ? rows : throw new ReplicationException("row_refused", $"\"{target.Table.Name}\" refuses {staged - written} of {staged} rows and has no row numbers to name them by; write into a table of its own.");
        }

        using var left = target.Database.Prepare(sql.LeftBehind);
        while (left.Step())
        {
            if (rows.Count == MostAside)
                throw new ReplicationException("row_refused", $"\"{target.Table.Name}\" refuses more than {MostAside:N0} rows; write into a table of its own.");
            rows.Add((left.Integer(0), [.. target.Table.Columns.Select((column, i) => (column.Name, left.Value(i + 1)))]));
        }

        return rows;
    }

    private ReplicationException Reason(long number)
    {
        try
        {
            using var one = target.Database.Prepare(sql.InsertOne);
            one.Bind(1, number).Step();
            return new("row_refused", "it was refused among the others and fits alone.");
        }
        catch (ReplicationException refusal)
        {
            return refusal;
        }
    }
}
