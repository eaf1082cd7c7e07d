using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Past;

/// <summary>What a call has read anyway is remembered: whole things, their parts, columns. Lists of things are not, because the scans see them.</summary>
internal static class Noted
{
    private static readonly Dictionary<Endpoint, (string Kind, string? Whose)> Reads = new()
    {
        [JobEndpoints.Get] = ("job", null),
        [TransformationEndpoints.Get] = ("transformation", null),
        [PipelineEndpoints.Get] = ("pipeline", null),
        [ConnectionEndpoints.Get] = (Kinds.Connection, null),
        [TransformationEndpoints.Tasks] = (Kinds.PartsOf("transformation"), "transformation_id"),
        [PipelineEndpoints.Steps] = (Kinds.PartsOf("pipeline"), "pipeline_id"),
        [JobEndpoints.Tasks] = (Kinds.PartsOf("job"), "job_id"),
    };

    /// <summary>Remembers what an operation answered, behind the call; gives the answer.</summary>
    public static ToolAnswer By(Call call, ToolAnswer answer, Memories memories)
    {
        if (answer is { Error: null, PagedByServer: false, Body: { } body } && call.Endpoint is { } endpoint && Of(call, endpoint) is { } what)
        {
            var copy = body.DeepClone().AsObject(); // the answer is worked on meanwhile
            _ = Task.Run(() => Keep(memories.Of(call.Principal), what, copy), CancellationToken.None);
        }

        return answer;
    }

    private static (string Kind, string? Whose)? Of(Call call, Endpoint endpoint) =>
        endpoint == ConnectionEndpoints.Columns ? (Kinds.Columns, Kinds.TableId(call.Id("connection_id"), call.Id("table_name")))
        : Reads.TryGetValue(endpoint, out var what) ? (what.Kind, what.Whose is { } member ? call.Id(member) : null)
        : null;

    private static void Keep(Memory memory, (string Kind, string? Whose) what, JsonObject body)
    {
        try
        {
            if (what.Whose is { } whose)
                memory.NoteItems(what.Kind, whose, (body["value"] as JsonArray)?.OfType<JsonObject>() ?? [], updated: null);
            else
                memory.Note(what.Kind, body);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            Log.Error("what was read cannot be remembered", e);
        }
    }
}
