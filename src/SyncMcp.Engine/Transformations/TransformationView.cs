using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Transformations;

/// <summary>Stored transformations and tasks as the API shows them.</summary>
internal sealed class TransformationView(RunView runs, ScheduleCheck schedules)
{
    /// <summary>A transformation with its last run and its next times.</summary>
    /// <param name="session">The store.</param>
    /// <param name="row">The transformation.</param>
    /// <param name="connections">Names of connections by id.</param>
    public Transformation Of(StoreSession session, TransformationRow row, IReadOnlyDictionary<string, string> connections)
    {
        var owner = RunOwner.Transformation(row.Id);
        var last = RunTable.Unfinished(session, owner) ?? RunTable.Last(session, owner);
        var next = schedules.Next(row.Cron);
        var missing = TransformationSupport.Missing(row.Definition);
        return row.Definition with
        {
            Id = row.Id,
            DestinationConnection = new() { Id = row.DestinationId, Name = connections.GetValueOrDefault(row.DestinationId) },
            Trigger = (row.Definition.Trigger ?? new()) with { Type = row.Trigger },
            Status = last?.Status ?? RunStatus.Idle,
            LastRun = last is null ? null : runs.Bare(row.Name, last),
            NextRun = next is [var first, ..] ? first : null,
            NextRuns = next.Count > 0 ? next : null,
            NotSupported = missing.Count > 0 ? missing : null,
            Workspace = new() { Id = row.WorkspaceId },
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Permissions = new() { CanUpdate = true, CanDelete = true, CanExecute = missing.Count == 0 },
        };
    }

    /// <summary>The tasks in their order, each with its last run.</summary>
    public static IReadOnlyList<TransformationTask> Tasks(StoreSession session, TransformationRow row)
    {
        var last = TaskRunTable.LastOf(session, RunOwner.Transformation(row.Id));
        return
        [
            .. row.Tasks.Select((task, at) => task with
            {
                Position = at + 1,
                Transformation = new Reference { Id = row.Id, Name = row.Name },
                LastRun = last.GetValueOrDefault(task.Id) is { } run ? RunView.Part(row.Name, run) : null,
            }),
        ];
    }
}
