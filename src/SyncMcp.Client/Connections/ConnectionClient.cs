namespace SyncMcp.Client.Connections;

/// <summary>Typed doors to <see cref="ConnectionEndpoints"/>.</summary>
public sealed class ConnectionClient(SyncClient sync)
{
    /// <summary>Lists the connections of a workspace.</summary>
    public Task<Listing<Connection>> ListAsync(ListConnections request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.List, request, ct: ct);

    /// <summary>Reads one connection, secrets masked.</summary>
    public Task<Connection> GetAsync(ConnectionKey request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Get, request, ct: ct);

    /// <summary>Creates a connection.</summary>
    public Task<Connection> CreateAsync(CreateConnection request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Create, request, options, ct);

    /// <summary>Changes a connection; properties and settings are merged.</summary>
    public Task<Connection> UpdateAsync(UpdateConnection request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Update, request, options, ct);

    /// <summary>Deletes a connection that nothing uses.</summary>
    public Task DeleteAsync(ConnectionKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Delete, request, options, ct);

    /// <summary>Opens the connection and reports whether it works.</summary>
    public Task<ConnectionTest> TestAsync(ConnectionKey request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Test, request, ct: ct);

    /// <summary>Forgets stored credentials.</summary>
    public Task<Connection> ResetCredentialsAsync(ConnectionKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.ResetCredentials, request, options, ct);

    /// <summary>Lists the tables and views that a connection offers.</summary>
    public Task<Listing<Table>> TablesAsync(ListTables request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Tables, request, ct: ct);

    /// <summary>Lists the columns of one table.</summary>
    public Task<Listing<Column>> ColumnsAsync(ListColumns request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Columns, request, ct: ct);

    /// <summary>Counts the rows of one table, within bounds; embedded engine only.</summary>
    public Task<RowCount> CountRowsAsync(CountRows request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.CountRows, request, ct: ct);

    /// <summary>Lists the log files of a connection.</summary>
    public Task<Listing<LogFile>> LogsAsync(ConnectionKey request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.Logs, request, ct: ct);

    /// <summary>Reads one log file.</summary>
    public Task<LogText> DownloadLogAsync(DownloadLog request, CancellationToken ct = default) => sync.SendAsync(ConnectionEndpoints.DownloadLog, request, ct: ct);
}
