using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>An SQLite file that rows come from, open for reading only.</summary>
internal sealed class SqliteSource(Database database) : ISource
{
    public ISourceTable Open(ReplicateStatement statement, SourceWish wish)
    {
        var table = Catalog.Describe(database, statement.SourceTable) ?? throw SqliteConnector.NoTable(database, statement.SourceTable);
        var choice = new SourceChoice(database, table, statement);
        var check = choice.CheckColumn(wish.CheckColumn);
        var rows = new SqliteSourceTable(database, new(choice, check, wish), choice, wish, check);
        // Old views may hold texts in such quotes.
        if (!table.IsView)
            database.NamesAreNames();
        database.Confine();
        return rows;
    }

    public void Dispose() => database.Dispose();
}
