using System.Globalization;
using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>
/// A transformation's statements in a database. What they may touch is a matter of the user's rights there; the transaction and the engine's own tables
/// are looked after here, by what the server says of them and not by the statements' texts: those can hide what they do.
/// </summary>
internal sealed class PostgreSqlRunner(Session session) : ISqlRunner
{
    private static readonly string[] Refused =
        ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE", "PREPARE", "COPY", "LISTEN", "DISCARD"];

    private readonly string marks = $"{TargetTable.Quote(session.Address.Schema)}.{LedgerTables.Transformation}";
    private string transformation = "";
    private string run = "";
    private string ours = "";
    private string transaction = "";
    private bool open;

    public IReadOnlyList<long>? Begin(string transformationId, string runId)
    {
        (transformation, run) = (transformationId, runId);
        // A transaction of its own: the mark's table must not be among what the run's transaction makes.
        session.Execute($"""
            BEGIN; SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('syncmcp', 0));
            CREATE TABLE IF NOT EXISTS {marks}(transformation_id text NOT NULL PRIMARY KEY, run_id text NOT NULL, affected text NOT NULL); COMMIT
            """);
        session.Execute("BEGIN");
        open = true;
        session.Execute("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('syncmcp ' || $1, 0))", transformationId);
        if (session.Text($"SELECT affected FROM {marks} WHERE transformation_id = $1 AND run_id = $2", transformationId, runId) is { } affected)
            return [.. affected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        transaction = Transaction();
        ours = OurTables();
        session.Execute($"SET LOCAL search_path = {TargetTable.Quote(session.Address.Schema)}");
        return null;
    }

    public long Execute(string statement)
    {
        var first = FirstWord(statement);
        Refuse(statement, first);
        long affected;
        try
        {
            affected = session.Do(async ct =>
            {
                // A batch of one: its text is not split at semicolons, so that the server itself refuses a second statement.
                await using var batch = new NpgsqlBatch(session.Connection);
                batch.BatchCommands.Add(new(statement));
                await using (var reader = await batch.ExecuteReaderAsync(ct))
                {
                    while (await reader.ReadAsync(ct))
                    {
                    }
                }

                // CREATE TABLE AS says SELECT, with the number of its rows.
                return batch.BatchCommands[0] is var done && (done.StatementType != StatementType.Select || first == "CREATE") ? (long)done.Rows : 0;
            });
        }
        catch (ReplicationException failure) when (failure.InnerException is PostgresException said && IsAboutTheStatement(said))
        {
            throw said.MessageText.Contains("multiple commands", StringComparison.Ordinal)
                ? new ReplicationException("several_statements", "there is more than one statement in it; make a task for each.", failure)
                : new ReplicationException("statement_failed", $"{(said.SqlState.StartsWith("22", StringComparison.Ordinal) ? failure.Message : said.MessageText)} ({said.SqlState}).", failure);
        }

        if (Transaction() != transaction)
            throw new ReplicationException("statement_refused", "it ended the transaction; all tasks of a run stand in one, which the engine begins and ends.");
        if (Touched() is { } table)
            throw new ReplicationException("statement_refused", $"it changes {table}: tables that begin with {LedgerTables.Prefix} are the engine's own; they can be read only.");
        return affected;
    }

    public void Commit(IReadOnlyList<long> affected)
    {
        session.Execute(
            $"INSERT INTO {marks}(transformation_id, run_id, affected) VALUES ($1, $2, $3) ON CONFLICT (transformation_id) DO UPDATE SET run_id = excluded.run_id, affected = excluded.affected",
            transformation, run, string.Join(' ', affected.Select(number => number.ToString(CultureInfo.InvariantCulture))));
        session.Execute("COMMIT");
        open = false;
    }

    public void Dispose()
    {
        if (open)
            session.TryExecute("ROLLBACK");
        session.Dispose();
    }

    private static void Refuse(string statement, string first)
    {
        if (Refused.Contains(first))
            throw new ReplicationException("statement_refused", $"{first} is not taken: all tasks of a run stand in one transaction, which the engine begins and ends.");
        if (first is "CREATE" or "ALTER" or "DO" && statement.Contains(LedgerTables.Prefix, StringComparison.OrdinalIgnoreCase))
            throw new ReplicationException("statement_refused", $"it makes, renames or mentions something of the engine's own tables ({LedgerTables.Prefix}…) in what outlives the run.");
    }

    /// <summary>The first word behind blanks and comments (which nest here), in capitals.</summary>
    private static string FirstWord(string statement)
    {
        var depth = 0;
        for (var at = 0; at < statement.Length; at++)
        {
            var rest = statement.AsSpan(at);
            if (rest.StartsWith("/*"))
                (depth, at) = (depth + 1, at + 1);
            else if (depth > 0 && rest.StartsWith("*/"))
                (depth, at) = (depth - 1, at + 1);
            else if (depth == 0 && rest.StartsWith("--"))
                at = rest.IndexOfAny('\n', '\r') is >= 0 and var line ? at + line : statement.Length;
            else if (depth == 0 && !char.IsWhiteSpace(rest[0]))
                return string.Concat(rest.ToString().TakeWhile(char.IsAsciiLetter)).ToUpperInvariant();
        }

        return "";
    }

    // Not: connection and server trouble, locks, no space, cancellation.
    private static bool IsAboutTheStatement(PostgresException said) => said.SqlState is not ("42501" or "25006") && said.SqlState[..2] is not ("08" or "28" or "40" or "53" or "55" or "57" or "58");

    private string Transaction() => session.Text("SELECT pg_catalog.pg_current_xact_id()::text")!;

    private string OurTables() => session.Text("SELECT coalesce(pg_catalog.string_agg(c.oid::text || ' ' || c.relname, ',' ORDER BY c.oid), '') FROM pg_catalog.pg_class AS c WHERE c.relname LIKE '\\_syncmcp\\_%' AND c.relkind = 'r' AND c.relpersistence <> 't'")!;

    /// <summary>One of the engine's tables that this transaction wrote, made, emptied, renamed or hung something onto; null where there is none.</summary>
    private string? Touched()
    {
        var written = session.Text(
            """
            SELECT t.relname FROM pg_catalog.pg_stat_xact_user_tables AS t WHERE t.relname LIKE '\_syncmcp\_%' AND t.n_tup_ins + t.n_tup_upd + t.n_tup_del > 0
            UNION ALL SELECT c.relname FROM pg_catalog.pg_class AS c WHERE c.relname LIKE '\_syncmcp\_%' AND c.xmin::text = (pg_catalog.pg_current_xact_id()::text::numeric % 4294967296)::text
            UNION ALL SELECT c.relname FROM pg_catalog.pg_trigger AS g JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
              WHERE c.relname LIKE '\_syncmcp\_%' AND g.xmin::text = (pg_catalog.pg_current_xact_id()::text::numeric % 4294967296)::text LIMIT 1
            """);
        // What was there before is there still; another run may have made more.
        return written ?? (ours.Split(',').Except(OurTables().Split(',')).FirstOrDefault() is { Length: > 0 } gone ? gone.Split(' ')[1] : null);
    }
}
