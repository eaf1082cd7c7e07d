namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>
/// Writes the rows of one transaction after another: by COPY straight into a table that was empty when the run began, else by COPY into a temporary table and one statement from there.
/// Rows that the server refuses are found by halving.
/// </summary>
internal sealed class RowWriter(PostgreSqlTarget target) : IDisposable
{
    private readonly Session session = target.Session;
    private readonly TargetSql sql = new(target.Table);
    private readonly RefusedRows refused = target.Refused;
    private readonly int[] carried = [.. target.Table.CarriedColumns];
    private readonly ColumnShape[] columns = [.. target.Table.Columns];
    private readonly WireWriter wires = new();
    private CopyIn? copy;
    private bool direct;
    private bool hasStage;

    public void Write(Batch batch)
    {
        var sent = wires.Length;
        for (var row = 0; row < batch.Count; row++)
        {
            if (refused.Handles(batch, row))
                continue;
            if (wires.Add(batch, row, carried, columns) is not var (column, trouble))
                continue;
            batch.Refuse(row, $"column \"{columns[column].Name}\" takes {columns[column].Type} and the value is {trouble}.");
            refused.Handles(batch, row);
        }

        if (wires.Length == sent)
            return;
        copy ??= Open();
        copy.Write(wires.Bytes(sent));
    }

    /// <summary>Puts the rows in their place; returns how many were inserted or changed.</summary>
    public long Flush()
    {
        // Content that is replaced by nothing leaves too.
        if (copy is null)
            return target is { Replaces: true, WasEmpty: false } ? Replace() : 0;
        try
        {
            copy.Complete();
            copy = null;
            if (direct)
            {
                session.Execute("RELEASE SAVEPOINT rows");
                return wires.Rows;
            }
        }
        catch (ReplicationException refusal) when (direct && RefusedRows.IsRefusal(refusal))
        {
            // Somebody else wrote into the table, or one row does not fit: the same rows by the way that tells them apart.
            copy = null;
            session.Execute("ROLLBACK TO SAVEPOINT rows");
            target.WasEmpty = false;
            Stage();
            return target.Replaces ? OneByOne(TargetSql.Stage) : Merge();
        }

        return target.Replaces ? Replace() : Merge();
    }

    /// <summary>The transaction has ended.</summary>
    public void Clear() => wires.Clear();

    public void Dispose() => copy?.Dispose();

    private CopyIn Open()
    {
        direct = target.WasEmpty && target.Table.TakesWires;
        if (!direct)
            EnsureStage();
        else
            session.Execute("SAVEPOINT rows");
        return new(session, direct ? sql.Target : TargetSql.Stage);
    }

    private void EnsureStage()
    {
        if (!hasStage)
            session.Execute(sql.MakeStage);
        hasStage = true;
    }

    private void Stage()
    {
        EnsureStage();
        using var again = new CopyIn(session, TargetSql.Stage);
        again.Write(wires.Bytes(0));
        again.Complete();
    }

    private long Merge()
    {
        session.Execute("SAVEPOINT rows");
        try
        {
            return session.Execute(sql.Insert(numbered: false));
        }
        catch (ReplicationException refusal) when (RefusedRows.IsRefusal(refusal))
        {
            session.Execute("ROLLBACK TO SAVEPOINT rows");
            return OneByOne(TargetSql.Stage);
        }
    }

    private long Replace()
    {
        EnsureStage();
        var deleted = session.Execute(sql.DeleteStale);
        var inserted = OneByOne(sql.Missing);
        // A changed row leaves and comes: that is one.
        return Math.Max(deleted, inserted);
    }

    private long OneByOne(string from)
    {
        session.Execute(TargetSql.Number(from));
        var rows = session.Query($"SELECT count(*) FROM {TargetSql.Numbered}", row => row.GetInt64(0)).Single();
        var affected = rows == 0 ? 0 : Range(1, rows);
        session.Execute($"DROP TABLE {TargetSql.Numbered}");
        return affected;
    }

    /// <summary>Inserts the rows between two numbers; where that is refused, each half of them.</summary>
    private long Range(long first, long last)
    {
        session.Execute("SAVEPOINT rows");
        try
        {
            var affected = session.Execute(sql.Insert(numbered: true), first, last);
            session.Execute("RELEASE SAVEPOINT rows");
            return affected;
        }
        catch (ReplicationException refusal) when (RefusedRows.IsRefusal(refusal))
        {
            session.Execute("ROLLBACK TO SAVEPOINT rows");
            session.Execute("RELEASE SAVEPOINT rows");
            if (first < last)
                return Range(first, (first + last) / 2) + Range(((first + last) / 2) + 1, last);
            PutAside(first, refusal);
            return 0;
        }
    }

    private void PutAside(long number, ReplicationException refusal)
    {
        var values = session.Query(sql.One, row => columns.Select((column, i) => (column.Name, row.IsDBNull(i) ? Cell.Null : Cell.Of(row.GetString(i)))).ToList(), number).Single();
        refused.Handle([.. values.Where(value => target.Table.Key.Contains(value.Name))], values, refusal);
    }
}
