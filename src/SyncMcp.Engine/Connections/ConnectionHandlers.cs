using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;
using SyncMcp.Engine.Users;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Connections;

/// <summary>What the operations on stored connections do; those that open one are in <see cref="ConnectionProbes"/>.</summary>
internal sealed class ConnectionHandlers(EngineStore store, ConnectionSecrets secrets, ConnectionLogs logs, TimeProvider time)
{
    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, ConnectionSecrets secrets, ConnectionLogs logs, TimeProvider time)
    {
        var handlers = new ConnectionHandlers(store, secrets, logs, time);
        routes.Map(ConnectionEndpoints.List, handlers.ListAsync);
        routes.Map(ConnectionEndpoints.Get, handlers.GetAsync);
        routes.Map(ConnectionEndpoints.Create, handlers.CreateAsync);
        routes.Map(ConnectionEndpoints.Update, handlers.UpdateAsync);
        routes.Map(ConnectionEndpoints.Delete, handlers.DeleteAsync);
        routes.Map(ConnectionEndpoints.ResetCredentials, handlers.ResetCredentialsAsync);
        routes.Map(ConnectionEndpoints.Logs, handlers.LogsAsync);
        routes.Map(ConnectionEndpoints.DownloadLog, handlers.DownloadLogAsync);
    }

    private Task<Listing<Connection>> ListAsync(ApiCall<ListConnections> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var workspace = Owner(session, call.Request.WorkspaceId);
            var rows = ConnectionTable.Of(session, workspace.Id!);
            return new Listing<Connection>([.. rows.Select(row => For(call, row.Shown(workspace)))], rows.Count);
        },
        ct);

    private Task<Connection> GetAsync(ApiCall<ConnectionKey> call, CancellationToken ct) =>
        store.ReadAsync(session => Show(call, session, ConnectionTable.Get(session, call.Request.ConnectionId)), ct);

    private async Task<Connection> CreateAsync(ApiCall<CreateConnection> call, CancellationToken ct)
    {
        var document = new JsonObject();
        foreach (var (name, value) in call.Body)
            document[name] = value?.DeepClone();
        var connector = ConnectionProperties.Connector(call.Request.Connector);
        document["connector"] = connector;
        var properties = ConnectionProperties.Spelled(connector, document["properties"] as JsonObject ?? []);
        document["properties"] = properties;
        ConnectionProperties.RequireAll(connector, properties);
        var taken = ConnectionProperties.TakeSecrets(connector, properties, stored: new Dictionary<string, string>());

        var id = Guid.NewGuid().ToString();
        var (row, shown) = await store.WriteAsync(
            session =>
            {
                var now = time.GetUtcNow();
                var fresh = new ConnectionRow
                {
                    Id = id,
                    WorkspaceId = WorkspaceTable.Get(session, call.Request.WorkspaceId).Id,
                    Document = document,
                    Secrets = secrets.Seal(id, taken),
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                ConnectionTable.Insert(session, fresh);
                return (fresh, call.Keep(session, Show(call, session, fresh)));
            },
            ct);
        logs.Write(row, taken.Values, LogLevel.Info, $"Created by {call.Principal.Name}.");
        return shown;
    }

    private async Task<Connection> UpdateAsync(ApiCall<UpdateConnection> call, CancellationToken ct)
    {
        var (change, shown) = await store.WriteAsync(
            session =>
            {
                var row = ConnectionTable.Get(session, call.Request.ConnectionId);
                call.RequireMatch(row.Version);
                var changed = ConnectionChange.Of(row, secrets.OpenWhatCanBe(row), call.Body);
                // The same again is no change: a client that repeats a PUT keeps its ETag.
                if (changed.Members.Count > 0)
                    ConnectionTable.Update(session, row = changed.Apply(row, secrets.Seal(row.Id, changed.Secrets), time.GetUtcNow()));
                return (changed with { Row = row }, Show(call, session, row));
            },
            ct);
        if (change.Members.Count > 0)
            logs.Write(change.Row, change.Secrets.Values, LogLevel.Info, $"Changed by {call.Principal.Name}: {string.Join(", ", change.Members)}.");
        return shown;
    }

    private async Task<Nothing> DeleteAsync(ApiCall<ConnectionKey> call, CancellationToken ct)
    {
        var id = await store.WriteAsync(
            session =>
            {
                var row = ConnectionTable.Get(session, call.Request.ConnectionId);
                call.RequireMatch(row.Version);
                InUse.Refuse(
                    $"Connection {ApiException.Quote(row.Name)}", "Delete them or give them another connection first.",
                    ("job", JobTable.UsersOf(session, row.Id)), ("transformation", TransformationTable.UsersOf(session, row.Id)));
                ConnectionTable.Delete(session, row.Id);
                return row.Id;
            },
            ct);
        logs.Forget(id);
        return new();
    }

    private async Task<Connection> ResetCredentialsAsync(ApiCall<ConnectionKey> call, CancellationToken ct)
    {
        var (row, shown) = await store.WriteAsync(
            session =>
            {
                var found = ConnectionTable.Get(session, call.Request.ConnectionId);
                call.RequireMatch(found.Version);
                if (found.Secrets is not null)
                    ConnectionTable.Update(session, found = ConnectionChange.WithoutSecrets(found, time.GetUtcNow()));
                return (found, call.Keep(session, Show(call, session, found)));
            },
            ct);
        logs.Write(row, [], LogLevel.Info, $"Credentials forgotten by {call.Principal.Name}.");
        return shown;
    }

    private async Task<Listing<LogFile>> LogsAsync(ApiCall<ConnectionKey> call, CancellationToken ct)
    {
        var row = await store.ReadAsync(session => ConnectionTable.Get(session, call.Request.ConnectionId), ct);
        var files = logs.List(row.Id);
        return new(files, files.Count);
    }

    private async Task<LogText> DownloadLogAsync(ApiCall<DownloadLog> call, CancellationToken ct)
    {
        var row = await store.ReadAsync(session => ConnectionTable.Get(session, call.Request.ConnectionId), ct);
        return new() { Text = await logs.ReadAsync(row.Id, call.Request.Name, ct) };
    }

    private static Connection Show(ApiCall call, StoreSession session, ConnectionRow row)
    {
        call.Tag(row.Version);
        return For(call, row.Shown(Owner(session, row.WorkspaceId)));
    }

    // A Job Creator sees which connections there are, not how they are set.
    private static Connection For(ApiCall call, Connection shown) =>
        Permits.SeesSettings(call.Principal) ? shown : shown with { Properties = null, Settings = null, ConnectionString = null };

    private static Reference Owner(StoreSession session, string workspaceId)
    {
        var workspace = WorkspaceTable.Get(session, workspaceId);
        return new() { Id = workspace.Id, Name = workspace.Name };
    }
}
