namespace SyncMcp.Client.Jobs;

/// <summary>Typed doors to <see cref="JobEndpoints"/>.</summary>
public sealed class JobClient(SyncClient sync)
{
    /// <summary>Lists the jobs of a workspace.</summary>
    public Task<Listing<Job>> ListAsync(ListJobs request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.List, request, ct: ct);

    /// <summary>Reads one job.</summary>
    public Task<Job> GetAsync(JobKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Get, request, ct: ct);

    /// <summary>Creates a job without tasks.</summary>
    public Task<Job> CreateAsync(CreateJob request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Create, request, options, ct);

    /// <summary>Changes a job.</summary>
    public Task<Job> UpdateAsync(UpdateJob request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Update, request, options, ct);

    /// <summary>Deletes a job with its tasks and history.</summary>
    public Task DeleteAsync(JobKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Delete, request, options, ct);

    /// <summary>Starts a run; answers at once.</summary>
    public Task<Run> ExecuteAsync(ExecuteJob request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Execute, request, options, ct);

    /// <summary>Stops the running run.</summary>
    public Task<Run> CancelAsync(JobKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Cancel, request, options, ct);

    /// <summary>Lists the runs of a job, newest first.</summary>
    public Task<Listing<Run>> HistoryAsync(ListJobHistory request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.History, request, ct: ct);

    /// <summary>Reads one run with its tasks.</summary>
    public Task<Run> GetRunAsync(JobRunKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.GetRun, request, ct: ct);

    /// <summary>The present or last run.</summary>
    public Task<Run> StatusAsync(JobKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Status, request, ct: ct);

    /// <summary>Lists the tasks of a job in order.</summary>
    public Task<Listing<JobTask>> TasksAsync(JobKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.Tasks, request, ct: ct);

    /// <summary>Reads one task.</summary>
    public Task<JobTask> GetTaskAsync(JobTaskKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.GetTask, request, ct: ct);

    /// <summary>Adds a task.</summary>
    public Task<JobTask> AddTaskAsync(AddJobTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.AddTask, request, options, ct);

    /// <summary>Changes a task.</summary>
    public Task<JobTask> UpdateTaskAsync(UpdateJobTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.UpdateTask, request, options, ct);

    /// <summary>Deletes a task; its destination table stays.</summary>
    public Task DeleteTaskAsync(JobTaskKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.DeleteTask, request, options, ct);

    /// <summary>Puts a task at another position.</summary>
    public Task<JobTask> MoveTaskAsync(MoveJobTask request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.MoveTask, request, options, ct);

    /// <summary>The last run of every task.</summary>
    public Task<Listing<Run>> LastTaskRunsAsync(JobKey request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.LastTaskRuns, request, ct: ct);

    /// <summary>Lists the runs of one task, newest first.</summary>
    public Task<Listing<Run>> TaskHistoryAsync(ListJobTaskHistory request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.TaskHistory, request, ct: ct);

    /// <summary>Lines of a run log (embedded engine only).</summary>
    public Task<RunLog> RunLogAsync(GetRunLog request, CancellationToken ct = default) => sync.SendAsync(JobEndpoints.RunLog, request, ct: ct);
}
