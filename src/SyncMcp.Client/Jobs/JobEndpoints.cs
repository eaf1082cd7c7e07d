namespace SyncMcp.Client.Jobs;

/// <summary>Operations on jobs, their tasks and their runs.</summary>
public static class JobEndpoints
{
    /// <summary>GET /workspaces/{workspace_id}/jobs</summary>
    public static readonly Endpoint<ListJobs, Listing<Job>> List =
        Endpoint.Get<ListJobs, Listing<Job>>("list_jobs", "/workspaces/{workspace_id}/jobs", Kind.Read, Tier.Reads,
            "List the jobs of a workspace: id, name, type, status, schedule. For all of one use get_job.");

    /// <summary>GET /jobs/{job_id}</summary>
    public static readonly Endpoint<JobKey, Job> Get =
        Endpoint.Get<JobKey, Job>("get_job", "/jobs/{job_id}", Kind.Read, Tier.Reads,
            "One job: connections, schedule, settings, last run. For its tasks use list_job_tasks.");

    /// <summary>POST /workspaces/{workspace_id}/jobs</summary>
    public static readonly Endpoint<CreateJob, Job> Create =
        Endpoint.Post<CreateJob, Job>("create_job", "/workspaces/{workspace_id}/jobs", Kind.Create, Tier.RunsOrArms,
            "Create a job without tasks; returns it. Then add_job_task for each table.");

    /// <summary>PUT /jobs/{job_id}</summary>
    public static readonly Endpoint<UpdateJob, Job> Update =
        Endpoint.Put<UpdateJob, Job>("update_job", "/jobs/{job_id}", Kind.Update, Tier.RunsOrArms,
            "Change a job: only the members given; null clears one. For its tables use update_job_task. Returns it.", Get);

    /// <summary>DELETE /jobs/{job_id}</summary>
    public static readonly Endpoint<JobKey, Nothing> Delete =
        Endpoint.Delete<JobKey>("delete_job", "/jobs/{job_id}", Kind.Delete, Tier.DestroysWhole,
            "Delete a job with its tasks and history; destination tables stay. A person types a phrase first.", Get);

    /// <summary>GET /jobs/{job_id}/history</summary>
    public static readonly Endpoint<ListJobHistory, Listing<Run>> History =
        Endpoint.Get<ListJobHistory, Listing<Run>>("list_job_history", "/jobs/{job_id}/history", Kind.Read, Tier.Reads,
            "List the runs of a job, newest first: id, status, times, rows, details. For the tasks of one run use get_job_run.");

    /// <summary>POST /jobs/{job_id}/execute</summary>
    public static readonly Endpoint<ExecuteJob, Run> Execute =
        Endpoint.Post<ExecuteJob, Run>("execute_job", "/jobs/{job_id}/execute", Kind.Execute, Tier.RunsOrArms,
            "Start a run of a job; returns the run at once. Follow it with get_job_status, then get_job_run.", Get, aliases: ["run_job"], runs: History);

    /// <summary>GET /jobs/{job_id}/status</summary>
    public static readonly Endpoint<JobKey, Run> Status =
        Endpoint.Get<JobKey, Run>("get_job_status", "/jobs/{job_id}/status", Kind.Read, Tier.Reads,
            "The present or last run of a job with the progress of each task. For an earlier run use get_job_run.");

    /// <summary>POST /jobs/{job_id}/cancel</summary>
    public static readonly Endpoint<JobKey, Run> Cancel =
        Endpoint.Post<JobKey, Run>("cancel_job", "/jobs/{job_id}/cancel", Kind.Cancel, Tier.DestroysPart,
            "Stop the running run of a job; returns the run. Rows already written stay.", Get, running: Status);

    /// <summary>GET /jobs/{job_id}/history/{history_id}</summary>
    public static readonly Endpoint<JobRunKey, Run> GetRun =
        Endpoint.Get<JobRunKey, Run>("get_job_run", "/jobs/{job_id}/history/{history_id}", Kind.Read, Tier.Reads,
            "One run with its tasks: status, details, rows. For why it failed see also get_run_log.");

