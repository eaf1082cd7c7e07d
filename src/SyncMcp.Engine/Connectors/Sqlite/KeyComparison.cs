namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The source's keys in a temporary table, with the destination's types and collations, so that both sides mean the same by "equal".</summary>
internal sealed class KeyComparison : IKeyComparison
{
    private const string Keys = "temp._syncmcp_keys";

    private readonly Database database;
    private readonly string table;
    private readonly string match;
    private readonly int[] places;
    private readonly Statement insert;

    public KeyComparison(SqliteTarget target)
    {
        database = target.Database;
        table = TargetTable.Qualified(target.Table.Name);
        var key = target.Table.Key.Select(name => target.Table.Columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))).ToList();
        places = [.. Enumerable.Range(0, key.Count)];
        match = string.Join(" AND ", key.Select((column, i) => $"new.c{i} = old.{TargetTable.Quote(column.Name)}"));
        database.Execute($"DROP TABLE IF EXISTS {Keys}");
        database.Execute($"CREATE TABLE {Keys}({string.Join(", ", key.Select((column, i) => $"c{i} {Type(column, target.Table.Strict)} COLLATE {TargetTable.Quote(column.KeyCollation)}"))}, PRIMARY KEY({string.Join(", ", key.Select((_, i) => $"c{i}"))})) WITHOUT ROWID");
        insert = database.Prepare($"INSERT OR IGNORE INTO {Keys} VALUES ({string.Join(", ", key.Select((_, i) => $"?{i + 1}"))})");
        // One transaction of the temporary file, not one a row; the destination itself is not touched and not locked.
        database.Execute("BEGIN");
    }

    public void Add(Batch keys)
    {
        database.RestartClock();
        for (var row = 0; row < keys.Count; row++)
        {
            // A key that has no form here is in no row either.
            if (keys.Refusal(row) is not null)
                continue;
            RowBinder.Bind(insert.Handle, keys.Columns, places, row, 1);
            insert.Step();
            insert.Reset();
        }
    }

    public long CountMissing() => Count($"SELECT count(*) FROM {Keys} AS new WHERE NOT EXISTS (SELECT 1 FROM {table} AS old WHERE {match})");

    public long CountExtra() => Count($"SELECT count(*) FROM {table} AS old WHERE NOT EXISTS (SELECT 1 FROM {Keys} AS new WHERE {match})");

    public long DeleteExtra()
    {
        database.RestartClock();
        database.Execute($"DELETE FROM {table} AS old WHERE NOT EXISTS (SELECT 1 FROM {Keys} AS new WHERE {match})");
        return database.Changes;
    }

    public void Dispose()
    {
        insert.Dispose();
        if (database.InTransaction)
            database.TryExecute("ROLLBACK");
        database.TryExecute($"DROP TABLE IF EXISTS {Keys}");
    }

    private long Count(string sql)
    {
        if (database.InTransaction)
            database.Execute("COMMIT");
        database.RestartClock();
        return database.First(sql)![0].Integer;
    }

    private static string Type(ColumnShape column, bool strict) => strict && column.Type.Equals("ANY", StringComparison.OrdinalIgnoreCase) ? "" : column.Type;
}
