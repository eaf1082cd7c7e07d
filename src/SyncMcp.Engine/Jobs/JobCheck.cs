using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>What must hold of a job before it is stored.</summary>
internal sealed class JobCheck(ScheduleCheck schedules)
{
    /// <summary>Checks the whole job, whichever part of it was changed.</summary>
    /// <exception cref="ApiException">400, naming the member.</exception>
    public void Require(StoreSession session, JobRow job)
    {
        if (JobTable.IsNameTaken(session, job))
            throw ApiException.Invalid($"There is a job named `{ApiException.Quote(job.Name)}` in this workspace already.", "name_taken");
        schedules.Require(job.Definition.Schedule);
        RequireFirstLoad(job.Definition.Settings ?? new());
        RequireTasks(job);
        if (job.Scheduled && Support.Missing(session, job) is { Count: > 0 } missing)
            throw ApiException.Invalid($"`schedule.enabled`: the job cannot run here, so it cannot be armed. {string.Join(" ", missing)}", Support.Code);
    }

    private static void RequireFirstLoad(JobSettings settings)
    {
        if (!string.IsNullOrWhiteSpace(settings.ReplicateStartDate) && !StartValue.TryParse(settings.ReplicateStartDate, out _))
            throw ApiException.Invalid($"`settings.replicate_start_date`: \"{ApiException.Quote(settings.ReplicateStartDate)}\" is not {StartValue.Forms}.", "invalid_start");
        if (settings is { ReplicateIntervalUnit: not null, ReplicateInterval: null })
            throw ApiException.Invalid("`settings.replicate_interval_unit` needs `replicate_interval`: how many of them the first load takes at once.", "invalid_start");
    }

    private static void RequireTasks(JobRow job)
    {
        var writers = new Dictionary<string, JobTask>(StringComparer.OrdinalIgnoreCase);
        foreach (var task in job.Tasks)
        {
            if (TaskShape.Readable(task)?.Check is not null)
                continue; // checks the copy that another task makes
            if (TaskShape.Destination(task, job.Definition.Settings) is { } table && !writers.TryAdd(table, task))
            {
                throw ApiException.Invalid(
                    $"Tasks {writers[table].Name} and {task.Name} would both write the destination table {ApiException.Quote(table)}: each would undo the other. "
                    + $"Give one another destination: REPLICATE [{ApiException.Quote(ReplicateStatement.Of(task.Table, task.Query).DestinationTable)}_2] SELECT * FROM ...",
                    "same_destination");
            }
        }
    }
}
