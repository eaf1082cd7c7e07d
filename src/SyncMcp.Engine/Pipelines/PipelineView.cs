using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Pipelines;

/// <summary>Stored pipelines and steps as the API shows them.</summary>
internal sealed class PipelineView(RunView runs, ScheduleCheck schedules)
{
    /// <summary>A pipeline with its steps, its last run and its next times.</summary>
    public Pipeline Of(StoreSession session, PipelineRow row)
    {
        var last = RunTable.Unfinished(session, RunOwner.Pipeline(row.Id)) ?? RunTable.Last(session, RunOwner.Pipeline(row.Id));
        var next = schedules.Next(row.Cron);
        var missing = PipelineCheck.Missing(row.Definition);
        return row.Definition with
        {
            Id = row.Id,
            Steps = Steps(session, row),
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

    /// <summary>The steps in their order; one without a name of its own bears that of what it runs.</summary>
    public static IReadOnlyList<PipelineStep> Steps(StoreSession session, PipelineRow row)
    {
        var last = TaskRunTable.LastOf(session, RunOwner.Pipeline(row.Id));
        return
        [
            .. row.Steps.Select((step, at) =>
            {
                var entity = StepEntity.NameOf(session, step);
                return step with
                {
                    Name = step.Name ?? entity,
                    Entity = new Reference { Id = step.Entity!.Id, Name = entity },
                    Position = at + 1,
                    Enabled = step.Enabled ?? true,
                    Pipeline = new() { Id = row.Id, Name = row.Name },
                    LastRun = last.GetValueOrDefault(step.Id) is { } run ? RunView.Part(row.Name, run) : null,
                };
            }),
        ];
    }
}
