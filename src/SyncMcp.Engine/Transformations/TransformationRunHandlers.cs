using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Transformations;

/// <summary>The operations on the runs of transformations.</summary>
internal static class TransformationRunHandlers
{
    /// <summary>Gives them their handlers.</summary>
    public static void Map(Routes routes, Dispatch dispatch, RunHandlers runs)
    {
        routes.Map(TransformationEndpoints.Execute, (call, ct) => runs.ExecuteAsync(
            call, call.Request.TransformationId, (session, thing) => dispatch.Starts.Insert(session, thing, thing.Choose(session), call.Principal.Name), ct));
        routes.Map(TransformationEndpoints.Status, (call, ct) => runs.StatusAsync(call.Request.TransformationId, ct));
        routes.Map(TransformationEndpoints.History, (call, ct) => runs.HistoryAsync(
            call.Request.TransformationId, new(call.Request.Status, call.Request.StartedAfter, call.Request.StartedBefore, call.Request.Limit, call.Request.Offset), ct));
        routes.Map(TransformationEndpoints.GetRun, (call, ct) => runs.GetAsync(call.Request.TransformationId, call.Request.HistoryId, ct));
        routes.Map(TransformationEndpoints.LastTaskRuns, (call, ct) => runs.LastPartRunsAsync(call.Request.TransformationId, ct));
        routes.Map(TransformationEndpoints.TaskHistory, (call, ct) => runs.PartHistoryAsync(
            call.Request.TransformationId, call.Request.TaskId, new(call.Request.Status, call.Request.StartedAfter, call.Request.StartedBefore, call.Request.Limit, call.Request.Offset), ct));
        routes.Map(TransformationEndpoints.RunLog, (call, ct) => runs.LogAsync(
            call.Request.TransformationId, call.Request.HistoryId, (call.Request.Tail, call.Request.After, call.Request.Grep), ct));
    }
}
