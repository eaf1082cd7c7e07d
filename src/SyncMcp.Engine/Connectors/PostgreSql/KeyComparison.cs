namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The source's keys in a temporary table, with the destination's types, so that both sides mean the same by "equal".</summary>
internal sealed class KeyComparison : IKeyComparison
{
    private const string Keys = "pg_temp._syncmcp_keys";

    private readonly Session session;
    private readonly string table;
    private readonly string match;
    private readonly ColumnShape[] key;
    private readonly int[] places;
    private readonly WireWriter wires = new();
    private CopyIn? copy;

    public KeyComparison(PostgreSqlTarget target)
    {
        session = target.Session;
        table = target.Table.Qualified;
        key = [.. target.Table.Key.Select(name => target.Table.Columns.First(column => column.Name == name))];
        places = [.. Enumerable.Range(0, key.Length)];
        match = string.Join(" AND ", key.Select((column, i) => $"new.c{i}::{column.Type} = old.{SourceSql.Name(column)}"));
        session.Execute($"DROP TABLE IF EXISTS {Keys}; CREATE TEMPORARY TABLE _syncmcp_keys({string.Join(", ", key.Select((column, i) => $"c{i} {TargetSql.Plain(column)}"))})");
        copy = new(session, Keys);
    }

    public void Add(Batch keys)
    {
        for (var row = 0; row < keys.Count; row++)
        {
            // A key that has no form here is in no row either.
            if (keys.Refusal(row) is null)
                _ = wires.Add(keys, row, places, key);
        }

        copy!.Write(wires.Bytes(0));
        wires.Clear();
    }

    public long CountMissing() => Count($"SELECT count(*) FROM {Keys} AS new WHERE NOT EXISTS (SELECT 1 FROM {table} AS old WHERE {match})");

    public long CountExtra() => Count($"SELECT count(*) FROM {table} AS old WHERE NOT EXISTS (SELECT 1 FROM {Keys} AS new WHERE {match})");

    public long DeleteExtra()
    {
        Gathered();
        return session.Execute($"DELETE FROM {table} AS old WHERE NOT EXISTS (SELECT 1 FROM {Keys} AS new WHERE {match})");
    }

    public void Dispose()
    {
        copy?.Dispose();
        session.TryExecute($"DROP TABLE IF EXISTS {Keys}");
    }

    private long Count(string sql)
    {
        Gathered();
        return session.Query(sql, row => row.GetInt64(0)).Single();
    }

    private void Gathered()
    {
        if (copy is null)
            return;
        copy.Complete();
        copy = null;
        // Without knowing how many there are, the server would look for each in turn.
        session.Execute($"ANALYZE {Keys}");
    }
}
