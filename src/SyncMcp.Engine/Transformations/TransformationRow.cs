using SyncMcp.Client.Transformations;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Transformations;

/// <summary>A transformation as it is stored: what users wrote, with its tasks in order.</summary>
internal sealed record TransformationRow
{
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>The members that users set; connection, job and tasks of the trigger by id only. Server-set members are added when it is shown.</summary>
    public required Transformation Definition { get; init; }

    /// <summary>In their order; positions follow from it.</summary>
    public IReadOnlyList<TransformationTask> Tasks { get; init; } = [];

    /// <summary>Counts changes of the definition and of its tasks, never its runs; also the version of each task.</summary>
    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string Name => Definition.Name!;

    public string DestinationId => Definition.DestinationConnection!.Id!;

    /// <summary>The job of its trigger, whether or not the trigger's type is AfterJob at present.</summary>
    public string? AfterJobId => Definition.Trigger?.AfterJob;

    /// <summary>The trigger's type; it alone decides what starts the transformation.</summary>
    public string Trigger => Definition.Trigger?.Type ?? TriggerType.None;

    /// <summary>The expression by which it runs; null where it does not run by time.</summary>
    public string? Cron => Trigger == TriggerType.Scheduled && Definition.Schedule?.Enabled is not false ? Expression : null;

    /// <summary>The expression it would run by.</summary>
    public string? Expression => Filled(Definition.Trigger?.ScheduleCron) ?? Filled(Definition.Schedule?.Cron);

    /// <summary>It runs by itself: at times or after a job.</summary>
    public bool IsArmed => Cron is not null || Trigger == TriggerType.AfterJob;

    /// <summary>One of its tasks.</summary>
    /// <exception cref="ApiException">404.</exception>
    public TransformationTask Task(string id) => Tasks.FirstOrDefault(task => task.Id == id) ?? throw ApiException.NotFound($"task of transformation {Name}", id);

    private static string? Filled(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
