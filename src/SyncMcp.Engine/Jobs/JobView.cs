using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>Stored jobs and tasks as the API shows them.</summary>
internal sealed class JobView(RunView runs, ScheduleCheck schedules)
{
    /// <summary>A job with its last run and its next times.</summary>
    /// <param name="session">The store.</param>
    /// <param name="job">The job.</param>
    /// <param name="connections">Names of connections by id.</param>
    public Job Of(StoreSession session, JobRow job, IReadOnlyDictionary<string, string>? connections = null)
    {
        connections ??= Names(session, job.WorkspaceId);
        var last = RunTable.Unfinished(session, RunOwner.Job(job.Id)) ?? RunTable.Last(session, RunOwner.Job(job.Id));
        var next = schedules.Next(job.Scheduled ? job.Definition.Schedule!.Cron : null);
        var missing = Support.Missing(session, job);
        return job.Definition with
        {
            Id = job.Id,
            SourceConnection = Named(job.SourceId, connections),
            DestinationConnection = Named(job.DestinationId, connections),
            Status = last?.Status ?? RunStatus.Idle,
            LastRun = last is null ? null : runs.Bare(job.Name, last),
            NextRun = next is [var first, ..] ? first : null,
            NextRuns = next.Count > 0 ? next : null,
            NotSupported = missing.Count > 0 ? missing : null,
            Workspace = new() { Id = job.WorkspaceId },
            CreatedAt = job.CreatedAt,
            UpdatedAt = job.UpdatedAt,
            Permissions = new() { CanUpdate = true, CanDelete = true, CanExecute = missing.Count == 0 },
        };
    }

    /// <summary>Names of a workspace's connections by id.</summary>
    public static IReadOnlyDictionary<string, string> Names(StoreSession session, string workspaceId) =>
        ConnectionTable.ReferencesOf(session, workspaceId).ToDictionary(connection => connection.Id!, connection => connection.Name!, StringComparer.Ordinal);

    /// <summary>The tasks of a job in their order, each with its last run.</summary>
    public static IReadOnlyList<JobTask> Tasks(StoreSession session, JobRow job)
    {
        var last = TaskRunTable.LastOf(session, RunOwner.Job(job.Id));
        var reached = TaskRunTable.LastReached(session, RunOwner.Job(job.Id));
        return [.. job.Tasks.Select((task, at) => task with
        {
            Position = at + 1,
            Enabled = task.Enabled ?? true,
            Job = new Reference { Id = job.Id, Name = job.Name },
            CheckColumnUsed = reached.GetValueOrDefault(task.Id)?.CheckColumn,
            Checkpoint = reached.GetValueOrDefault(task.Id)?.Checkpoint,
            LastRun = last.GetValueOrDefault(task.Id) is { } run ? RunView.Part(job.Name, run) : null,
        })];
    }

    private static Reference Named(string id, IReadOnlyDictionary<string, string> names) => new() { Id = id, Name = names.GetValueOrDefault(id) };
}
