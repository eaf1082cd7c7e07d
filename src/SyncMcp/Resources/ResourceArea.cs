using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;

namespace SyncMcp.Resources;

/// <summary>A kind of things that run, as addresses name it: <c>sync://jobs/{job_id}/history/{history_id}</c>.</summary>
/// <param name="Name">The first part of its addresses, and the last of a workspace's list.</param>
/// <param name="Noun">The word for one.</param>
/// <param name="Parts">The word for what its runs consist of.</param>
/// <param name="List">The tool that lists those of a workspace.</param>
/// <param name="Get">The tool that reads one.</param>
/// <param name="History">The tool that lists its runs.</param>
/// <param name="Run">The tool that reads one run.</param>
/// <param name="Log">The tool that reads a run's log.</param>
/// <param name="Status">The tool that reads the present or last run.</param>
/// <param name="Execute">The tool that starts a run.</param>
internal sealed record ResourceArea(string Name, string Noun, string Parts, Endpoint List, Endpoint Get, Endpoint History, Endpoint Run, Endpoint Log, Endpoint Status, Endpoint Execute)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResourceArea> All { get; } =
    [
        new("jobs", "job", "task", JobEndpoints.List, JobEndpoints.Get, JobEndpoints.History, JobEndpoints.GetRun, JobEndpoints.RunLog, JobEndpoints.Status, JobEndpoints.Execute),
        new("transformations", "transformation", "task", TransformationEndpoints.List, TransformationEndpoints.Get, TransformationEndpoints.History, TransformationEndpoints.GetRun, TransformationEndpoints.RunLog, TransformationEndpoints.Status, TransformationEndpoints.Execute),
        new("pipelines", "pipeline", "step", PipelineEndpoints.List, PipelineEndpoints.Get, PipelineEndpoints.History, PipelineEndpoints.GetRun, PipelineEndpoints.RunLog, PipelineEndpoints.Status, PipelineEndpoints.Execute),
    ];

    /// <summary>The argument that names one.</summary>
    public string Id => $"{Noun}_id";

    /// <summary>The area of that name; null where there is none.</summary>
    public static ResourceArea? Find(string name) => All.FirstOrDefault(area => area.Name == name);
}
