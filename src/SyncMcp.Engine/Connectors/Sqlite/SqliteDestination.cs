namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>An SQLite file that rows go to.</summary>
internal sealed class SqliteDestination(Database database) : IDestination
{
    private SqliteTarget? target;

    public ITarget Open(ISourceTable source, TargetPlan plan) => target = SqliteTarget.Open(database, source, plan);

    public void Dispose()
    {
        target?.Dispose();
        database.Dispose();
    }
}
