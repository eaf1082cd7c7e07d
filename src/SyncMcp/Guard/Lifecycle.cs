using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Guard;

/// <summary>How a kind of thing is made, changed and deleted: what one of these operations did, another undoes.</summary>
/// <param name="Kind">The word for it.</param>
/// <param name="Create">Makes one.</param>
/// <param name="Update">Changes one.</param>
/// <param name="Delete">Deletes one.</param>
/// <param name="Id">The argument that names it.</param>
/// <param name="Owner">The argument that names what it is part of; null where it is part of nothing.</param>
/// <param name="Move">Puts it at another position.</param>
internal sealed record Lifecycle(string Kind, Endpoint Create, Endpoint Update, Endpoint Delete, string Id, string? Owner, Endpoint? Move = null)
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<Lifecycle> All { get; } =
    [
        new("workspace", WorkspaceEndpoints.Create, WorkspaceEndpoints.Update, WorkspaceEndpoints.Delete, "workspace_id", null),
        new("connection", ConnectionEndpoints.Create, ConnectionEndpoints.Update, ConnectionEndpoints.Delete, "connection_id", "workspace_id"),
        new("job", JobEndpoints.Create, JobEndpoints.Update, JobEndpoints.Delete, "job_id", "workspace_id"),
        new("task", JobEndpoints.AddTask, JobEndpoints.UpdateTask, JobEndpoints.DeleteTask, "task_id", "job_id", JobEndpoints.MoveTask),
        new("transformation", TransformationEndpoints.Create, TransformationEndpoints.Update, TransformationEndpoints.Delete, "transformation_id", "workspace_id"),
        new("transformation_task", TransformationEndpoints.AddTask, TransformationEndpoints.UpdateTask, TransformationEndpoints.DeleteTask, "task_id", "transformation_id", TransformationEndpoints.MoveTask),
        new("pipeline", PipelineEndpoints.Create, PipelineEndpoints.Update, PipelineEndpoints.Delete, "pipeline_id", "workspace_id"),
        new("step", PipelineEndpoints.CreateStep, PipelineEndpoints.UpdateStep, PipelineEndpoints.DeleteStep, "step_id", "pipeline_id", PipelineEndpoints.MoveStep),
        new("event", EventEndpoints.Create, EventEndpoints.Update, EventEndpoints.Delete, "event_id", "pipeline_id"),
        new("user", UserEndpoints.Create, UserEndpoints.Update, UserEndpoints.Delete, "user_id", null),
    ];

    /// <summary>The kind that an operation makes, changes, moves or deletes; null for any other operation.</summary>
    public static Lifecycle? Of(Endpoint endpoint) => All.FirstOrDefault(one => endpoint == one.Create || endpoint == one.Update || endpoint == one.Delete || endpoint == one.Move);

    /// <summary>The kind of that word.</summary>
    public static Lifecycle Find(string kind) => All.First(one => one.Kind == kind);
}
