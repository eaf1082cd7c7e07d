using System.Text.Json;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Json;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>All SQL on pipelines.</summary>
internal static class PipelineTable
{
    private const string Columns = "id, workspace_id, document, steps, version, created_at, updated_at";

    public static PipelineRow? Find(StoreSession session, string id) => session.One($"SELECT {Columns} FROM pipeline WHERE id = @id", Read, ("@id", id));

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static PipelineRow Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound("pipeline", id);

    public static IReadOnlyList<PipelineRow> Of(StoreSession session, string workspaceId) =>
        session.Query($"SELECT {Columns} FROM pipeline WHERE workspace_id = @workspace ORDER BY name", Read, ("@workspace", workspaceId));

    public static IReadOnlyList<PipelineRow> All(StoreSession session) => session.Query($"SELECT {Columns} FROM pipeline ORDER BY id", Read);

    /// <summary>Ids and names of the pipelines of a workspace.</summary>
    public static IReadOnlyList<Reference> ReferencesOf(StoreSession session, string workspaceId) =>
        session.Query("SELECT id, name FROM pipeline WHERE workspace_id = @workspace ORDER BY name",
            row => new Reference { Id = row.GetString(0), Name = row.GetString(1) }, ("@workspace", workspaceId));

    /// <summary>The pipelines that have a step for a job or transformation; they lie in its workspace.</summary>
    public static IReadOnlyList<Reference> UsersOf(StoreSession session, string workspaceId, string entityId) =>
    [
        .. Of(session, workspaceId).Where(pipeline => pipeline.Steps.Any(step => step.Entity?.Id == entityId))
            .Select(pipeline => new Reference { Id = pipeline.Id, Name = pipeline.Name }),
    ];

    /// <summary>True where another pipeline of the workspace has the name.</summary>
    public static bool IsNameTaken(StoreSession session, PipelineRow row) =>
        session.One("SELECT id FROM pipeline WHERE workspace_id = @workspace AND name = @name AND id <> @id", found => found.GetString(0),
            ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@id", row.Id)) is not null;

    /// <summary>Names of the pipelines of a workspace that have an unfinished run.</summary>
    public static IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => session.Query(
        "SELECT name FROM pipeline WHERE workspace_id = @workspace AND EXISTS (SELECT 1 FROM run WHERE run.kind = 'pipeline' AND run.owner_id = pipeline.id AND run.finished_at IS NULL) ORDER BY name",
        row => row.GetString(0), ("@workspace", workspaceId));

    public static void Insert(StoreSession session, PipelineRow row) => session.Execute(
        """
        INSERT INTO pipeline (id, workspace_id, name, document, steps, version, created_at, updated_at)
        VALUES (@id, @workspace, @name, @document, @steps, @version, @created, @updated)
        """,
        ("@id", row.Id), ("@workspace", row.WorkspaceId), ("@name", row.Name), ("@document", Json(row.Definition)), ("@steps", Json(row.Steps)),
        ("@version", row.Version), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));

    public static void Update(StoreSession session, PipelineRow row) => session.Execute(
        "UPDATE pipeline SET name = @name, document = @document, steps = @steps, version = @version, updated_at = @updated WHERE id = @id",
        ("@id", row.Id), ("@name", row.Name), ("@document", Json(row.Definition)), ("@steps", Json(row.Steps)), ("@version", row.Version), ("@updated", row.UpdatedAt));

    /// <summary>Deletes a pipeline; its events, runs and logs go with it.</summary>
    public static void Delete(StoreSession session, string id)
    {
        RunTable.DeleteOf(session, RunOwner.Pipeline(id));
        session.Execute("DELETE FROM pipeline WHERE id = @id", ("@id", id));
    }

    /// <summary>Deletes all pipelines of a workspace.</summary>
    public static void DeleteOf(StoreSession session, string workspaceId)
    {
        session.Execute("DELETE FROM run WHERE kind = 'pipeline' AND owner_id IN (SELECT id FROM pipeline WHERE workspace_id = @workspace)", ("@workspace", workspaceId));
        session.Execute("DELETE FROM pipeline WHERE workspace_id = @workspace", ("@workspace", workspaceId));
    }

    private static PipelineRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        WorkspaceId = row.GetString(1),
        Definition = JsonSerializer.Deserialize(row.GetString(2), SyncJson.Info<Pipeline>())!,
        Steps = JsonSerializer.Deserialize(row.GetString(3), SyncJson.Info<Listing<PipelineStep>>())!.Value,
        Version = row.GetInt64(4),
        CreatedAt = row.Time(5)!.Value,
        UpdatedAt = row.Time(6)!.Value,
    };

    private static string Json(Pipeline definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Pipeline>());

    private static string Json(IReadOnlyList<PipelineStep> steps) => JsonSerializer.Serialize(new(steps), SyncJson.Info<Listing<PipelineStep>>());
}
