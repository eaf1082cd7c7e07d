using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Connections;

/// <summary>What the operations do that open a connection: test, tables, columns. None holds a transaction of the store meanwhile.</summary>
internal sealed class ConnectionProbes(EngineStore store, ConnectionSecrets secrets, ConnectionDoors doors, ConnectionLogs logs, TimeProvider time)
{
    // Below the 40 s that a client waits for such a call, so that it hears why.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, ConnectionSecrets secrets, ConnectionDoors doors, ConnectionLogs logs, TimeProvider time)
    {
        var probes = new ConnectionProbes(store, secrets, doors, logs, time);
        routes.Map(ConnectionEndpoints.Test, probes.TestAsync);
        routes.Map(ConnectionEndpoints.Tables, probes.TablesAsync);
        routes.Map(ConnectionEndpoints.Columns, probes.ColumnsAsync);
        routes.Map(ConnectionEndpoints.CountRows, probes.CountRowsAsync);
    }

    private async Task<ConnectionTest> TestAsync(ApiCall<ConnectionKey> call, CancellationToken ct)
    {
        var row = await RowAsync(call.Request.ConnectionId, ct);
        call.RequireMatch(row.Version);
        ConnectionTest found;
        try
        {
            found = await ReachAsync(row, "Test", (connector, connection, token) => connector.TestAsync(connection, token), ct);
            logs.Write(row, SecretsOf(row), found.Success ? LogLevel.Info : LogLevel.Error, $"Test by {call.Principal.Name}: {(found.Success ? "successful" : "failed")}. {found.Message}");
        }
        catch (ApiException trouble)
        {
            found = new() { Message = trouble.Message };
        }

        var at = time.GetUtcNow();
        await store.WriteAsync(session => ConnectionTable.SaveTest(session, row, found.Success ? "Successful" : "Failed", at), CancellationToken.None);
        return found with { TestedAt = at };
    }

    private async Task<Listing<Table>> TablesAsync(ApiCall<ListTables> call, CancellationToken ct)
    {
        var row = await RowAsync(call.Request.ConnectionId, ct);
        var all = await ReachAsync(row, "Tables", (connector, connection, token) => TablesAsync(connector, connection, call.Request, token), ct);
        var type = call.Request.Kind switch { "TABLES" => "TABLE", "VIEWS" => "VIEW", _ => null };
        IReadOnlyList<Table> wanted = type is null ? all : [.. all.Where(table => table.Type == type)];
        logs.Write(row, SecretsOf(row), LogLevel.Transfer, $"Tables: {all.Count} listed.");
        return wanted.Page(call.Request);
    }

    // A schema is a filter: one that is not there holds no tables, and kinds of connections without schemas have nothing to filter by.
    private static async Task<IReadOnlyList<Table>> TablesAsync(IConnector connector, ResolvedConnection connection, ListTables request, CancellationToken ct)
    {
        try
        {
            return await connector.TablesAsync(InSchema(connector, connection, request.Schema), request.IncludeSystem is true, ct);
        }
        catch (ReplicationException e) when (e.Code == "schema_missing" && !string.IsNullOrEmpty(request.Schema))
        {
            return [];
        }
    }

    private async Task<Listing<Column>> ColumnsAsync(ApiCall<ListColumns> call, CancellationToken ct)
    {
        var row = await RowAsync(call.Request.ConnectionId, ct);
        var columns = await ReachAsync(row, "Columns", (connector, connection, token) => connector.ColumnsAsync(connection, call.Request.TableName, token), ct);
        logs.Write(row, SecretsOf(row), LogLevel.Transfer, $"Columns of {call.Request.TableName}: {columns.Count} listed.");
        return new(columns, columns.Count);
    }

    private async Task<RowCount> CountRowsAsync(ApiCall<CountRows> call, CancellationToken ct)
    {
        var row = await RowAsync(call.Request.ConnectionId, ct);
        return await ReachAsync(row, "Rows", (connector, connection, token) => connector.CountAsync(InSchema(connector, connection, call.Request.Schema), call.Request.TableName, token), ct);
    }

    private static ResolvedConnection InSchema(IConnector connector, ResolvedConnection connection, string? schema) => string.IsNullOrEmpty(schema) || !connector.HasSchemas
        ? connection
        : connection with { Properties = new Dictionary<string, string>(connection.Properties, StringComparer.OrdinalIgnoreCase) { ["Schema"] = schema } };

    private Task<ConnectionRow> RowAsync(string id, CancellationToken ct) => store.ReadAsync(session => ConnectionTable.Get(session, id), ct);

    private async Task<T> ReachAsync<T>(ConnectionRow row, string what, Func<IConnector, ResolvedConnection, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            var connector = ConnectorList.Find(row.Connector) ?? throw new ReplicationException("connector_missing", ConnectionDoors.Missing(row.Connector));
            return await work(connector, doors.Resolve(row, secrets.Open(row)), either.Token);
        }
        catch (ReplicationException e)
        {
            logs.Write(row, SecretsOf(row), LogLevel.Error, $"{what}: {e.Code}: {e.Message}");
            throw new ApiException(400, e.Code, e.Message, e);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            logs.Write(row, SecretsOf(row), LogLevel.Error, $"{what}: no answer within {Patience.TotalSeconds:0} s.");
            throw new ApiException(400, "connection_timeout", $"Connection {row.Name} did not answer within {Patience.TotalSeconds:0} s.", e);
        }
    }

    private IEnumerable<string> SecretsOf(ConnectionRow row) => secrets.OpenWhatCanBe(row).Values;
}
