using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Events;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>A pipeline's run at work: one step after another.</summary>
internal sealed class PipelineWork(PipelineRow pipeline, RunRow run, IReadOnlyDictionary<string, PipelineEvent> events, EngineStore store, Dispatch dispatch) : IRunWork
{
    public bool ContinuesOnError => pipeline.Definition.Settings?.ContinueOnError is true;

    public int AtOnce => 1;

    public bool IsWhole => false;

    public Task<string?> OpenAsync(CancellationToken ct) => Task.FromResult<string?>(null);

    public Task<PartResult> WorkAsync(TaskRunRow part, ITaskObserver observer, CancellationToken ct)
    {
        var step = pipeline.Step(part.TaskId); // the pipeline is as it was when the run was started
        return PipelineRuns.EntityOf(step) is { } owner ? RunAsync(step, owner, part, observer, ct) : ScriptAsync(step, part, observer, ct);
    }

    public Task CommitAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<PartResult> RunAsync(PipelineStep step, RunOwner owner, TaskRunRow part, ITaskObserver observer, CancellationToken ct)
    {
        // After an interruption the step goes on with the run that it had started.
        if ((part.ChildRunId ?? await store.WriteAsync(session => Start(session, step, owner, part), CancellationToken.None)) is not { } childId)
            return await CanceledAsync(ct);
        observer.Log(LogLevel.Info, $"{(part.ChildRunId is null ? "Started" : "Going on with")} run {childId} of {owner.Kind} {part.TaskName}.");
        var child = await dispatch.WorkChildAsync(childId, ct);
        if (RunStatus.Read(child.Status) is RunState.Canceled && await store.ReadAsync(IsCanceled, CancellationToken.None))
            return await CanceledAsync(ct);
        var end = $"{owner.Kind} run {child.Id} ended: {child.Status}. {child.Details}";
        return RunStatus.Read(child.Status) is RunState.Succeeded
            ? new() { Details = end, RowsRead = child.RowsRead, RecordsAffected = child.RecordsAffected }
            : throw new ReplicationException("step_failed", end);
    }

    private bool IsCanceled(StoreSession session) => RunTable.Find(session, run.Id)?.CanceledBy is not null;

    // Whoever cancels has stored it and stops us in a moment: until then the step has not failed.
    private static async Task<PartResult> CanceledAsync(CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        throw new OperationCanceledException(ct);
    }

    /// <summary>Stores the step's run, unless the step would do something else than what the pipeline's run was started for; null where that was canceled.</summary>
    private string? Start(StoreSession session, PipelineStep step, RunOwner owner, TaskRunRow part)
    {
        if (IsCanceled(session))
            return null;
        if (dispatch.Kind(owner.Kind).Find(session, owner.Id) is not { } thing)
            throw new ReplicationException("entity_missing", $"the {owner.Kind} of this step is gone. Give the step another (update_pipeline_step), or delete it.");
        if (step.Type == StepType.ReverseETL)
            throw new ReplicationException("not_on_this_server", "jobs of type ReverseETL do not run on the embedded engine. Disable this step.");
        if (!PipelineRuns.IsStill(session, step, run, dispatch))
            throw new ReplicationException("changed", $"the pipeline, or {owner.Kind} {thing.Name}, its connections or what it starts, was changed after this run was started. Start the pipeline again.");
        try
        {
            var child = dispatch.Starts.Insert(session, thing, thing.Choose(session), $"pipeline {pipeline.Name}", parentRunId: run.Id);
            TaskRunTable.SetChild(session, part.Id, child.Id);
            return child.Id;
        }
        catch (ApiException e)
        {
            throw new ReplicationException(e.Code, e.Message, e);
        }
    }

    private async Task<PartResult> ScriptAsync(PipelineStep step, TaskRunRow part, ITaskObserver observer, CancellationToken ct)
    {
        if (!events.TryGetValue(step.Entity?.Id ?? "", out var script))
            throw new ReplicationException("entity_missing", "the event of this step is gone. Give the step another (update_pipeline_step), or delete it.");
        var before = await store.ReadAsync(session => TaskRunTable.Of(session, run.Id).LastOrDefault(other => other.Position < part.Position), ct);
        var result = await ScriptEngine.RunAsync(script.Script ?? "", new(run, pipeline.Name, part, before), text => observer.Log(LogLevel.Info, text), ct);
        return new() { Details = result is null ? "The script ended." : $"The script gave {(result.Length <= 200 ? result : result[..199] + "…")}", Output = result };
    }
}
