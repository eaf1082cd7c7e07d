namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>An SQLite file that rows go to.</summary>
internal sealed class SqliteDestination(Database database, bool isNew) : IDestination
{
    private SqliteTarget? target;

    public ITarget Open(ISourceTable source, TargetPlan plan) => target = SqliteTarget.Open(database, source, plan);

    public void Dispose()
    {
        target?.Dispose();
        // A file of ours is to be read while a run writes into it. Not before the first load: nobody reads it then, and WAL would write every row twice.
        if (isNew)
        {
            database.WaitNoMore();
            database.TryExecute("PRAGMA main.journal_mode = WAL");
        }

        database.Dispose();
    }
}
