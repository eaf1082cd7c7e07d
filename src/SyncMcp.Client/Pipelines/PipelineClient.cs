using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Pipelines;

/// <summary>Typed doors to <see cref="PipelineEndpoints"/>.</summary>
public sealed class PipelineClient(SyncClient sync)
{
    /// <summary>Lists the pipelines of a workspace.</summary>
    public Task<Listing<Pipeline>> ListAsync(ListPipelines request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.List, request, ct: ct);

    /// <summary>Reads one pipeline.</summary>
    public Task<Pipeline> GetAsync(PipelineKey request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Get, request, ct: ct);

    /// <summary>Creates a pipeline without steps.</summary>
    public Task<Pipeline> CreateAsync(CreatePipeline request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Create, request, options, ct);

    /// <summary>Changes a pipeline.</summary>
    public Task<Pipeline> UpdateAsync(UpdatePipeline request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Update, request, options, ct);

    /// <summary>Deletes a pipeline with its events and history, and what its steps refer to unless told otherwise.</summary>
    public Task DeleteAsync(DeletePipeline request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Delete, request, options, ct);

    /// <summary>Starts a run; answers at once.</summary>
    public Task<Run> ExecuteAsync(PipelineKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Execute, request, options, ct);

    /// <summary>Stops the running run and its present step.</summary>
    public Task<Run> CancelAsync(PipelineKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Cancel, request, options, ct);

    /// <summary>Lists the runs of a pipeline, newest first.</summary>
    public Task<Listing<Run>> HistoryAsync(ListPipelineHistory request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.History, request, ct: ct);

    /// <summary>Reads one run with its steps.</summary>
    public Task<Run> GetRunAsync(PipelineRunKey request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.GetRun, request, ct: ct);

    /// <summary>The present or last run.</summary>
    public Task<Run> StatusAsync(PipelineKey request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Status, request, ct: ct);

    /// <summary>Lists the steps of a pipeline in order.</summary>
    public Task<Listing<PipelineStep>> StepsAsync(PipelineKey request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.Steps, request, ct: ct);

    /// <summary>Adds a step.</summary>
    public Task<PipelineStep> CreateStepAsync(CreatePipelineStep request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.CreateStep, request, options, ct);

    /// <summary>Changes a step.</summary>
    public Task<PipelineStep> UpdateStepAsync(UpdatePipelineStep request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.UpdateStep, request, options, ct);

    /// <summary>Deletes a step; what it runs stays.</summary>
    public Task DeleteStepAsync(PipelineStepKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.DeleteStep, request, options, ct);

    /// <summary>Puts a step at another position.</summary>
    public Task<PipelineStep> MoveStepAsync(MovePipelineStep request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.MoveStep, request, options, ct);

    /// <summary>Lines of a run's log (embedded engine only).</summary>
    public Task<RunLog> RunLogAsync(GetPipelineRunLog request, CancellationToken ct = default) => sync.SendAsync(PipelineEndpoints.RunLog, request, ct: ct);
}
