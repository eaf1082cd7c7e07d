using System.Globalization;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A transformation's statements at an SQLite file.</summary>
internal sealed class SqlRunner(Database database) : ISqlRunner
{
    private const string Table = LedgerTables.Transformation;

    // Triggers and views outlive the run, and a new name is not asked for: what tells of our tables must be the same after a statement as before.
    private const string OurNames = """
        SELECT group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10) ORDER BY name) FROM
          (SELECT * FROM main.sqlite_schema UNION ALL SELECT * FROM temp.sqlite_schema) WHERE name || tbl_name || coalesce(sql, '') LIKE '%\_syncmcp\_%' ESCAPE '\'
        """;

    private readonly SqlRules rules = new();
    private string transformation = "";
    private string run = "";
    private string ours = "";

    public IReadOnlyList<long>? Begin(string transformationId, string runId)
    {
        (transformation, run) = (transformationId, runId);
        database.Execute("BEGIN IMMEDIATE");
        database.Execute($"CREATE TABLE IF NOT EXISTS main.{Table}(transformation_id TEXT NOT NULL PRIMARY KEY, run_id TEXT NOT NULL, affected TEXT NOT NULL) WITHOUT ROWID");
        if (database.First($"SELECT affected FROM main.{Table} WHERE transformation_id = ?1 AND run_id = ?2", Cell.Of(transformationId), Cell.Of(runId)) is [var affected])
        {
            database.Execute("ROLLBACK");
            return [.. affected.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        }

        ours = Ours();
        return null;
    }

    public long Execute(string statement)
    {
        rules.Forget();
        rules.Apply(database);
        var before = database.TotalChanges;
        try
        {
            database.RestartClock();
            using var prepared = database.PrepareAlone(statement);
            while (prepared.Step())
            {
            }
        }
        catch (ReplicationException) when (rules.Refusal is { } refusal)
        {
            throw new ReplicationException("statement_refused", refusal + ".");
        }
        catch (ReplicationException failure) when (failure.Code is "destination_error" or "row_refused" or "value_refused" or "not_copied")
        {
            throw new ReplicationException("statement_failed", database.Words + ".", failure);
        }
        finally
        {
            database.Release();
        }

        if (!database.InTransaction)
            throw new ReplicationException("statement_failed", "it ended the transaction (a trigger or ON CONFLICT ROLLBACK does that); all tasks of the run are undone.");
        if (Ours() != ours)
            throw new ReplicationException("statement_refused", $"it makes, renames or mentions something of the engine's own tables ({LedgerTables.Prefix}…) in what outlives the run.");
        if (rules.Created is { } table)
            return database.First($"SELECT count(*) FROM {SqlDialect.Sqlite.Name(table)}")![0].Integer;
        // What made no change leaves the number of the statement before standing.
        return database.TotalChanges == before ? 0 : database.Changes;
    }

    public void Commit(IReadOnlyList<long> affected)
    {
        database.First(
            $"INSERT INTO main.{Table}(transformation_id, run_id, affected) VALUES (?1, ?2, ?3) ON CONFLICT(transformation_id) DO UPDATE SET run_id = excluded.run_id, affected = excluded.affected",
            Cell.Of(transformation), Cell.Of(run), Cell.Of(string.Join(' ', affected.Select(number => number.ToString(CultureInfo.InvariantCulture)))));
        database.Execute("COMMIT");
    }

    public void Dispose()
    {
        if (database.InTransaction)
            database.TryExecute("ROLLBACK");
        database.Dispose();
        rules.Dispose();
    }

    private string Ours() => database.First(OurNames)![0].ToString();
}
