using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Transformations;

/// <summary>Stored transformations and tasks as the API shows them.</summary>
internal sealed class TransformationView(ScheduleCheck schedules)
{
    /// <summary>A transformation with its next times.</summary>
    /// <param name="row">The transformation.</param>
    /// <param name="connections">Names of connections by id.</param>
    public Transformation Of(TransformationRow row, IReadOnlyDictionary<string, string> connections)
    {
        var next = schedules.Next(row.Cron);
        var missing = TransformationSupport.Missing(row.Definition);
        return row.Definition with
        {
            Id = row.Id,
            DestinationConnection = new() { Id = row.DestinationId, Name = connections.GetValueOrDefault(row.DestinationId) },
            Trigger = (row.Definition.Trigger ?? new()) with { Type = row.Trigger },
            Status = RunStatus.Idle,
            NextRun = next is [var first, ..] ? first : null,
            NextRuns = next.Count > 0 ? next : null,
            NotSupported = missing.Count > 0 ? missing : null,
            Workspace = new() { Id = row.WorkspaceId },
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Permissions = new() { CanUpdate = true, CanDelete = true, CanExecute = missing.Count == 0 },
        };
    }

    /// <summary>The tasks in their order.</summary>
    public static IReadOnlyList<TransformationTask> Tasks(TransformationRow row) =>
    [
        .. row.Tasks.Select((task, at) => task with { Position = at + 1, Transformation = new Reference { Id = row.Id, Name = row.Name } }),
    ];
}
