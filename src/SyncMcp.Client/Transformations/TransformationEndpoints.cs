using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Transformations;

/// <summary>Operations on transformations, their tasks and their runs.</summary>
public static class TransformationEndpoints
{
    /// <summary>GET /workspaces/{workspace_id}/transformations</summary>
    public static readonly Endpoint<ListTransformations, Listing<Transformation>> List =
        Endpoint.Get<ListTransformations, Listing<Transformation>>("list_transformations", "/workspaces/{workspace_id}/transformations", Kind.Read, Tier.Reads,
            "List the transformations of a workspace: id, name, type, status, trigger. For all of one use get_transformation.");

    /// <summary>GET /transformations/{transformation_id}</summary>
    public static readonly Endpoint<TransformationKey, Transformation> Get =
        Endpoint.Get<TransformationKey, Transformation>("get_transformation", "/transformations/{transformation_id}", Kind.Read, Tier.Reads,
            "One transformation: connection, trigger, settings, last run. For its SQL use list_transformation_tasks.");

    /// <summary>POST /workspaces/{workspace_id}/transformations</summary>
    public static readonly Endpoint<CreateTransformation, Transformation> Create =
        Endpoint.Post<CreateTransformation, Transformation>("create_transformation", "/workspaces/{workspace_id}/transformations", Kind.Create, Tier.RunsOrArms,
            "Create a transformation: SQL at a destination, by hand, by cron or after a job; returns it. Then add_transformation_task for each statement.");

    /// <summary>PUT /transformations/{transformation_id}</summary>
    public static readonly Endpoint<UpdateTransformation, Transformation> Update =
        Endpoint.Put<UpdateTransformation, Transformation>("update_transformation", "/transformations/{transformation_id}", Kind.Update, Tier.RunsOrArms,
            "Change a transformation: only the members given; null clears one. For its SQL use update_transformation_task. Returns it.", Get);

    /// <summary>DELETE /transformations/{transformation_id}</summary>
    public static readonly Endpoint<TransformationKey, Nothing> Delete =
        Endpoint.Delete<TransformationKey>("delete_transformation", "/transformations/{transformation_id}", Kind.Delete, Tier.DestroysWhole,
            "Delete a transformation with its tasks and history, unless a pipeline uses it. A person types a phrase first.", Get);

    /// <summary>GET /transformations/{transformation_id}/history</summary>
    public static readonly Endpoint<ListTransformationHistory, Listing<Run>> History =
        Endpoint.Get<ListTransformationHistory, Listing<Run>>("list_transformation_history", "/transformations/{transformation_id}/history", Kind.Read, Tier.Reads,
            "List the runs of a transformation, newest first: id, status, times, rows, details. For the tasks of one run use get_transformation_run.");

    /// <summary>POST /transformations/{transformation_id}/execute</summary>
    public static readonly Endpoint<TransformationKey, Run> Execute =
        Endpoint.Post<TransformationKey, Run>("execute_transformation", "/transformations/{transformation_id}/execute", Kind.Execute, Tier.RunsOrArms,
            "Start a run of a transformation: its statements in order, in one transaction; returns the run at once. Follow it with get_transformation_status.", Get, runs: History);

    /// <summary>GET /transformations/{transformation_id}/history/{history_id}</summary>
    public static readonly Endpoint<TransformationRunKey, Run> GetRun =
        Endpoint.Get<TransformationRunKey, Run>("get_transformation_run", "/transformations/{transformation_id}/history/{history_id}", Kind.Read, Tier.Reads,
            "One run of a transformation with its tasks: status, rows, and which statement failed with the database's words.");

    /// <summary>GET /transformations/{transformation_id}/status</summary>
    public static readonly Endpoint<TransformationKey, Run> Status =
        Endpoint.Get<TransformationKey, Run>("get_transformation_status", "/transformations/{transformation_id}/status", Kind.Read, Tier.Reads,
            "The present or last run of a transformation with each task's state. For an earlier run use get_transformation_run.");