    /// <summary>GET /jobs/{job_id}/tasks</summary>
    public static readonly Endpoint<JobKey, Listing<JobTask>> Tasks =
        Endpoint.Get<JobKey, Listing<JobTask>>("list_job_tasks", "/jobs/{job_id}/tasks", Kind.Read, Tier.Reads,
            "List the tasks of a job in order: id, name, table or query, enabled.");

    /// <summary>GET /jobs/{job_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<JobTaskKey, JobTask> GetTask =
        Endpoint.Get<JobTaskKey, JobTask>("get_job_task", "/jobs/{job_id}/tasks/{task_id}", Kind.Read, Tier.Reads,
            "One task with its query, check column, checkpoint and last run.");

    /// <summary>POST /jobs/{job_id}/tasks</summary>
    public static readonly Endpoint<AddJobTask, JobTask> AddTask =
        Endpoint.Post<AddJobTask, JobTask>("add_job_task", "/jobs/{job_id}/tasks", Kind.Create, Tier.RunsOrArms,
            "Add a task to a job, by table or by query; returns it. For the names of tables use list_connection_tables.", Get);

    /// <summary>PUT /jobs/{job_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<UpdateJobTask, JobTask> UpdateTask =
        Endpoint.Put<UpdateJobTask, JobTask>("update_job_task", "/jobs/{job_id}/tasks/{task_id}", Kind.Update, Tier.RunsOrArms,
            "Change a task: only the members given; null clears one. For its order use move_job_task. Returns it.", GetTask);

    /// <summary>DELETE /jobs/{job_id}/tasks/{task_id}</summary>
    public static readonly Endpoint<JobTaskKey, Nothing> DeleteTask =
        Endpoint.Delete<JobTaskKey>("delete_job_task", "/jobs/{job_id}/tasks/{task_id}", Kind.Delete, Tier.DestroysPart,
            "Delete a task; its destination table stays. To pause it use update_job_task with enabled false.", GetTask);

    /// <summary>POST /jobs/{job_id}/tasks/{task_id}/move</summary>
    public static readonly Endpoint<MoveJobTask, JobTask> MoveTask =
        Endpoint.Post<MoveJobTask, JobTask>("move_job_task", "/jobs/{job_id}/tasks/{task_id}/move", Kind.Move, Tier.RunsOrArms,
            "Put a task at another position; returns it.", GetTask);

    /// <summary>GET /jobs/{job_id}/tasks/last-run</summary>
    public static readonly Endpoint<JobKey, Listing<Run>> LastTaskRuns =
        Endpoint.Get<JobKey, Listing<Run>>("list_last_task_runs", "/jobs/{job_id}/tasks/last-run", Kind.Read, Tier.Reads,
            "The last run of every task of a job: which table failed, when, how many rows. For one task's earlier runs use list_job_task_history.");

    /// <summary>GET /jobs/{job_id}/tasks/{task_id}/history</summary>
    public static readonly Endpoint<ListJobTaskHistory, Listing<Run>> TaskHistory =
        Endpoint.Get<ListJobTaskHistory, Listing<Run>>("list_job_task_history", "/jobs/{job_id}/tasks/{task_id}/history", Kind.Read, Tier.Reads,
            "List the runs of one task, newest first: status, times, rows, details. For whole runs use list_job_history.");

    /// <summary>GET /jobs/{job_id}/history/{history_id}/log (embedded engine only)</summary>
    public static readonly Endpoint<GetRunLog, RunLog> RunLog =
        Endpoint.Get<GetRunLog, RunLog>("get_run_log", "/jobs/{job_id}/history/{history_id}/log", Kind.Read, Tier.Reads,
            "Lines of the log of a job's run: what each task did; the last 100 by default. Embedded engine only.", extension: true);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        List, Get, Create, Update, Delete, Execute, Cancel, History, GetRun, Status,
        Tasks, GetTask, AddTask, UpdateTask, DeleteTask, MoveTask, LastTaskRuns, TaskHistory, RunLog,
    ];
}
