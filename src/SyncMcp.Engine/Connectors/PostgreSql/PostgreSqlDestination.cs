namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>A server that rows go to.</summary>
internal sealed class PostgreSqlDestination(Session session) : IDestination
{
    private PostgreSqlTarget? target;

    public ITarget Open(ISourceTable source, TargetPlan plan) => target = PostgreSqlTarget.Open(session, source, plan);

    public void Dispose()
    {
        target?.Dispose();
        session.Dispose();
    }
}
