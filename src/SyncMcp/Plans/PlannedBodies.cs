using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Plans;

/// <summary>What each change of a plan finds when its turn comes: the thing as it is now, with the plan's earlier changes over it.</summary>
internal sealed class PlannedBodies(Snapshots snapshots, IReadOnlyDictionary<string, (JsonObject Shown, IRunnable? Runs)> wholes)
{
    private readonly Dictionary<string, JsonObject> changed = new(StringComparer.Ordinal);

    /// <summary>The thing; null where it is about to be made, or nobody can see it.</summary>
    public async Task<JsonObject?> BeforeAsync(Operation operation, Lifecycle life, CancellationToken ct)
    {
        if (operation.Endpoint == life.Create)
            return null;
        var id = operation.Arguments[life.Id]?.ToString() ?? "";
        if (changed.TryGetValue($"{life.Kind}/{id}", out var body))
            return body;
        if (life.Kind == "event")
            return (await snapshots.EventAsync(operation.Arguments["pipeline_id"]?.ToString() ?? "", id, ct)).Body;
        if (Wholes.Of(operation.Endpoint, operation.Arguments) is not { } root || !wholes.TryGetValue(root, out var whole))
            return null;
        return (life.Kind, whole.Runs) switch
        {
            ("job", JobState job) => job.Job,
            ("task", JobState job) => Part(job.Tasks, id),
            ("transformation", TransformationState one) => one.Transformation,
            ("transformation_task", TransformationState one) => Part(one.Tasks, id),
            ("pipeline", PipelineState pipeline) => pipeline.Pipeline,
            ("step", PipelineState pipeline) => Part(pipeline.Steps, id),
            _ => whole.Shown[life.Kind] as JsonObject,
        };
    }

    /// <summary>Lays a change over what later ones find.</summary>
    public void Add(Operation operation, Lifecycle life, JsonObject? before)
    {
        var own = new JsonObject(operation.Arguments.Where(member => !operation.Endpoint.PathMembers.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        if (operation.Endpoint == life.Create)
            changed[$"{life.Kind}/{operation.Makes}"] = own;
        else if (operation.Endpoint == life.Update)
            changed[$"{life.Kind}/{operation.Arguments[life.Id]}"] = MergePatch.Apply(before ?? [], own);
    }

    private static JsonObject? Part(IReadOnlyList<JsonObject> parts, string id) => parts.FirstOrDefault(part => part["id"]?.ToString() == id);
}
