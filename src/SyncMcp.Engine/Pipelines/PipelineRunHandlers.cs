using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Pipelines;

/// <summary>The operations on the runs of pipelines.</summary>
internal static class PipelineRunHandlers
{
    /// <summary>Gives them their handlers.</summary>
    public static void Map(Routes routes, Dispatch dispatch, RunHandlers runs)
    {
        routes.Map(PipelineEndpoints.Execute, (call, ct) => runs.ExecuteAsync(
            call,
            call.Request.PipelineId,
            (session, thing) =>
            {
                Adoption.StoreEach(call, session);
                return dispatch.Starts.Insert(session, thing, thing.Choose(session), call.Principal.Name);
            },
            ct));
        routes.Map(PipelineEndpoints.Cancel, (call, ct) => runs.CancelAsync(call, call.Request.PipelineId, ct));
        routes.Map(PipelineEndpoints.Status, (call, ct) => runs.StatusAsync(call.Request.PipelineId, ct));
        routes.Map(PipelineEndpoints.History, (call, ct) => runs.HistoryAsync(
            call.Request.PipelineId, new(call.Request.Status, call.Request.StartedAfter, call.Request.StartedBefore, call.Request.Limit, call.Request.Offset), ct));
        routes.Map(PipelineEndpoints.GetRun, (call, ct) => runs.GetAsync(call.Request.PipelineId, call.Request.HistoryId, ct));
        routes.Map(PipelineEndpoints.RunLog, (call, ct) => runs.LogAsync(
            call.Request.PipelineId, call.Request.HistoryId, (call.Request.Tail, call.Request.After, call.Request.Grep), ct));
    }
}
