using SyncMcp.Client.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>What a run needs of the other areas.</summary>
/// <param name="Resolve">A stored connection with its secrets in clear; null where it is gone.</param>
/// <param name="ConnectionVersion">Counts the changes of a stored connection; null where it is gone.</param>
/// <param name="Test">Opens a connection once; null when that went well, else why it did not.</param>
/// <param name="Replicate">Moves the rows of one task.</param>
internal sealed record RunDoors(
    Func<StoreSession, string, ResolvedConnection?> Resolve,
    Func<StoreSession, string, long?> ConnectionVersion,
    Func<ResolvedConnection, CancellationToken, Task<string?>> Test,
    Func<TaskPlan, ITaskObserver, CancellationToken, Task<TaskResult>> Replicate)
{
    /// <summary>Tables and views of a connection.</summary>
    public Func<ResolvedConnection, CancellationToken, Task<IReadOnlyList<Table>>> Tables { get; init; } = static (connection, ct) =>
        ConnectorList.Find(connection.Connector) is { } connector ? connector.TablesAsync(connection, includeSystem: false, ct) : throw NotSupported.By(connection.Connector, "is no connector of this engine");

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Opens a connection for SQL.</summary>
    public Func<ResolvedConnection, TimeSpan?, CancellationToken, ISqlRunner> OpenSql { get; init; } = static (connection, timeout, ct) =>
        ConnectorList.Find(connection.Connector) is ISqlConnector connector
            ? connector.OpenSql(connection, timeout, ct)
            : throw new ReplicationException("no_sql", $"{connection.Connector} connections take no SQL; a transformation works at a database.");
}
