using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>Which tasks a run works.</summary>
internal static class TaskChoice
{
    /// <summary>All enabled tasks, or those named by id or name, in the job's order.</summary>
    /// <exception cref="ApiException">400: the job cannot be run by this engine, has nothing to run, or a name fits no task or several.</exception>
    public static IReadOnlyList<JobTask> Of(StoreSession session, JobRow job, IReadOnlyList<string>? named)
    {
        if (Support.Missing(session, job) is { Count: > 0 } missing)
            throw ApiException.Invalid($"Job {job.Name} cannot run here: {string.Join(" ", missing)}", Support.Code);
        if (named is null || named.Count == 0)
        {
            var enabled = job.Tasks.Where(task => task.Enabled is not false).ToList();
            return enabled.Count > 0 || job.Definition.Type == NewTables.JobType
                ? enabled
                : throw ApiException.Invalid($"Job {job.Name} has no enabled task. Add one (POST /jobs/{job.Id}/tasks), or enable one.", "no_tasks");
        }

        var chosen = named.Select(name => Find(job, name)).ToHashSet();
        if (chosen.FirstOrDefault(task => task.Enabled is false) is { } disabled)
            throw ApiException.Invalid($"Task {disabled.Name} is disabled. Enable it first, or leave it out of task_ids.", "task_disabled");
        return [.. job.Tasks.Where(chosen.Contains)];
    }

    /// <summary>One task by id or name.</summary>
    /// <exception cref="ApiException">400: there is none, or the name fits several.</exception>
    public static JobTask Find(JobRow job, string name)
    {
        if (job.Tasks.FirstOrDefault(task => task.Id == name) is { } byId)
            return byId;
        var byName = job.Tasks.Where(task => task.Name == name).ToList();
        if (byName.Count == 0)
            byName = [.. job.Tasks.Where(task => string.Equals(task.Name, name, StringComparison.OrdinalIgnoreCase))];
        return byName switch
        {
            [var one] => one,
            [] => throw ApiException.Invalid($"Job {job.Name} has no task `{ApiException.Quote(name)}`. It has: {string.Join(", ", job.Tasks.Select(task => task.Name))}.", "not_found"),
            _ => throw ApiException.Invalid($"Job {job.Name} has {byName.Count} tasks named `{ApiException.Quote(name)}`. Use an id: {string.Join(", ", byName.Select(task => task.Id))}.", "ambiguous_name"),
        };
    }
}
