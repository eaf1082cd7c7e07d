using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>The rows of a file in a nameless SQLite table, where others are merged with them by key: the memory stays flat whatever the file's size.</summary>
internal sealed class MergeStage : IDisposable
{
    private readonly Database database;
    private readonly int[] key;
    private readonly int[] carried;
    private readonly Statement upsert;
    private Statement? addKey;

    /// <summary>Loads the file.</summary>
    /// <param name="existing">The file; null to begin empty.</param>
    /// <param name="columns">Columns of the new file: those that are there and those to add behind them.</param>
    /// <param name="written">For each carried column, its place among them.</param>
    /// <param name="carried">For each carried column, its place in a batch.</param>
    /// <param name="key">Places of the key among the columns.</param>
    /// <param name="patience">Ends it.</param>
    public MergeStage(CsvTable? existing, IReadOnlyList<string> columns, IReadOnlyList<int> written, IReadOnlyList<int> carried, IReadOnlyList<int> key, Patience patience)
    {
        this.key = [.. key];
        this.carried = [.. carried];
        Width = columns.Count;
        database = Database.OpenScratch(existing?.File.Path ?? "a CSV file", patience);
        try
        {
            database.Execute($"CREATE TABLE t(pos INTEGER PRIMARY KEY, {List(Enumerable.Range(0, Width))})");
            database.Execute("BEGIN");
            if (existing is not null)
                Load(existing, columns, patience.Token);
            database.Execute($"CREATE UNIQUE INDEX k ON t({List(key)})");
            var changing = written.Where(place => !key.Contains(place)).ToList();
            upsert = database.Prepare(
                $"INSERT INTO t({List(written)}) VALUES ({Parameters(written.Count)}) ON CONFLICT({List(key)}) " + (changing.Count == 0
                    ? "DO NOTHING"
                    : $"DO UPDATE SET {string.Join(", ", changing.Select(place => $"c{place} = excluded.c{place}"))} WHERE {string.Join(" OR ", changing.Select(place => $"c{place} IS NOT excluded.c{place}"))}"));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public int Width { get; }

    /// <summary>Puts a row where it belongs; true when something changed.</summary>
    public bool Put(Batch batch, int row)
    {
        RowBinder.Bind(upsert.Handle, batch.Columns, carried, row, 1);
        upsert.Step();
        upsert.Reset();
        return database.Changes > 0;
    }

    /// <summary>Gathers a key of the source.</summary>
    public void AddKey(Batch keys, int row)
    {
        if (addKey is null)
        {
            database.Execute($"CREATE TABLE keys({List(Enumerable.Range(0, key.Length))}, PRIMARY KEY({List(Enumerable.Range(0, key.Length))})) WITHOUT ROWID");
            addKey = database.Prepare($"INSERT OR IGNORE INTO keys VALUES ({Parameters(key.Length)})");
        }

        RowBinder.Bind(addKey.Handle, keys.Columns, [.. Enumerable.Range(0, key.Length)], row, 1);
        addKey.Step();
        addKey.Reset();
    }

    public long CountMissing() => database.First($"SELECT count(*) FROM keys AS new WHERE NOT EXISTS (SELECT 1 FROM t AS old WHERE {Match})")![0].Integer;

    public long CountExtra() => database.First($"SELECT count(*) FROM t AS old WHERE NOT EXISTS (SELECT 1 FROM keys AS new WHERE {Match})")![0].Integer;

    public long DeleteExtra()
    {
        database.Execute($"DELETE FROM t AS old WHERE NOT EXISTS (SELECT 1 FROM keys AS new WHERE {Match})");
        return database.Changes;
    }

    /// <summary>Deletes rows by an expression over the columns of these names; a value is a text here, whatever it means.</summary>
    public long Delete(Expression where, IReadOnlyList<string> names)
    {
        const string position = "\"_syncmcp_pos\"";
        var named = string.Join(", ", names.Select((name, i) => $"c{i} AS {SqlDialect.Sqlite.Name(name)}"));
        database.Execute($"DELETE FROM t WHERE pos IN (SELECT {position} FROM (SELECT pos AS {position}, {named} FROM t) WHERE {SqlDialect.Sqlite.Render(where)})");
        return database.Changes;
    }

    /// <summary>Forgets the keys gathered.</summary>
    public void ForgetKeys()
    {
        addKey?.Dispose();
        addKey = null;
        database.TryExecute("DROP TABLE IF EXISTS keys");
    }

    /// <summary>Writes all rows, in the order of the file, new ones behind.</summary>
    public unsafe void WriteTo(RowWriter writer)
    {
        using var rows = database.Prepare($"SELECT {List(Enumerable.Range(0, Width))} FROM t ORDER BY pos");
        while (rows.Step())
        {
            for (var i = 0; i < Width; i++)
            {
                if (rows.IsNull(i))
                    writer.AddNull();
                else
                    writer.Add(new ReadOnlySpan<byte>(Native.sqlite3_column_text(rows.Handle, i), Native.sqlite3_column_bytes(rows.Handle, i)));
            }

            writer.EndRow();
        }
    }

    public void Dispose()
    {
        upsert.Dispose();
        addKey?.Dispose();
        database.Dispose();
    }

    private string Match => string.Join(" AND ", key.Select((place, i) => $"new.c{i} = old.c{place}"));

    private void Load(CsvTable existing, IReadOnlyList<string> columns, CancellationToken ct)
    {
        int[] all = [.. Enumerable.Range(0, existing.Columns.Count)];
        using var insert = database.Prepare($"INSERT INTO t({List(all)}) VALUES ({Parameters(all.Length)})");
        var batch = new Batch(all.Length);
        using var reader = new CsvRowReader(existing.Rows(existing.RowsOffset, existing.RowsLine), existing, all, ct) { RefusesRagged = false };
        for (var more = true; more;)
        {
            batch.Clear();
            more = reader.Fill(batch);
            for (var row = 0; row < batch.Count; row++)
            {
                RowBinder.Bind(insert.Handle, batch.Columns, all, row, 1);
                insert.Step();
                insert.Reset();
            }
        }

        var names = string.Join(", ", key.Select(place => columns[place]));
        if (database.First($"SELECT 1 FROM t WHERE {string.Join(" OR ", key.Select(place => $"c{place} IS NULL"))} LIMIT 1") is not null)
            throw KeyMissing("a row without a value");
        if (database.First($"SELECT 1 FROM t GROUP BY {List(key)} HAVING count(*) > 1 LIMIT 1") is not null)
            throw KeyMissing("two rows with the same value");

        ReplicationException KeyMissing(string what) => new(
            "key_missing", $"{existing.File.Path} has {what} in its key ({names}), so that changed rows cannot be found. Mend the file, or set drop_table for one run to make it anew.");
    }

    private static string List(IEnumerable<int> places) => string.Join(", ", places.Select(place => $"c{place}"));

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => $"?{i}"));
}
