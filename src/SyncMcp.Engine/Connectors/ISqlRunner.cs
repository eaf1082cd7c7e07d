namespace SyncMcp.Engine.Connectors;

/// <summary>A connector whose destinations take SQL: transformations run there. Stands beside <see cref="IConnector"/>, on the same class.</summary>
public interface ISqlConnector
{
    /// <summary>Opens the connection for the statements of one run.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="commandTimeout">How long one statement may take; null for as long as it needs.</param>
    /// <param name="ct">Ends waiting and long statements.</param>
    /// <exception cref="ReplicationException">The connection cannot be opened.</exception>
    ISqlRunner OpenSql(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct);
}

/// <summary>
/// The statements of one run at their destination, in one transaction. With them the run leaves a mark (<c>_syncmcp_transformation</c>): a run
/// whose commit a crash hid from the engine is not worked a second time, nor by two engines at once. Disposing before <see cref="Commit"/> undoes everything.
/// </summary>
public interface ISqlRunner : IDisposable
{
    /// <summary>Begins, alone for this transformation until the end.</summary>
    /// <returns>Null; or, where this very run was committed before, the affected rows of its statements: there is nothing to do then.</returns>
    IReadOnlyList<long>? Begin(string transformationId, string runId);

    /// <summary>Runs one statement; rows that it inserted, changed or deleted.</summary>
    /// <exception cref="ReplicationException">
    /// <c>several_statements</c>, <c>statement_refused</c> (reaches out of the destination, ends the transaction, or touches the engine's own tables),
    /// <c>statement_failed</c> with the database's own words, and the codes of a connection that fails.
    /// </exception>
    long Execute(string statement);

    /// <summary>Makes all of it last, with the mark.</summary>
    /// <param name="affected">Affected rows of the statements, in their order.</param>
    void Commit(IReadOnlyList<long> affected);
}
