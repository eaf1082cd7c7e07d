using SyncMcp.Client.Connections;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// One kind of source and destination. A connector knows nothing of jobs and runs: it describes itself here,
/// and offers rows in <see cref="Batch"/>es through the source and destination that it opens.
/// </summary>
public interface IConnector
{
    /// <summary>The vendor's name, for example <c>SQLite</c>.</summary>
    string Name { get; }

    /// <summary>Tables lie in schemas, and a job may name one (<see cref="TargetPlan.Schema"/>).</summary>
    bool HasSchemas => false;

    /// <summary>Its tables are files: a job of type LoadFolder can read them.</summary>
    bool ReadsFiles => false;

    /// <summary>Opens the connection once. Expected trouble is an answer, not an exception.</summary>
    Task<ConnectionTest> TestAsync(ResolvedConnection connection, CancellationToken ct);

    /// <summary>Tables and views by name; <c>made_by_job</c> where a job of this engine made the table.</summary>
    /// <exception cref="ReplicationException">The connection cannot be read.</exception>
    Task<IReadOnlyList<Table>> TablesAsync(ResolvedConnection connection, bool includeSystem, CancellationToken ct);

    /// <summary>Columns of one table or view, in their order.</summary>
    /// <exception cref="ReplicationException">The connection cannot be read, or has no such table.</exception>
    Task<IReadOnlyList<Column>> ColumnsAsync(ResolvedConnection connection, string table, CancellationToken ct);

    /// <summary>Rows of one table: counted up to <see cref="RowCount.Most"/> and for a second at most, beyond that estimated. A view's are not: what stands behind it may take any time.</summary>
    /// <exception cref="ReplicationException">The connection cannot be read, or has no such table.</exception>
    Task<RowCount> CountAsync(ResolvedConnection connection, string table, CancellationToken ct);

    /// <summary>Opens the connection for reading rows.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="commandTimeout">How long one command may take; null for as long as it needs.</param>
    /// <param name="ct">Ends waiting and long commands.</param>
    /// <exception cref="ReplicationException">The connection cannot be opened.</exception>
    ISource OpenSource(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct);

    /// <summary>Opens the connection for writing rows.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="commandTimeout">How long one command may take; null for as long as it needs.</param>
    /// <param name="ct">Ends waiting and long commands.</param>
    /// <exception cref="ReplicationException">The connection cannot be opened.</exception>
    IDestination OpenDestination(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct);
}
