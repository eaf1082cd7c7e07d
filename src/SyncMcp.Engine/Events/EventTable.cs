using System.Text.Json;
using Microsoft.Data.Sqlite;
using SyncMcp.Client;
using SyncMcp.Client.Events;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Events;

/// <summary>All SQL on events.</summary>
internal static class EventTable
{
    private const string Columns = "id, pipeline_id, document, created_at, updated_at";

    public static EventRow? Find(StoreSession session, string id) => session.One($"SELECT {Columns} FROM event WHERE id = @id", Read, ("@id", id));

    /// <summary>One of a pipeline.</summary>
    /// <exception cref="ApiException">404.</exception>
    public static EventRow Get(StoreSession session, string pipelineId, string id) =>
        Find(session, id) is { } row && row.PipelineId == pipelineId ? row : throw ApiException.NotFound("event of this pipeline", id);

    public static IReadOnlyList<EventRow> Of(StoreSession session, string pipelineId) =>
        session.Query($"SELECT {Columns} FROM event WHERE pipeline_id = @pipeline ORDER BY name", Read, ("@pipeline", pipelineId));

    /// <summary>Ids and names of the events of a pipeline.</summary>
    public static IReadOnlyList<Reference> ReferencesOf(StoreSession session, string pipelineId) =>
        session.Query("SELECT id, name FROM event WHERE pipeline_id = @pipeline ORDER BY name",
            row => new Reference { Id = row.GetString(0), Name = row.GetString(1) }, ("@pipeline", pipelineId));

    public static void Insert(StoreSession session, EventRow row)
    {
        RequireFreeName(session, row);
        session.Execute(
            "INSERT INTO event (id, pipeline_id, name, document, created_at, updated_at) VALUES (@id, @pipeline, @name, @document, @created, @updated)",
            ("@id", row.Id), ("@pipeline", row.PipelineId), ("@name", row.Name), ("@document", Json(row.Definition)), ("@created", row.CreatedAt), ("@updated", row.UpdatedAt));
    }

    public static void Update(StoreSession session, EventRow row)
    {
        RequireFreeName(session, row);
        session.Execute("UPDATE event SET name = @name, document = @document, updated_at = @updated WHERE id = @id",
            ("@id", row.Id), ("@name", row.Name), ("@document", Json(row.Definition)), ("@updated", row.UpdatedAt));
    }

    public static void Delete(StoreSession session, string id) => session.Execute("DELETE FROM event WHERE id = @id", ("@id", id));

    private static void RequireFreeName(StoreSession session, EventRow row)
    {
        if (session.One("SELECT id FROM event WHERE pipeline_id = @pipeline AND name = @name AND id <> @id", found => found.GetString(0),
            ("@pipeline", row.PipelineId), ("@name", row.Name), ("@id", row.Id)) is { } other)
        {
            throw ApiException.Invalid($"The pipeline has an event named `{ApiException.Quote(row.Name)}` already (id {other}).", "name_taken");
        }
    }

    private static string Json(PipelineEvent definition) => JsonSerializer.Serialize(definition, SyncJson.Info<PipelineEvent>());

    private static EventRow Read(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        PipelineId = row.GetString(1),
        Definition = JsonSerializer.Deserialize(row.GetString(2), SyncJson.Info<PipelineEvent>())!,
        CreatedAt = row.Time(3)!.Value,
        UpdatedAt = row.Time(4)!.Value,
    };
}
