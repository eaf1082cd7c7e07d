using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>What must hold of a pipeline before it is stored, and what this engine cannot do of it.</summary>
internal sealed class PipelineCheck(ScheduleCheck schedules)
{
    /// <summary>A sentence for each thing that it asks for and cannot have.</summary>
    public static IReadOnlyList<string> Missing(Pipeline pipeline) =>
        pipeline.Alerts?.SendEmail is true ? ["alerts.send_email: this engine sends no mail; set it to false."] : [];

    /// <summary>Checks the whole, whichever part of it was changed.</summary>
    /// <exception cref="ApiException">400, naming the member.</exception>
    public void Require(StoreSession session, PipelineRow row)
    {
        if (PipelineTable.IsNameTaken(session, row))
            throw ApiException.Invalid($"There is a pipeline named `{ApiException.Quote(row.Name)}` in this workspace already.", "name_taken");
        schedules.Require(row.Definition.Schedule);
        TriggerCycle.Refuse(session, row);
        if (row.Cron is not null && Missing(row.Definition) is { Count: > 0 } missing)
            throw ApiException.Invalid($"`schedule.enabled`: the pipeline cannot run here, so it cannot be armed. {string.Join(" ", missing)}", Support.Code);
    }
}
