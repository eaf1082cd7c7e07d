namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Our tables in the destination's schema: whose table is it, up to where was it read, which rows were put aside.</summary>
/// <param name="session">The session.</param>
/// <param name="schema">The schema.</param>
internal sealed class Ledger(Session session, string schema)
{
    private readonly string checkpoints = Qualified(schema, LedgerTables.Checkpoint);
    private readonly string owners = Qualified(schema, LedgerTables.Owner);
    private readonly string deadLetters = Qualified(schema, LedgerTables.DeadLetter);

    /// <summary>True where our tables are there.</summary>
    public bool Exists { get; private set; } = session.Query(
        "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname IN ($2, $3, $4)",
        row => row.GetInt64(0),
        schema,
        LedgerTables.Checkpoint,
        LedgerTables.Owner,
        LedgerTables.DeadLetter).Single() == 3;

    /// <summary>Makes our tables where they are absent. CREATE … IF NOT EXISTS alone is no safe thing for two at once: the lock lets one after the other in.</summary>
    public void Ensure()
    {
        if (Exists)
            return;
        session.Execute($"""
            BEGIN; SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('syncmcp', 0));
            CREATE TABLE IF NOT EXISTS {checkpoints}(job_id text NOT NULL, task_id text NOT NULL, checkpoint text NOT NULL, run_id text NOT NULL, PRIMARY KEY(job_id, task_id));
            CREATE TABLE IF NOT EXISTS {owners}(table_name text NOT NULL, job_id text NOT NULL, task_id text NOT NULL, adopted integer NOT NULL, statement text NOT NULL, columns text NOT NULL, made_at timestamptz NOT NULL, PRIMARY KEY(table_name, job_id, task_id));
            CREATE TABLE IF NOT EXISTS {deadLetters}(job_id text NOT NULL, task_id text NOT NULL, row_key text NOT NULL, run_id text NOT NULL, table_name text NOT NULL, reason text NOT NULL, "row" text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY(job_id, task_id, row_key));
            COMMIT
            """);
        Exists = true;
    }

    /// <summary>The jobs that made tables here, by table name; the first one where several may write.</summary>
    public Dictionary<string, string> Owners()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Exists)
        {
            foreach (var (table, job) in session.Query($"SELECT table_name, job_id FROM {owners} ORDER BY made_at, adopted", row => (row.GetString(0), row.GetString(1))))
                found.TryAdd(table, job);
        }

        return found;
    }

    /// <summary>True when the job may write the table.</summary>
    public bool Owns(string table, string job) => Exists && session.Text($"SELECT 'yes' FROM {owners} WHERE table_name = $1 AND job_id = $2", table, job) is not null;

    /// <summary>What the task carried into the table; null when it never did.</summary>
    public Carried? Find(string table, string job, string task) => !Exists ? null : session.Query(
        $"SELECT statement, columns FROM {owners} WHERE table_name = $1 AND job_id = $2 AND task_id = $3", row => Carried.Read(row.GetString(0), row.GetString(1)), table, job, task).FirstOrDefault();

    /// <summary>Records whose table it is, and what goes into it.</summary>
    public void Record(string table, TargetPlan plan, Carried carried) => session.Execute(
        $"""
        INSERT INTO {owners}(table_name, job_id, task_id, adopted, statement, columns, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7::timestamptz)
        ON CONFLICT (table_name, job_id, task_id) DO UPDATE SET statement = excluded.statement, columns = excluded.columns
        """,
        table, plan.JobId, plan.TaskId, plan.Adopted ? 1 : 0, carried.Statement, carried.ColumnsText, LedgerTables.Stamp(plan.Now));

    /// <summary>The task's checkpoint with its text as it stands; null before the first transaction.</summary>
    public (string Text, string RunId)? Checkpoint(string job, string task) => !Exists ? null : session.Query<(string, string)?>(
        $"SELECT checkpoint, run_id FROM {checkpoints} WHERE job_id = $1 AND task_id = $2", row => (row.GetString(0), row.GetString(1)), job, task).FirstOrDefault();

    /// <summary>Moves the checkpoint from one text to the next; false when it is not there any more.</summary>
    public bool Move(TargetPlan plan, string? from, string to) => 1 == (from is null
        ? session.Execute($"INSERT INTO {checkpoints}(job_id, task_id, run_id, checkpoint) VALUES ($1, $2, $3, $4) ON CONFLICT (job_id, task_id) DO NOTHING", plan.JobId, plan.TaskId, plan.RunId, to)
        : session.Execute($"UPDATE {checkpoints} SET run_id = $3, checkpoint = $4 WHERE job_id = $1 AND task_id = $2 AND checkpoint = $5", plan.JobId, plan.TaskId, plan.RunId, to, from));

    /// <summary>Drops the checkpoints of the other parts of the plan's task.</summary>
    public void ForgetOtherParts(TargetPlan plan) => session.Execute(
        $"DELETE FROM {checkpoints} WHERE job_id = $1 AND task_id <> $2 AND left(task_id, length($3)) = $3", plan.JobId, plan.TaskId, FolderLoad.Parent(plan.TaskId));

    /// <summary>Puts a row aside that the table refused; a later refusal of the same row takes its place.</summary>
    public void PutAside(TargetPlan plan, string key, string reason, string row) => session.Execute(
        $"""
        INSERT INTO {deadLetters}(job_id, task_id, row_key, run_id, table_name, reason, "row", at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz)
        ON CONFLICT (job_id, task_id, row_key) DO UPDATE SET run_id = excluded.run_id, table_name = excluded.table_name, reason = excluded.reason, "row" = excluded."row", at = excluded.at
        """,
        plan.JobId, plan.TaskId, Clean(key), plan.RunId, plan.Table, reason, Clean(row), LedgerTables.Stamp(plan.Now));

    // What was refused may hold what the server cannot store.
    private static string Clean(string text) => text.Replace("\0", "\\u0000", StringComparison.Ordinal);

    private static string Qualified(string schema, string table) => $"{TargetTable.Quote(schema)}.{table}";
}
