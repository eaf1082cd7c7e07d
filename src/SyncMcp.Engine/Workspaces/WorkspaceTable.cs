using System.Globalization;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Workspaces;

/// <summary>A row of the table <c>workspace</c>.</summary>
internal sealed record WorkspaceRow(string Id, string Name, long Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>All SQL of workspaces.</summary>
internal static class WorkspaceTable
{
    /// <summary>Id of the workspace that is always there.</summary>
    public const string Default = "default";

    private const string Columns = "SELECT id, name, version, created_at, updated_at FROM workspace";

    /// <summary>All, the default one first, then by name.</summary>
    public static List<WorkspaceRow> List(StoreSession session) =>
        session.Query(Columns + " ORDER BY CASE WHEN id = 'default' THEN 0 ELSE 1 END, name", Read);

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static WorkspaceRow Get(StoreSession session, string id) =>
        session.One(Columns + " WHERE id = @id", Read, ("@id", id)) ?? throw ApiException.NotFound("workspace", id);

    /// <summary>A new one.</summary>
    public static void Insert(StoreSession session, WorkspaceRow row)
    {
        RequireFreeName(session, row);
        session.Execute(
            "INSERT INTO workspace (id, name, version, created_at, updated_at) VALUES (@id, @name, @version, @created, @updated)",
            ("@id", row.Id), ("@name", row.Name), ("@version", row.Version), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));
    }

    /// <summary>Another name.</summary>
    public static void Update(StoreSession session, WorkspaceRow row)
    {
        RequireFreeName(session, row);
        session.Execute(
            "UPDATE workspace SET name = @name, version = @version, updated_at = @updated WHERE id = @id",
            ("@id", row.Id), ("@name", row.Name), ("@version", row.Version), ("@updated", row.UpdatedAt));
    }

    /// <summary>Gone; what was inside is deleted before.</summary>
    public static void Delete(StoreSession session, string id) => session.Execute("DELETE FROM workspace WHERE id = @id", ("@id", id));

    private static void RequireFreeName(StoreSession session, WorkspaceRow row)
    {
        if (session.One("SELECT id FROM workspace WHERE name = @name AND id <> @id", found => found.GetString(0), ("@name", row.Name), ("@id", row.Id)) is not null)
            throw ApiException.Invalid(string.Create(CultureInfo.InvariantCulture, $"There is a workspace named `{ApiException.Quote(row.Name)}` already."), "name_taken");
    }

    private static WorkspaceRow Read(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.Time(3)!.Value, row.Time(4)!.Value);
}
