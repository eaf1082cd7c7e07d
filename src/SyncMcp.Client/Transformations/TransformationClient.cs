using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Transformations;

/// <summary>Typed doors to <see cref="TransformationEndpoints"/>.</summary>
public sealed class TransformationClient(SyncClient sync)
{
    /// <summary>Lists the transformations of a workspace.</summary>
    public Task<Listing<Transformation>> ListAsync(ListTransformations request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.List, request, ct: ct);

    /// <summary>Reads one transformation.</summary>
    public Task<Transformation> GetAsync(TransformationKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Get, request, ct: ct);

    /// <summary>Creates a transformation without tasks.</summary>
    public Task<Transformation> CreateAsync(CreateTransformation request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Create, request, options, ct);

    /// <summary>Changes a transformation.</summary>
    public Task<Transformation> UpdateAsync(UpdateTransformation request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Update, request, options, ct);

    /// <summary>Deletes a transformation with its tasks and history.</summary>
    public Task DeleteAsync(TransformationKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Delete, request, options, ct);

    /// <summary>Starts a run; answers at once.</summary>
    public Task<Run> ExecuteAsync(TransformationKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Execute, request, options, ct);

    /// <summary>Lists the runs of a transformation, newest first.</summary>
    public Task<Listing<Run>> HistoryAsync(ListTransformationHistory request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.History, request, ct: ct);

    /// <summary>Reads one run with its tasks.</summary>
    public Task<Run> GetRunAsync(TransformationRunKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.GetRun, request, ct: ct);

    /// <summary>The present or last run.</summary>
    public Task<Run> StatusAsync(TransformationKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Status, request, ct: ct);

    /// <summary>Lists the tasks of a transformation in order.</summary>
    public Task<Listing<TransformationTask>> TasksAsync(TransformationKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.Tasks, request, ct: ct);

    /// <summary>Reads one task.</summary>
    public Task<TransformationTask> GetTaskAsync(TransformationTaskKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.GetTask, request, ct: ct);

    /// <summary>Adds a task.</summary>
    public Task<TransformationTask> AddTaskAsync(AddTransformationTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.AddTask, request, options, ct);

    /// <summary>Changes a task.</summary>
    public Task<TransformationTask> UpdateTaskAsync(UpdateTransformationTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.UpdateTask, request, options, ct);

    /// <summary>Deletes a task; what it wrote stays.</summary>
    public Task DeleteTaskAsync(TransformationTaskKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.DeleteTask, request, options, ct);

    /// <summary>Puts a task at another position.</summary>
    public Task<TransformationTask> MoveTaskAsync(MoveTransformationTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.MoveTask, request, options, ct);

    /// <summary>The last run of every task.</summary>
    public Task<Listing<Run>> LastTaskRunsAsync(TransformationKey request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.LastTaskRuns, request, ct: ct);

    /// <summary>Lists the runs of one task, newest first.</summary>
    public Task<Listing<Run>> TaskHistoryAsync(ListTransformationTaskHistory request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.TaskHistory, request, ct: ct);

    /// <summary>Lines of a run's log (embedded engine only).</summary>
    public Task<RunLog> RunLogAsync(GetTransformationRunLog request, CancellationToken ct = default) => sync.SendAsync(TransformationEndpoints.RunLog, request, ct: ct);
}
