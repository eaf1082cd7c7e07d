using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>What a change or deletion of a thing reaches, before anybody makes it.</summary>
internal static class GetDependents
{
    public static readonly OwnTool Tool = OwnTool.Read("get_dependents", "changes",
        "What breaks or changes with a connection, job, transformation or pipeline: who uses it and who starts after it, followed to the end. Name one thing. Returns a tree, which of it runs by itself, and a Mermaid chart; of a job also its tables, of a workspace what flows where.",
        static () => DependentsJson.Default.WhoseDependents, AnswerAsync);

    private static async Task<JsonObject> AnswerAsync(Workbench bench, WhoseDependents asked, CancellationToken ct)
    {
        if (asked is { WorkspaceId: { } workspace, ConnectionId: null, JobId: null, TransformationId: null, PipelineId: null })
            return await WorkspaceFlow.OfAsync(bench.Snapshots, workspace, ct);
        var tree = new DependentTree(bench.Snapshots);
        var root = asked switch
        {
            { ConnectionId: { } id, JobId: null, TransformationId: null, PipelineId: null } => await tree.OfConnectionAsync(id, ct),
            { JobId: { } id, ConnectionId: null, TransformationId: null, PipelineId: null } => await tree.OfJobAsync(id, ct),
            { TransformationId: { } id, ConnectionId: null, JobId: null, PipelineId: null } => await tree.OfTransformationAsync(id, ct),
            { PipelineId: { } id, ConnectionId: null, JobId: null, TransformationId: null } => await tree.OfPipelineAsync(id, ct),
            _ => throw new ToolException(new("invalid_arguments", "get_dependents takes one thing.", "Give one of connection_id, job_id, transformation_id, pipeline_id, workspace_id.")),
        };
        var reached = root.All.Skip(1).DistinctBy(one => (one.Kind, one.Id)).ToList();
        var answer = Shown(root);
        answer["reaches"] = reached.Count;
        answer["run_by_themselves"] = reached.Count(one => one.IsArmed);
        answer["mermaid"] = Mermaid.Of(root);
        if (asked.JobId is { } job)
            answer["moves"] = WorkspaceFlow.Tables(await bench.Snapshots.JobAsync(job, ct));
        return answer;
    }

    private static JsonObject Shown(Dependent one)
    {
        var shown = new JsonObject { ["kind"] = one.Kind, ["id"] = one.Id, ["name"] = one.Name };
        if (one.Why.Length > 0)
            shown["why"] = one.Why;
        if (one.IsArmed)
            shown["runs_by_itself"] = true;
        if (one.Dependents.Count > 0 || one.Why.Length == 0)
            shown["dependents"] = new JsonArray([.. one.Dependents.Select(below => (JsonNode)Shown(below))]);
        return shown;
    }
}

/// <summary>Arguments of <c>get_dependents</c>.</summary>
internal sealed record WhoseDependents
{
    /// <summary>A connection.</summary>
    [Names("connection")] public string? ConnectionId { get; init; }

    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>A workspace.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhoseDependents))]
internal sealed partial class DependentsJson : JsonSerializerContext;
