using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>The operations on the runs of jobs.</summary>
internal static class JobRunHandlers
{
    /// <summary>Gives them their handlers.</summary>
    public static void Map(Routes routes, Dispatch dispatch, RunHandlers runs)
    {
        routes.Map(JobEndpoints.Execute, (call, ct) => runs.ExecuteAsync(call, call.Request.JobId, (session, thing) => Insert(call, session, thing, dispatch), ct));
        routes.Map(JobEndpoints.Cancel, (call, ct) => runs.CancelAsync(call, call.Request.JobId, ct));
        routes.Map(JobEndpoints.Status, (call, ct) => runs.StatusAsync(call.Request.JobId, ct));
        routes.Map(JobEndpoints.History, (call, ct) => runs.HistoryAsync(
            call.Request.JobId, new(call.Request.Status, call.Request.StartedAfter, call.Request.StartedBefore, call.Request.Limit, call.Request.Offset), ct));
        routes.Map(JobEndpoints.GetRun, (call, ct) => runs.GetAsync(call.Request.JobId, call.Request.HistoryId, ct));
        routes.Map(JobEndpoints.LastTaskRuns, (call, ct) => runs.LastPartRunsAsync(call.Request.JobId, ct));
        routes.Map(JobEndpoints.TaskHistory, (call, ct) => runs.PartHistoryAsync(
            call.Request.JobId, call.Request.TaskId, new(call.Request.Status, call.Request.StartedAfter, call.Request.StartedBefore, call.Request.Limit, call.Request.Offset), ct));
        routes.Map(JobEndpoints.RunLog, (call, ct) => runs.LogAsync(call.Request.JobId, call.Request.HistoryId, (call.Request.Tail, call.Request.After, call.Request.Grep), ct));
    }

    private static RunRow Insert(ApiCall<ExecuteJob> call, StoreSession session, IRunnable thing, Dispatch dispatch)
    {
        var job = Adoption.Store(call, session, JobTable.Get(session, thing.Owner.Id));
        return dispatch.Starts.Insert(session, thing, JobRuns.Of(TaskChoice.Of(session, job, call.Request.TaskIds)), call.Principal.Name, call.Request.FullRefresh ?? false);
    }
}