    /// <summary>GET /transformations/{transformation_id}/tasks</summary>
    public static readonly Endpoint<TransformationKey, Listing<TransformationTask>> Tasks =
        Endpoint.Get<TransformationKey, Listing<TransformationTask>>("list_transformation_tasks", "/transformations/{transformation_id}/tasks", Kind.Read, Tier.Reads,
            "List the SQL tasks of a transformation in order: id, name, query. For a whole query use get_transformation_task.");

    /// <summary>GET /transformations/{transformation_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<TransformationTaskKey, TransformationTask> GetTask =
        Endpoint.Get<TransformationTaskKey, TransformationTask>("get_transformation_task", "/transformations/{transformation_id}/tasks/{task_id}", Kind.Read, Tier.Reads,
            "One task of a transformation with its query and last run.");

    /// <summary>POST /transformations/{transformation_id}/tasks</summary>
    public static readonly Endpoint<AddTransformationTask, TransformationTask> AddTask =
        Endpoint.Post<AddTransformationTask, TransformationTask>("add_transformation_task", "/transformations/{transformation_id}/tasks", Kind.Create, Tier.RunsOrArms,
            "Add a task to a transformation: one SQL statement in the destination's words; returns it.", Get);

    /// <summary>PUT /transformations/{transformation_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<UpdateTransformationTask, TransformationTask> UpdateTask =
        Endpoint.Put<UpdateTransformationTask, TransformationTask>("update_transformation_task", "/transformations/{transformation_id}/tasks/{task_id}", Kind.Update, Tier.RunsOrArms,
            "Change the query or name of a task of a transformation. For its order use move_transformation_task. Returns it.", GetTask);

    /// <summary>DELETE /transformations/{transformation_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<TransformationTaskKey, Nothing> DeleteTask =
        Endpoint.Delete<TransformationTaskKey>("delete_transformation_task", "/transformations/{transformation_id}/tasks/{task_id}", Kind.Delete, Tier.DestroysPart,
            "Delete a task of a transformation; what it wrote stays. To change its SQL use update_transformation_task.", GetTask);

    /// <summary>POST /transformations/{transformation_id}/tasks/{task_id}/move</summary>
    public static readonly Endpoint<MoveTransformationTask, TransformationTask> MoveTask =
        Endpoint.Post<MoveTransformationTask, TransformationTask>("move_transformation_task", "/transformations/{transformation_id}/tasks/{task_id}/move", Kind.Move, Tier.RunsOrArms,
            "Put a task of a transformation at another position; returns it.", GetTask);

    /// <summary>GET /transformations/{transformation_id}/tasks/last-run</summary>
    public static readonly Endpoint<TransformationKey, Listing<Run>> LastTaskRuns =
        Endpoint.Get<TransformationKey, Listing<Run>>("list_last_transformation_task_runs", "/transformations/{transformation_id}/tasks/last-run", Kind.Read, Tier.Reads,
            "The last run of every task of a transformation: which statement failed, when, how many rows. For one task's earlier runs use list_transformation_task_history.");

    /// <summary>GET /transformations/{transformation_id}/tasks/{task_id}/history</summary>
    public static readonly Endpoint<ListTransformationTaskHistory, Listing<Run>> TaskHistory =
        Endpoint.Get<ListTransformationTaskHistory, Listing<Run>>("list_transformation_task_history", "/transformations/{transformation_id}/tasks/{task_id}/history", Kind.Read, Tier.Reads,
            "List the runs of one task of a transformation, newest first: status, times, rows, details. For whole runs use list_transformation_history.");

    /// <summary>GET /transformations/{transformation_id}/history/{history_id}/log (embedded engine only)</summary>
    public static readonly Endpoint<GetTransformationRunLog, RunLog> RunLog =
        Endpoint.Get<GetTransformationRunLog, RunLog>("get_transformation_run_log", "/transformations/{transformation_id}/history/{history_id}/log", Kind.Read, Tier.Reads,
            "Lines of the log of a transformation's run: what each statement did; the last 100 by default. Embedded engine only.", extension: true);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        List, Get, Create, Update, Delete, Execute, History, GetRun, Status,
        Tasks, GetTask, AddTask, UpdateTask, DeleteTask, MoveTask, LastTaskRuns, TaskHistory, RunLog,
    ];
}
