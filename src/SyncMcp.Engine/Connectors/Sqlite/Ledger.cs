namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Our tables at the destination: whose table is it, up to where was it read, which rows were put aside.</summary>
internal static class Ledger
{
    private static readonly string[] Create =
    [
        $"CREATE TABLE IF NOT EXISTS main.{LedgerTables.Checkpoint}(job_id TEXT NOT NULL, task_id TEXT NOT NULL, checkpoint TEXT NOT NULL, run_id TEXT NOT NULL, PRIMARY KEY(job_id, task_id)) WITHOUT ROWID",
        $"CREATE TABLE IF NOT EXISTS main.{LedgerTables.Owner}(table_name TEXT NOT NULL COLLATE NOCASE, job_id TEXT NOT NULL, task_id TEXT NOT NULL, adopted INTEGER NOT NULL, statement TEXT NOT NULL, columns TEXT NOT NULL, made_at TEXT NOT NULL, PRIMARY KEY(table_name, job_id, task_id)) WITHOUT ROWID",
        $"CREATE TABLE IF NOT EXISTS main.{LedgerTables.DeadLetter}(job_id TEXT NOT NULL, task_id TEXT NOT NULL, row_key TEXT NOT NULL, run_id TEXT NOT NULL, table_name TEXT NOT NULL, reason TEXT NOT NULL, row TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(job_id, task_id, row_key))",
    ];

    /// <summary>The jobs that made tables here, by table name; the first one where several may write.</summary>
    public static Dictionary<string, string> Owners(Database database)
    {
        var owners = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Catalog.Describe(database, LedgerTables.Owner) is null)
            return owners;
        using var rows = database.Prepare($"SELECT table_name, job_id FROM main.{LedgerTables.Owner} ORDER BY made_at, adopted");
        while (rows.Step())
            owners.TryAdd(rows.Text(0), rows.Text(1));
        return owners;
    }

    /// <summary>Makes our tables where they are absent.</summary>
    public static void Ensure(Database database)
    {
        foreach (var sql in Create)
            database.Execute(sql);
    }

    /// <summary>True when the job may write the table.</summary>
    public static bool Owns(Database database, string table, string job) =>
        database.First($"SELECT 1 FROM main.{LedgerTables.Owner} WHERE table_name = ?1 AND job_id = ?2", Cell.Of(table), Cell.Of(job)) is not null;

    /// <summary>What the task carried into the table; null when it never did.</summary>
    public static Carried? Find(Database database, string table, string job, string task) =>
        database.First($"SELECT statement, columns FROM main.{LedgerTables.Owner} WHERE table_name = ?1 AND job_id = ?2 AND task_id = ?3", Cell.Of(table), Cell.Of(job), Cell.Of(task)) is [var statement, var columns]
            ? Carried.Read(statement.ToString(), columns.ToString())
            : null;

    /// <summary>Records whose table it is, and what goes into it.</summary>
    public static void Record(Database database, TargetPlan plan, Carried carried, DateTimeOffset now)
    {
        using var insert = database.Prepare($"""
            INSERT INTO main.{LedgerTables.Owner}(table_name, job_id, task_id, adopted, statement, columns, made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO UPDATE SET statement = excluded.statement, columns = excluded.columns
            """);
        insert.Bind([Cell.Of(plan.Table), Cell.Of(plan.JobId), Cell.Of(plan.TaskId), Cell.Of(plan.Adopted ? 1 : 0), Cell.Of(carried.Statement),
            Cell.Of(carried.ColumnsText), Cell.Of(LedgerTables.Stamp(now))]).Step();
    }

    /// <summary>The task's checkpoint with its text as it stands; null before the first transaction.</summary>
    public static (string Text, string RunId)? Checkpoint(Database database, string job, string task) =>
        database.First($"SELECT checkpoint, run_id FROM main.{LedgerTables.Checkpoint} WHERE job_id = ?1 AND task_id = ?2", Cell.Of(job), Cell.Of(task)) is [var text, var run] ? (text.ToString(), run.ToString()) : null;

    /// <summary>Moves the checkpoint from one text to the next; false when it is not there any more.</summary>
    public static bool Move(Database database, TargetPlan plan, string? from, string to)
    {
        using var statement = database.Prepare(from is null
            ? $"INSERT INTO main.{LedgerTables.Checkpoint}(job_id, task_id, run_id, checkpoint) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
            : $"UPDATE main.{LedgerTables.Checkpoint} SET run_id = ?3, checkpoint = ?4 WHERE job_id = ?1 AND task_id = ?2 AND checkpoint = ?5");
        statement.Bind(1, plan.JobId).Bind(2, plan.TaskId).Bind(3, plan.RunId).Bind(4, to);
        if (from is not null)
            statement.Bind(5, from);
        statement.Step();
        return database.Changes == 1;
    }

    /// <summary>Drops the checkpoints of the other parts of the plan's task.</summary>
    public static void ForgetOtherParts(Database database, TargetPlan plan)
    {
        using var delete = database.Prepare($"DELETE FROM main.{LedgerTables.Checkpoint} WHERE job_id = ?1 AND task_id <> ?2 AND substr(task_id, 1, length(?3)) = ?3");
        delete.Bind(1, plan.JobId).Bind(2, plan.TaskId).Bind(3, FolderLoad.Parent(plan.TaskId)).Step();
    }

    /// <summary>Puts a row aside that the table refused; a later refusal of the same row takes its place.</summary>
    public static void PutAside(Database database, TargetPlan plan, string key, string reason, string row, DateTimeOffset now)
    {
        using var insert = database.Prepare($"""
            INSERT INTO main.{LedgerTables.DeadLetter}(job_id, task_id, row_key, run_id, table_name, reason, row, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT DO UPDATE SET run_id = excluded.run_id, table_name = excluded.table_name, reason = excluded.reason, row = excluded.row, at = excluded.at
            """);
        insert.Bind([.. new[] { plan.JobId, plan.TaskId, key, plan.RunId, plan.Table, reason, row, LedgerTables.Stamp(now) }.Select(Cell.Of)]).Step();
    }
}
