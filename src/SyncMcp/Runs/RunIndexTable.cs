using SyncMcp.Guard;

namespace SyncMcp.Runs;

/// <summary>Finished runs, kept so that they are fetched once: they never change. Each principal of each server has its own.</summary>
internal sealed class RunIndexTable(StateStore store, string origin, string principal)
{
    private const string Columns = "kind, owner, id, status, started, finished, milliseconds, rows, details, cause";

    /// <summary>Keeps runs; those that are known stay as they are.</summary>
    /// <param name="kind">Kind of the owner.</param>
    /// <param name="owner">What ran.</param>
    /// <param name="runs">Runs that are over.</param>
    /// <param name="since">All that began later are in the index now; null leaves what was known of that.</param>
    public void Keep(string kind, string owner, IReadOnlyList<IndexedRun> runs, DateTimeOffset? since) => store.Write(session =>
    {
        foreach (var run in runs)
        {
            session.Execute($"INSERT OR IGNORE INTO run (origin, principal, {Columns}) VALUES (@origin, @principal, @kind, @owner, @id, @status, @started, @finished, @milliseconds, @rows, @details, @cause)",
                ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@owner", owner), ("@id", run.Id), ("@status", run.Status), ("@started", Stored(run.Started)), ("@finished", Stored(run.Finished)),
                ("@milliseconds", run.Milliseconds), ("@rows", run.Rows), ("@details", run.Details), ("@cause", run.Cause));
        }

        if (since is { } time)
        {
            session.Execute(
                "INSERT INTO run_known (origin, principal, kind, owner, since) VALUES (@origin, @principal, @kind, @owner, @since) ON CONFLICT DO UPDATE SET since = min(since, excluded.since)",
                ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@owner", owner), ("@since", time.ToUnixTimeMilliseconds()));
        }

        return 0;
    });

    /// <summary>For each thing, from when on its runs are known, and its newest one.</summary>
    public Dictionary<(string Kind, string Owner), (DateTimeOffset Since, string? Newest)> Known() => store.Read(session => session.Query(
        """
        SELECT k.kind, k.owner, k.since, (SELECT r.id FROM run r WHERE r.origin = k.origin AND r.principal = k.principal AND r.kind = k.kind AND r.owner = k.owner ORDER BY r.started DESC, r.finished DESC LIMIT 1)
        FROM run_known k WHERE k.origin = @origin AND k.principal = @principal
        """,
        row => (Key: (row.GetString(0), row.GetString(1)), Value: (DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)), row.IsDBNull(3) ? null : row.GetString(3))),
        ("@origin", origin), ("@principal", principal))).ToDictionary(one => one.Key, one => one.Value);

    /// <summary>The run is kept.</summary>
    public bool Has(string kind, string owner, string id) => store.Read(session => session.Query(
        "SELECT 1 FROM run WHERE origin = @origin AND principal = @principal AND kind = @kind AND owner = @owner AND id = @id", row => row.GetInt32(0),
        ("@origin", origin), ("@principal", principal), ("@kind", kind), ("@owner", owner), ("@id", id))).Count > 0;

    /// <summary>The run of that id, whatever it is of; null where it is not kept.</summary>
    public IndexedRun? Find(string id) => store.Read(session => session.Query(
        $"SELECT {Columns} FROM run WHERE origin = @origin AND principal = @principal AND id = @id LIMIT 1", Run,
        ("@origin", origin), ("@principal", principal), ("@id", id))).FirstOrDefault();

    /// <summary>Runs that began at that time or later, newest first.</summary>
    public List<IndexedRun> Since(DateTimeOffset time) => store.Read(session => session.Query(
        $"SELECT {Columns} FROM run WHERE origin = @origin AND principal = @principal AND started >= @time ORDER BY started DESC, id", Run,
        ("@origin", origin), ("@principal", principal), ("@time", time.ToUnixTimeMilliseconds())));

    /// <summary>Those that went well, without their words: for what is usual.</summary>
    public List<IndexedRun> Good(DateTimeOffset since) => store.Read(session => session.Query(
        "SELECT kind, owner, id, status, started, finished, milliseconds, rows, NULL, NULL FROM run WHERE origin = @origin AND principal = @principal AND started >= @time AND cause IS NULL", Run,
        ("@origin", origin), ("@principal", principal), ("@time", since.ToUnixTimeMilliseconds())));

    private static long? Stored(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static IndexedRun Run(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row, 4), Time(row, 5), row.IsDBNull(6) ? null : row.GetInt64(6), row.IsDBNull(7) ? null : row.GetInt64(7),
        row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetString(9));

    private static DateTimeOffset? Time(Microsoft.Data.Sqlite.SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
