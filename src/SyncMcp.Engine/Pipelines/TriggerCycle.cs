using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Transformations;

namespace SyncMcp.Engine.Pipelines;

/// <summary>
/// A transformation that a pipeline runs before the job after which it is triggered would run before and after that job, round and round: such a
/// circle is refused by name, from whichever side it would be closed.
/// </summary>
internal static class TriggerCycle
{
    /// <summary>Refuses a pipeline whose order closes a circle.</summary>
    /// <exception cref="ApiException">400 naming the circle.</exception>
    public static void Refuse(StoreSession session, PipelineRow pipeline) =>
        Refuse(session, pipeline, id => TransformationTable.Find(session, id));

    /// <summary>Refuses a transformation whose trigger closes a circle with the order of a pipeline.</summary>
    /// <exception cref="ApiException">400 naming the circle.</exception>
    public static void Refuse(StoreSession session, TransformationRow transformation)
    {
        if (transformation.Trigger != TriggerType.AfterJob)
            return;
        foreach (var pipeline in PipelineTable.Of(session, transformation.WorkspaceId))
            Refuse(session, pipeline, id => id == transformation.Id ? transformation : null);
    }

    private static void Refuse(StoreSession session, PipelineRow pipeline, Func<string, TransformationRow?> find)
    {
        var steps = pipeline.Steps.Where(step => step.Enabled is not false).ToList();
        for (var at = 0; at < steps.Count; at++)
        {
            if (steps[at].Type != StepType.Transformation || find(steps[at].Entity!.Id!) is not { Trigger: TriggerType.AfterJob } transformation)
                continue;
            if (steps.Skip(at + 1).FirstOrDefault(step => step.Entity!.Id == transformation.AfterJobId) is { } later)
            {
                var job = JobTable.Find(session, later.Entity!.Id!)?.Name ?? later.Entity.Id!;
                throw ApiException.Invalid(
                    $"That closes a circle: transformation {ApiException.Quote(transformation.Name)} -> job {ApiException.Quote(job)} (order of pipeline {ApiException.Quote(pipeline.Name)}) "
                    + $"-> transformation {ApiException.Quote(transformation.Name)} (its trigger AfterJob). Put the step behind the job's, or set trigger.type to None.",
                    "cycle");
            }
        }
    }
}
