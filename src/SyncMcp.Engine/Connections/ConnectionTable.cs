using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Connections;

/// <summary>All SQL on connections.</summary>
internal static class ConnectionTable
{
    private const string Columns = "SELECT id, workspace_id, document, secrets, state, last_tested_at, version, created_at, updated_at FROM connection";

    public static ConnectionRow? Find(StoreSession session, string id) => session.One(Columns + " WHERE id = @id", Read, ("@id", id));

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static ConnectionRow Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound("connection", id);

    /// <summary>All of a workspace, by name.</summary>
    public static IReadOnlyList<ConnectionRow> Of(StoreSession session, string workspaceId) =>
        session.Query(Columns + " WHERE workspace_id = @workspace ORDER BY name", Read, ("@workspace", workspaceId));

    /// <summary>Ids and names of the connections of a workspace.</summary>
    public static IReadOnlyList<Reference> ReferencesOf(StoreSession session, string workspaceId) => session.Query(
        "SELECT id, name FROM connection WHERE workspace_id = @workspace ORDER BY name",
        row => new Reference { Id = row.GetString(0), Name = row.GetString(1) },
        ("@workspace", workspaceId));

    public static void Insert(StoreSession session, ConnectionRow row)
    {
        RequireFreeName(session, row);
        session.Execute(
            """
            INSERT INTO connection (id, workspace_id, name, document, secrets, version, created_at, updated_at)
            VALUES (@id, @workspace, @name, @document, @secrets, @version, @created, @updated)
            """,
            ("@id", row.Id), ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@document", Json(row.Document)), ("@secrets", row.Secrets),
            ("@version", row.Version), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));
    }

    public static void Update(StoreSession session, ConnectionRow row)
    {
        RequireFreeName(session, row);
        session.Execute(
            """
            UPDATE connection SET name = @name, document = @document, secrets = @secrets, state = @state, last_tested_at = @tested,
              version = @version, updated_at = @updated WHERE id = @id
            """,
            ("@id", row.Id), ("@name", row.Name), ("@document", Json(row.Document)), ("@secrets", row.Secrets), ("@state", row.State),
            ("@tested", row.LastTestedAt), ("@version", row.Version), ("@updated", row.UpdatedAt));
    }

    /// <summary>Remembers what a test found, unless the connection changed while it was tested.</summary>
    public static void SaveTest(StoreSession session, ConnectionRow tested, string state, DateTimeOffset at) => session.Execute(
        "UPDATE connection SET state = @state, last_tested_at = @at WHERE id = @id AND version = @version",
        ("@state", state), ("@at", at), ("@id", tested.Id), ("@version", tested.Version));

    public static void Delete(StoreSession session, string id) => session.Execute("DELETE FROM connection WHERE id = @id", ("@id", id));

    public static void DeleteOf(StoreSession session, string workspaceId) =>
        session.Execute("DELETE FROM connection WHERE workspace_id = @workspace", ("@workspace", workspaceId));

    private static void RequireFreeName(StoreSession session, ConnectionRow row)
    {
        const string sql = "SELECT id FROM connection WHERE workspace_id = @workspace AND name = @name AND id <> @id";
        if (session.One(sql, found => found.GetString(0), ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@id", row.Id)) is { } other)
            throw ApiException.Invalid($"The workspace has a connection named `{ApiException.Quote(row.Name)}` already (id {other}). Choose another name.", "name_taken");
    }

    private static string Json(JsonObject document) => document.ToJsonString(SyncJson.Options);

    private static ConnectionRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        WorkspaceId = row.GetString(1),
        Document = JsonNode.Parse(row.GetString(2))!.AsObject(),
        Secrets = row.Text(3),
        State = row.Text(4),
        LastTestedAt = row.Time(5),
        Version = row.GetInt64(6),
        CreatedAt = row.Time(7)!.Value,
        UpdatedAt = row.Time(8)!.Value,
    };
}
