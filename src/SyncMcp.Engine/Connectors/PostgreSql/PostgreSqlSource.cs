using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>A server that rows come from, by a session that cannot write.</summary>
internal sealed class PostgreSqlSource(Session session) : ISource
{
    private PostgreSqlSourceTable? rows;

    public ISourceTable Open(ReplicateStatement statement, SourceWish wish)
    {
        var schema = session.Address.Schema;
        var table = Catalog.Describe(session, schema, statement.SourceTable) ?? throw Catalog.NoTable(session, schema, statement.SourceTable);
        var choice = new SourceChoice(session, table, statement);
        return rows = new(session, choice, choice.CheckColumn(wish.CheckColumn), wish);
    }

    public void Dispose()
    {
        rows?.Dispose();
        session.Dispose();
    }
}
