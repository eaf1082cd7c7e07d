namespace SyncMcp.Client.Connections;

/// <summary>Operations on connections.</summary>
public static class ConnectionEndpoints
{
    /// <summary>GET /workspaces/{workspace_id}/connections</summary>
    public static readonly Endpoint<ListConnections, Listing<Connection>> List =
        Endpoint.Get<ListConnections, Listing<Connection>>("list_connections", "/workspaces/{workspace_id}/connections", Kind.Read, Tier.Reads,
            "List the connections of a workspace: id, name, connector, state. For properties use get_connection.");

    /// <summary>GET /connections/{connection_id}</summary>
    public static readonly Endpoint<ConnectionKey, Connection> Get =
        Endpoint.Get<ConnectionKey, Connection>("get_connection", "/connections/{connection_id}", Kind.Read, Tier.Reads,
            "One connection with its properties, secrets masked.");

    /// <summary>POST /workspaces/{workspace_id}/connections</summary>
    public static readonly Endpoint<CreateConnection, Connection> Create =
        Endpoint.Post<CreateConnection, Connection>("create_connection", "/workspaces/{workspace_id}/connections", Kind.Create, Tier.Writes,
            "Create a connection; returns it. Then test_connection.");

    /// <summary>PUT /connections/{connection_id}</summary>
    public static readonly Endpoint<UpdateConnection, Connection> Update =
        Endpoint.Put<UpdateConnection, Connection>("update_connection", "/connections/{connection_id}", Kind.Update, Tier.RunsOrArms,
            "Change a connection; properties and settings are merged. A new host, file or account needs its secrets anew. Returns it.", Get);

    /// <summary>DELETE /connections/{connection_id}</summary>
    public static readonly Endpoint<ConnectionKey, Nothing> Delete =
        Endpoint.Delete<ConnectionKey>("delete_connection", "/connections/{connection_id}", Kind.Delete, Tier.DestroysWhole,
            "Delete a connection that no job uses. A person types a phrase first.", Get);

    /// <summary>POST /connections/{connection_id}/test</summary>
    public static readonly Endpoint<ConnectionKey, ConnectionTest> Test =
        Endpoint.Post<ConnectionKey, ConnectionTest>("test_connection", "/connections/{connection_id}/test", Kind.Test, Tier.Writes,
            "Open the connection and report whether it works: success, message.", Get);

    /// <summary>POST /connections/{connection_id}/reset-credentials</summary>
    public static readonly Endpoint<ConnectionKey, Connection> ResetCredentials =
        Endpoint.Post<ConnectionKey, Connection>("reset_connection_credentials", "/connections/{connection_id}/reset-credentials", Kind.Reset, Tier.DestroysWhole,
            "Forget the stored credentials of a connection; returns it. A person types a phrase first.", Get);

    /// <summary>GET /connections/{connection_id}/tables</summary>
    public static readonly Endpoint<ListTables, Listing<Table>> Tables =
        Endpoint.Get<ListTables, Listing<Table>>("list_connection_tables", "/connections/{connection_id}/tables", Kind.Read, Tier.Reads,
            "List the tables and views that a connection offers: name, type.", reachesData: true);

    /// <summary>GET /connections/{connection_id}/tables/{table_name}/columns</summary>
    public static readonly Endpoint<ListColumns, Listing<Column>> Columns =
        Endpoint.Get<ListColumns, Listing<Column>>("list_table_columns", "/connections/{connection_id}/tables/{table_name}/columns", Kind.Read, Tier.Reads,
            "List the columns of one table: name, data_type, is_primary_key.", reachesData: true);

    /// <summary>GET /connections/{connection_id}/logs</summary>
    public static readonly Endpoint<ConnectionKey, Listing<LogFile>> Logs =
        Endpoint.Get<ConnectionKey, Listing<LogFile>>("list_connection_logs", "/connections/{connection_id}/logs", Kind.Read, Tier.Reads,
            "List the log files of a connection: name, size. Read one with download_connection_log.");

    /// <summary>POST /connections/{connection_id}/logs/download</summary>
    public static readonly Endpoint<DownloadLog, LogText> DownloadLog =
        Endpoint.Post<DownloadLog, LogText>("download_connection_log", "/connections/{connection_id}/logs/download", Kind.Download, Tier.Reads,
            "Read the end of one log file of a connection as text.");

    /// <summary>GET /connections/{connection_id}/tables/{table_name}/rows: an extension, outside the vendor's 77.</summary>
    public static readonly Endpoint<CountRows, RowCount> CountRows =
        Endpoint.Get<CountRows, RowCount>("count_table_rows", "/connections/{connection_id}/tables/{table_name}/rows", Kind.Read, Tier.Reads,
            "Count the rows of one table: rows, precision; up to 100,000, beyond that an estimate; no views. Embedded engine only.", reachesData: true, extension: true);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } = [List, Get, Create, Update, Delete, Test, ResetCredentials, Tables, Columns, Logs, DownloadLog, CountRows];
}
