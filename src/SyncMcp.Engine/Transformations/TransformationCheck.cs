using SyncMcp.Client;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Pipelines;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Workspaces;

namespace SyncMcp.Engine.Transformations;

/// <summary>What must hold of a transformation before it is stored.</summary>
internal sealed class TransformationCheck(ScheduleCheck schedules)
{
    /// <summary>The definition with ids in the places of names.</summary>
    /// <exception cref="ApiException">400: a name or id means nothing, or nothing of this workspace.</exception>
    public static Transformation Resolved(StoreSession session, string workspaceId, Transformation definition) => definition with
    {
        DestinationConnection = ConnectionChoice.Of(session, workspaceId, definition.DestinationConnection, "destination_connection"),
        Trigger = definition.Trigger is { } trigger ? Resolved(session, workspaceId, trigger) : null,
    };

    /// <summary>Checks the whole, whichever part of it was changed.</summary>
    /// <exception cref="ApiException">400, naming the member.</exception>
    public void Require(StoreSession session, TransformationRow row)
    {
        if (TransformationTable.IsNameTaken(session, row))
            throw ApiException.Invalid($"There is a transformation named `{ApiException.Quote(row.Name)}` in this workspace already.", "name_taken");
        if (row.Tasks.Count > 0 && row.Definition.Type != "SQL")
            throw ApiException.Invalid($"A transformation of type {row.Definition.Type} has no SQL tasks: its project says what is done.", "not_sql");
        RequireTrigger(row);
        TriggerCycle.Refuse(session, row);
        if (row.IsArmed && TransformationSupport.Missing(row.Definition) is { Count: > 0 } missing)
            throw ApiException.Invalid($"`trigger.type`: the transformation cannot run here, so it cannot be armed. {string.Join(" ", missing)}", Support.Code);
    }

    private static TransformationTrigger Resolved(StoreSession session, string workspaceId, TransformationTrigger trigger)
    {
        if (string.IsNullOrWhiteSpace(trigger.AfterJob))
        {
            return trigger.AfterJobTasks is { Count: > 0 }
                ? throw ApiException.Invalid("`trigger.after_job_tasks` needs `trigger.after_job`: the job whose tasks they are.")
                : trigger with { AfterJob = null, AfterJobTasks = null };
        }

        var id = new ReferenceChoice("job", JobTable.ReferencesOf(session, workspaceId), other => JobTable.Find(session, other)?.WorkspaceId)
            .Of(Reference.Parse(trigger.AfterJob), "trigger.after_job");
        var job = JobTable.Get(session, id);
        return trigger with { AfterJob = id, AfterJobTasks = trigger.AfterJobTasks is { Count: > 0 } named ? [.. named.Select(name => TaskChoice.Find(job, name).Id).Distinct()] : null };
    }

    private void RequireTrigger(TransformationRow row)
    {
        var (trigger, schedule) = (row.Definition.Trigger, row.Definition.Schedule);
        if (!string.IsNullOrWhiteSpace(trigger?.ScheduleCron))
            schedules.Require(trigger.ScheduleCron, "trigger.schedule_cron");
        if (!string.IsNullOrWhiteSpace(schedule?.Cron))
            schedules.Require(schedule.Cron, "schedule.cron");

        schedules.RequireFree(row.Trigger == TriggerType.Scheduled, "trigger.type");
        switch (row.Trigger)
        {
            case TriggerType.Scheduled when row.Expression is null:
                throw ScheduleCheck.Missing("trigger.schedule_cron");
            case TriggerType.Scheduled when !string.IsNullOrWhiteSpace(trigger?.ScheduleCron) && !string.IsNullOrWhiteSpace(schedule?.Cron) && trigger.ScheduleCron != schedule.Cron:
                throw ApiException.Invalid($"`trigger.schedule_cron` ({trigger.ScheduleCron}) and `schedule.cron` ({schedule.Cron}) say different times. Give one of them.", "invalid_trigger");
            case TriggerType.AfterJob when row.AfterJobId is null:
                throw ApiException.Invalid("`trigger.after_job` is missing: the id or name of the job after which it runs.", "invalid_trigger");
            case not TriggerType.Scheduled when schedule?.Enabled is true:
                throw ApiException.Invalid("`schedule.enabled`: `trigger.type` decides what starts a transformation. Set trigger.type to Scheduled, or schedule.enabled to false.", "invalid_trigger");
        }
    }
}
