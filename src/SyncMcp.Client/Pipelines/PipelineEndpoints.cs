using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Pipelines;

/// <summary>Operations on pipelines, their steps and their runs.</summary>
public static class PipelineEndpoints
{
    /// <summary>GET /workspaces/{workspace_id}/pipelines</summary>
    public static readonly Endpoint<ListPipelines, Listing<Pipeline>> List =
        Endpoint.Get<ListPipelines, Listing<Pipeline>>("list_pipelines", "/workspaces/{workspace_id}/pipelines", Kind.Read, Tier.Reads,
            "List the pipelines of a workspace: id, name, status, schedule. For all of one use get_pipeline.");

    /// <summary>GET /pipelines/{pipeline_id}</summary>
    public static readonly Endpoint<PipelineKey, Pipeline> Get =
        Endpoint.Get<PipelineKey, Pipeline>("get_pipeline", "/pipelines/{pipeline_id}", Kind.Read, Tier.Reads,
            "One pipeline: schedule, settings, steps, last run. For its scripts use list_events.");

    /// <summary>POST /workspaces/{workspace_id}/pipelines</summary>
    public static readonly Endpoint<CreatePipeline, Pipeline> Create =
        Endpoint.Post<CreatePipeline, Pipeline>("create_pipeline", "/workspaces/{workspace_id}/pipelines", Kind.Create, Tier.RunsOrArms,
            "Create a pipeline without steps; returns it. Then create_pipeline_step for each job, transformation or event to run in order.");

    /// <summary>PUT /pipelines/{pipeline_id}</summary>
    public static readonly Endpoint<UpdatePipeline, Pipeline> Update =
        Endpoint.Put<UpdatePipeline, Pipeline>("update_pipeline", "/pipelines/{pipeline_id}", Kind.Update, Tier.RunsOrArms,
            "Change a pipeline: only the members given; null clears one. For its steps use update_pipeline_step. Returns it.", Get);

    /// <summary>DELETE /pipelines/{pipeline_id}</summary>
    public static readonly Endpoint<DeletePipeline, Nothing> Delete =
        Endpoint.Delete<DeletePipeline>("delete_pipeline", "/pipelines/{pipeline_id}", Kind.Delete, Tier.DestroysWhole,
            "Delete a pipeline with its events and history AND the jobs and transformations that its steps run; these stay with pipeline_only true. A person types a phrase first.", Get);

    /// <summary>GET /pipelines/{pipeline_id}/history</summary>
    public static readonly Endpoint<ListPipelineHistory, Listing<Run>> History =
        Endpoint.Get<ListPipelineHistory, Listing<Run>>("list_pipeline_history", "/pipelines/{pipeline_id}/history", Kind.Read, Tier.Reads,
            "List the runs of a pipeline, newest first: id, status, times, details. For the steps of one run use get_pipeline_run.");

    /// <summary>POST /pipelines/{pipeline_id}/execute</summary>
    public static readonly Endpoint<PipelineKey, Run> Execute =
        Endpoint.Post<PipelineKey, Run>("execute_pipeline", "/pipelines/{pipeline_id}/execute", Kind.Execute, Tier.RunsOrArms,
            "Start a run of a pipeline; returns the run at once. Follow it with get_pipeline_status, then get_pipeline_run.", Get, runs: History);

    /// <summary>GET /pipelines/{pipeline_id}/status</summary>
    public static readonly Endpoint<PipelineKey, Run> Status =
        Endpoint.Get<PipelineKey, Run>("get_pipeline_status", "/pipelines/{pipeline_id}/status", Kind.Read, Tier.Reads,
            "The present or last run of a pipeline with each step's state. For an earlier run use get_pipeline_run.");

    /// <summary>POST /pipelines/{pipeline_id}/cancel</summary>
    public static readonly Endpoint<PipelineKey, Run> Cancel =
        Endpoint.Post<PipelineKey, Run>("cancel_pipeline", "/pipelines/{pipeline_id}/cancel", Kind.Cancel, Tier.DestroysPart,
            "Stop the running run of a pipeline and its present step; returns the run. What was done stays.", Get, running: Status);

    /// <summary>GET /pipelines/{pipeline_id}/history/{history_id}</summary>
    public static readonly Endpoint<PipelineRunKey, Run> GetRun =
        Endpoint.Get<PipelineRunKey, Run>("get_pipeline_run", "/pipelines/{pipeline_id}/history/{history_id}", Kind.Read, Tier.Reads,
            "One run of a pipeline with its steps: status, details, which one failed. For what scripts wrote use get_pipeline_run_log.");

    /// <summary>GET /pipelines/{pipeline_id}/steps</summary>
    public static readonly Endpoint<PipelineKey, Listing<PipelineStep>> Steps =
        Endpoint.Get<PipelineKey, Listing<PipelineStep>>("list_pipeline_steps", "/pipelines/{pipeline_id}/steps", Kind.Read, Tier.Reads,
            "List the steps of a pipeline in order: id, name, type, entity, enabled.");

    /// <summary>POST /pipelines/{pipeline_id}/steps</summary>
    public static readonly Endpoint<CreatePipelineStep, PipelineStep> CreateStep =
        Endpoint.Post<CreatePipelineStep, PipelineStep>("create_pipeline_step", "/pipelines/{pipeline_id}/steps", Kind.Create, Tier.RunsOrArms,
            "Add a step that runs an existing job, transformation or event of the pipeline; returns it. For a new script use create_event first.", Get);

    /// <summary>PUT /pipelines/{pipeline_id}/steps/{step_id}</summary>
    public static readonly Endpoint<UpdatePipelineStep, PipelineStep> UpdateStep =
        Endpoint.Put<UpdatePipelineStep, PipelineStep>("update_pipeline_step", "/pipelines/{pipeline_id}/steps/{step_id}", Kind.Update, Tier.RunsOrArms,
            "Change a step: only the members given; null clears one. For its order use move_pipeline_step. Returns it.", Steps);

    /// <summary>DELETE /pipelines/{pipeline_id}/steps/{step_id}</summary>
    public static readonly Endpoint<PipelineStepKey, Nothing> DeleteStep =
        Endpoint.Delete<PipelineStepKey>("delete_pipeline_step", "/pipelines/{pipeline_id}/steps/{step_id}", Kind.Delete, Tier.DestroysPart,
            "Delete a step; what it runs stays. To pause it use update_pipeline_step with enabled false.", Steps);

    /// <summary>POST /pipelines/{pipeline_id}/steps/{step_id}/move</summary>
    public static readonly Endpoint<MovePipelineStep, PipelineStep> MoveStep =
        Endpoint.Post<MovePipelineStep, PipelineStep>("move_pipeline_step", "/pipelines/{pipeline_id}/steps/{step_id}/move", Kind.Move, Tier.RunsOrArms,
            "Put a step at another position; returns it.", Steps);

    /// <summary>GET /pipelines/{pipeline_id}/history/{history_id}/log (embedded engine only)</summary>
    public static readonly Endpoint<GetPipelineRunLog, RunLog> RunLog =
        Endpoint.Get<GetPipelineRunLog, RunLog>("get_pipeline_run_log", "/pipelines/{pipeline_id}/history/{history_id}/log", Kind.Read, Tier.Reads,
            "Lines of the log of a pipeline's run: steps, and what scripts wrote by log(); the last 100 by default. Embedded engine only.", extension: true);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        List, Get, Create, Update, Delete, Execute, Cancel, History, GetRun, Status,
        Steps, CreateStep, UpdateStep, DeleteStep, MoveStep, RunLog,
    ];
}
