using System.Text.Json;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Transformations;

/// <summary>All SQL on transformations.</summary>
internal static class TransformationTable
{
    private const string Columns = "id, workspace_id, document, tasks, version, created_at, updated_at";

    public static TransformationRow? Find(StoreSession session, string id) =>
        session.One($"SELECT {Columns} FROM transformation WHERE id = @id", Read, ("@id", id));

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static TransformationRow Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound("transformation", id);

    public static IReadOnlyList<TransformationRow> Of(StoreSession session, string workspaceId) =>
        session.Query($"SELECT {Columns} FROM transformation WHERE workspace_id = @workspace ORDER BY name", Read, ("@workspace", workspaceId));

    public static IReadOnlyList<TransformationRow> All(StoreSession session) => session.Query($"SELECT {Columns} FROM transformation ORDER BY id", Read);

    /// <summary>Those whose trigger names a job, whatever the trigger's type is at present.</summary>
    public static IReadOnlyList<TransformationRow> AfterJob(StoreSession session, string jobId) =>
        session.Query($"SELECT {Columns} FROM transformation WHERE after_job_id = @job ORDER BY name, id", Read, ("@job", jobId));

    /// <summary>Ids and names of the transformations of a workspace.</summary>
    public static IReadOnlyList<Reference> ReferencesOf(StoreSession session, string workspaceId) =>
        session.Query("SELECT id, name FROM transformation WHERE workspace_id = @workspace ORDER BY name", Reference, ("@workspace", workspaceId));

    /// <summary>Ids and names of the transformations that use a connection.</summary>
    public static IReadOnlyList<Reference> UsersOf(StoreSession session, string connectionId) =>
        session.Query("SELECT id, name FROM transformation WHERE destination_id = @id ORDER BY name", Reference, ("@id", connectionId));

    /// <summary>True where another transformation of the workspace has the name.</summary>
    public static bool IsNameTaken(StoreSession session, TransformationRow row) =>
        session.One("SELECT id FROM transformation WHERE workspace_id = @workspace AND name = @name AND id <> @id", found => found.GetString(0),
            ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@id", row.Id)) is not null;

    public static void Insert(StoreSession session, TransformationRow row) => session.Execute(
        """
        INSERT INTO transformation (id, workspace_id, name, destination_id, after_job_id, document, tasks, version, created_at, updated_at)
        VALUES (@id, @workspace, @name, @destination, @after, @document, @tasks, @version, @created, @updated)
        """,
        ("@id", row.Id), ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@destination", row.DestinationId), ("@after", row.AfterJobId),
        ("@document", Json(row.Definition)), ("@tasks", Json(row.Tasks)), ("@version", row.Version), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));

    public static void Update(StoreSession session, TransformationRow row) => session.Execute(
        """
        UPDATE transformation SET name = @name, destination_id = @destination, after_job_id = @after, document = @document, tasks = @tasks,
          version = @version, updated_at = @updated WHERE id = @id
        """,
        ("@id", row.Id), ("@name", row.Name), ("@destination", row.DestinationId), ("@after", row.AfterJobId),
        ("@document", Json(row.Definition)), ("@tasks", Json(row.Tasks)), ("@version", row.Version), ("@updated", row.UpdatedAt));

    /// <summary>Names of the transformations of a workspace that have an unfinished run.</summary>
    public static IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => session.Query(
        "SELECT name FROM transformation t WHERE workspace_id = @workspace AND EXISTS (SELECT 1 FROM run WHERE run.kind = 'transformation' AND run.owner_id = t.id AND run.finished_at IS NULL) ORDER BY name",
        row => row.GetString(0), ("@workspace", workspaceId));

    /// <summary>Deletes a transformation; its runs and logs go with it.</summary>
    public static void Delete(StoreSession session, string id)
    {
        RunTable.DeleteOf(session, RunOwner.Transformation(id));
        session.Execute("DELETE FROM transformation WHERE id = @id", ("@id", id));
    }

    /// <summary>Deletes all transformations of a workspace; their runs and logs go with them.</summary>
    public static void DeleteOf(StoreSession session, string workspaceId)
    {
        session.Execute("DELETE FROM run WHERE kind = 'transformation' AND owner_id IN (SELECT id FROM transformation WHERE workspace_id = @workspace)", ("@workspace", workspaceId));
        session.Execute("DELETE FROM transformation WHERE workspace_id = @workspace", ("@workspace", workspaceId));
    }

    private static Reference Reference(SqliteDataReader row) => new() { Id = row.GetString(0), Name = row.GetString(1) };

    private static TransformationRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        WorkspaceId = row.GetString(1),
        Definition = JsonSerializer.Deserialize(row.GetString(2), SyncJson.Info<Transformation>())!,
        Tasks = JsonSerializer.Deserialize(row.GetString(3), SyncJson.Info<Listing<TransformationTask>>())!.Value,
        Version = row.GetInt64(4),
        CreatedAt = row.Time(5)!.Value,
        UpdatedAt = row.Time(6)!.Value,
    };

    private static string Json(Transformation definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Transformation>());

    private static string Json(IReadOnlyList<TransformationTask> tasks) => JsonSerializer.Serialize(new(tasks), SyncJson.Info<Listing<TransformationTask>>());
}
