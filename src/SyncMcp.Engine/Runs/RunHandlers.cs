using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>What the operations on runs do: start, stop, status, history, log.</summary>
internal sealed class RunHandlers(EngineStore store, Dispatch dispatch, RunView view)
{
    private const int DefaultLines = 100;

    /// <summary>Gives the operations their handlers.</summary>
    public static void Map(Routes routes, EngineStore store, Dispatch dispatch, RunView view)
    {
        var handlers = new RunHandlers(store, dispatch, view);
        routes.Map(JobEndpoints.Execute, handlers.ExecuteAsync);
        routes.Map(JobEndpoints.Cancel, handlers.CancelAsync);
        routes.Map(JobEndpoints.Status, handlers.StatusAsync);
        routes.Map(JobEndpoints.History, handlers.HistoryAsync);
        routes.Map(JobEndpoints.GetRun, handlers.GetAsync);
        routes.Map(JobEndpoints.LastTaskRuns, handlers.LastTaskRunsAsync);
        routes.Map(JobEndpoints.TaskHistory, handlers.TaskHistoryAsync);
        routes.Map(JobEndpoints.RunLog, handlers.LogAsync);
    }

    private async Task<Run> ExecuteAsync(ApiCall<ExecuteJob> call, CancellationToken ct)
    {
        var (shown, row) = await store.WriteAsync(
            session =>
            {
                var job = JobTable.Get(session, call.Request.JobId);
                call.RequireMatch(job.Version);
                job = Adoption.Store(call, session, job);
                var run = dispatch.Insert(session, job, TaskChoice.Of(session, job, call.Request.TaskIds), call.Request.FullRefresh ?? false, call.Principal.Name);
                return (call.Keep(session, view.Whole(session, job, run)), run);
            },
            ct);
        await dispatch.StartAsync(row);
        return shown;
    }

    private async Task<Run> CancelAsync(ApiCall<JobKey> call, CancellationToken ct)
    {
        var id = await dispatch.CancelAsync(call.Request.JobId, call.Principal.Name, session => call.RequireMatch(JobTable.Get(session, call.Request.JobId).Version), ct)
            ?? throw ApiException.Invalid("The job is not running; there is nothing to cancel. list_job_history shows how its last run ended.", "not_running");
        return await ShowAsync(call.Request.JobId, (session, _) => RunTable.Find(session, id), ct);
    }

    private Task<Run> StatusAsync(ApiCall<JobKey> call, CancellationToken ct) =>
        ShowAsync(call.Request.JobId, (session, job) => RunTable.Unfinished(session, job.Id) ?? RunTable.Last(session, job.Id), ct);

    private Task<Run> GetAsync(ApiCall<JobRunKey> call, CancellationToken ct) => ShowAsync(
        call.Request.JobId, (session, job) => RunOf(session, job, call.Request.HistoryId), ct);

    private Task<Listing<Run>> HistoryAsync(ApiCall<ListJobHistory> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var request = call.Request;
            var job = JobTable.Get(session, request.JobId);
            var (runs, total) = RunTable.History(session, job.Id, new(request.Status, request.StartedAfter, request.StartedBefore, request.Limit, request.Offset));
            return new Listing<Run>([.. runs.Select(run => view.Bare(job, run))], total);
        },
        ct);

    private Task<Listing<Run>> TaskHistoryAsync(ApiCall<ListJobTaskHistory> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var request = call.Request;
            var job = JobTable.Get(session, request.JobId);
            var task = job.Task(request.TaskId);
            var (parts, total) = TaskRunTable.History(session, job.Id, task.Id, new(request.Status, request.StartedAfter, request.StartedBefore, request.Limit, request.Offset));
            return new Listing<Run>([.. parts.Select(part => RunView.Part(job, part))], total);
        },
        ct);

    private Task<Listing<Run>> LastTaskRunsAsync(ApiCall<JobKey> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var job = JobTable.Get(session, call.Request.JobId);
            var last = TaskRunTable.LastOf(session, job.Id);
            List<Run> runs = [.. job.Tasks.Select(task => last.GetValueOrDefault(task.Id) is { } part
                ? RunView.Part(job, part)
                : new() { Job = new() { Id = job.Id, Name = job.Name }, Task = new() { Id = task.Id, Name = task.Name }, Status = RunStatus.Idle })];
            return new Listing<Run>(runs, runs.Count);
        },
        ct);

    private Task<RunLog> LogAsync(ApiCall<GetRunLog> call, CancellationToken ct) => store.ReadAsync(
        session =>
        {
            var request = call.Request;
            var run = RunOf(session, JobTable.Get(session, request.JobId), request.HistoryId);
            return RunLogTable.Read(session, run.Id, request.Tail ?? DefaultLines, request.After, request.Grep);
        },
        ct);

    private static RunRow RunOf(StoreSession session, JobRow job, string id) =>
        RunTable.Find(session, id) is { } run && run.JobId == job.Id ? run : throw ApiException.NotFound("run of this job", id);

    /// <summary>One run with its tasks; a job that never ran is idle.</summary>
    private async Task<Run> ShowAsync(string jobId, Func<StoreSession, JobRow, RunRow?> find, CancellationToken ct)
    {
        var unfinished = await store.ReadAsync(session => RunTable.Unfinished(session, jobId), ct);
        var live = unfinished is null ? null : dispatch.Live(unfinished.Id)?.Tasks.ToDictionary(task => task.Key, task => task.Value.Row, StringComparer.Ordinal);
        return await store.ReadAsync(
            session =>
            {
                var job = JobTable.Get(session, jobId);
                return find(session, job) is { } run
                    ? view.Whole(session, job, run, live)
                    : new() { Job = new() { Id = job.Id, Name = job.Name }, Status = RunStatus.Idle };
            },
            ct);
    }
}
