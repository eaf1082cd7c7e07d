using System.Text.Json;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>All SQL on jobs.</summary>
internal static class JobTable
{
    private const string Columns = "id, workspace_id, document, tasks, adopted, version, created_at, updated_at";

    public static JobRow? Find(StoreSession session, string id) =>
        session.One($"SELECT {Columns} FROM job WHERE id = @id", Read, ("@id", id));

    /// <summary>One.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static JobRow Get(StoreSession session, string id) => Find(session, id) ?? throw ApiException.NotFound("job", id);

    public static IReadOnlyList<JobRow> Of(StoreSession session, string workspaceId) =>
        session.Query($"SELECT {Columns} FROM job WHERE workspace_id = @workspace ORDER BY name", Read, ("@workspace", workspaceId));

    public static IReadOnlyList<JobRow> All(StoreSession session) => session.Query($"SELECT {Columns} FROM job ORDER BY id", Read);

    /// <summary>Ids and names of the jobs of a workspace.</summary>
    public static IReadOnlyList<Reference> ReferencesOf(StoreSession session, string workspaceId) =>
        session.Query("SELECT id, name FROM job WHERE workspace_id = @workspace ORDER BY name", Reference, ("@workspace", workspaceId));

    /// <summary>Ids and names of the jobs that use a connection.</summary>
    public static IReadOnlyList<Reference> UsersOf(StoreSession session, string connectionId) =>
        session.Query("SELECT id, name FROM job WHERE source_id = @id OR destination_id = @id ORDER BY name", Reference, ("@id", connectionId));

    /// <summary>True where another job of the workspace has the name.</summary>
    public static bool IsNameTaken(StoreSession session, JobRow job) =>
        session.One("SELECT id FROM job WHERE workspace_id = @workspace AND name = @name AND id <> @id", row => row.GetString(0),
            ("@workspace", job.WorkspaceId), ("@name", job.Name), ("@id", job.Id)) is not null;

    public static void Insert(StoreSession session, JobRow job) => session.Execute(
        """
        INSERT INTO job (id, workspace_id, name, source_id, destination_id, document, tasks, adopted, version, created_at, updated_at)
        VALUES (@id, @workspace, @name, @source, @destination, @document, @tasks, @adopted, @version, @created, @updated)
        """,
        ("@id", job.Id), ("@workspace", job.WorkspaceId), ("@name", job.Name), ("@source", job.SourceId), ("@destination", job.DestinationId),
        ("@document", Json(job.Definition)), ("@tasks", Json(job.Tasks)), ("@adopted", Json(job.Adopted)), ("@version", job.Version),
        ("@created", job.CreatedAt), ("@updated", job.UpdatedAt));

    public static void Update(StoreSession session, JobRow job) => session.Execute(
        """
        UPDATE job SET name = @name, source_id = @source, destination_id = @destination, document = @document, tasks = @tasks, adopted = @adopted,
          version = @version, updated_at = @updated WHERE id = @id
        """,
        ("@id", job.Id), ("@name", job.Name), ("@source", job.SourceId), ("@destination", job.DestinationId),
        ("@document", Json(job.Definition)), ("@tasks", Json(job.Tasks)), ("@adopted", Json(job.Adopted)), ("@version", job.Version), ("@updated", job.UpdatedAt));

    /// <summary>Remembers existing destination tables that a person approved; no change of the definition.</summary>
    public static void SetAdopted(StoreSession session, JobRow job) => session.Execute("UPDATE job SET adopted = @adopted WHERE id = @id", ("@id", job.Id), ("@adopted", Json(job.Adopted)));

    /// <summary>Deletes all jobs of a workspace; their runs and logs go with them.</summary>
    public static void DeleteOf(StoreSession session, string workspaceId)
    {
        session.Execute("DELETE FROM run WHERE kind = 'job' AND owner_id IN (SELECT id FROM job WHERE workspace_id = @workspace)", ("@workspace", workspaceId));
        session.Execute("DELETE FROM job WHERE workspace_id = @workspace", ("@workspace", workspaceId));
    }

    /// <summary>Names of the jobs of a workspace that have an unfinished run.</summary>
    public static IReadOnlyList<string> AtWork(StoreSession session, string workspaceId) => session.Query(
        "SELECT name FROM job WHERE workspace_id = @workspace AND EXISTS (SELECT 1 FROM run WHERE run.kind = 'job' AND run.owner_id = job.id AND run.finished_at IS NULL) ORDER BY name",
        row => row.GetString(0), ("@workspace", workspaceId));

    /// <summary>Deletes a job; its runs and logs go with it.</summary>
    public static void Delete(StoreSession session, string id)
    {
        RunTable.DeleteOf(session, RunOwner.Job(id));
        session.Execute("DELETE FROM job WHERE id = @id", ("@id", id));
    }

    private static Reference Reference(SqliteDataReader row) => new() { Id = row.GetString(0), Name = row.GetString(1) };

    private static JobRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        WorkspaceId = row.GetString(1),
        Definition = JsonSerializer.Deserialize(row.GetString(2), SyncJson.Info<Job>())!,
        Tasks = JsonSerializer.Deserialize(row.GetString(3), SyncJson.Info<Listing<JobTask>>())!.Value,
        Adopted = JsonSerializer.Deserialize(row.GetString(4), SyncJson.Info<IReadOnlyList<string>>())!,
        Version = row.GetInt64(5),
        CreatedAt = row.Time(6)!.Value,
        UpdatedAt = row.Time(7)!.Value,
    };

    private static string Json(Job definition) => JsonSerializer.Serialize(definition, SyncJson.Info<Job>());

    private static string Json(IReadOnlyList<JobTask> tasks) => JsonSerializer.Serialize(new(tasks), SyncJson.Info<Listing<JobTask>>());

    private static string Json(IReadOnlyList<string> names) => JsonSerializer.Serialize(names, SyncJson.Info<IReadOnlyList<string>>());
}
