using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Plans;

/// <summary>Whole things as they count for a plan: all that a person set, names and labels too, and nothing that a run or the server changes by itself.</summary>
internal static class Wholes
{
    /// <summary>Kind and id of the thing whose state a call is about; null where it has none yet.</summary>
    public static string? Of(Endpoint endpoint, JsonObject arguments)
    {
        var life = Lifecycle.Of(endpoint)!;
        var (kind, member) = life.Kind switch
        {
            "task" => ("job", "job_id"),
            "transformation_task" => ("transformation", "transformation_id"),
            "step" or "event" => ("pipeline", "pipeline_id"),
            _ => (life.Kind, endpoint == life.Create ? null : life.Id),
        };
        var id = member is null ? null : arguments[member]?.ToString();
        return id is null || id.StartsWith(Operation.StandIns, StringComparison.Ordinal) ? null : $"{kind}/{id}";
    }

    /// <summary>The thing that runs; null for a kind that does not, or where it has gone.</summary>
    public static async Task<IRunnable?> RunnableAsync(Snapshots snapshots, string root, CancellationToken ct) => Split(root) switch
    {
        ("job", var id) => await snapshots.JobAsync(id, ct),
        ("transformation", var id) => await snapshots.TransformationAsync(id, ct),
        ("pipeline", var id) => await snapshots.PipelineAsync(id, ct),
        _ => null,
    };

    /// <summary>The thing as it is; null where it has gone.</summary>
    public static async Task<(JsonObject Shown, IRunnable? Runs)?> ReadAsync(Snapshots snapshots, string root, CancellationToken ct)
    {
        try
        {
            if (await RunnableAsync(snapshots, root, ct) is { } runs)
                return (Shown(runs), runs);
            var (kind, id) = Split(root);
            var body = (kind == "workspace" ? await snapshots.WorkspaceAsync(id, ct) : await snapshots.ConnectionAsync(id, ct)).Body;
            var members = kind == "workspace" ? [] : DefinitionMembers.OfConnection(body);
            return (Named(kind, members, body), null);
        }
        catch (SyncApiException ex) when (ex.Code is "not_found")
        {
            return null;
        }
    }

    /// <summary>The name in it.</summary>
    public static string NameOf(JsonObject shown) => shown.FirstOrDefault(member => member.Value is JsonObject one && one.ContainsKey("name")).Value?["name"]?.ToString() ?? "";

    /// <summary>Kind and id.</summary>
    public static (string Kind, string Id) Split(string root) => (root[..root.IndexOf('/', StringComparison.Ordinal)], root[(root.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    private static JsonObject Shown(IRunnable thing) => thing switch
    {
        JobState job => With(Named("job", DefinitionMembers.OfJob(job.Job), job.Job), "tasks", job.Type == "SyncAll" ? [] : job.Tasks, DefinitionMembers.OfTask),
        TransformationState one => With(Named("transformation", DefinitionMembers.OfTransformation(one.Transformation), one.Transformation), "tasks", one.Tasks, DefinitionMembers.OfTransformationTask),
        PipelineState pipeline => With(Named("pipeline", DefinitionMembers.OfPipeline(pipeline.Pipeline), pipeline.Pipeline), "steps", pipeline.Steps, DefinitionMembers.OfStep),
        _ => [],
    };

    private static JsonObject Named(string kind, JsonObject members, JsonObject body)
    {
        members["name"] = body["name"]?.DeepClone();
        members["labels"] = body["labels"]?.DeepClone();
        return new() { [kind] = members };
    }

    private static JsonObject With(JsonObject shown, string member, IReadOnlyList<JsonObject> parts, Func<JsonObject, JsonObject> counting)
    {
        shown[member] = new JsonArray([.. parts.Select(part =>
        {
            var members = counting(part);
            members["name"] = part["name"]?.DeepClone();
            return (JsonNode)members;
        })]);
        return shown;
    }
}
