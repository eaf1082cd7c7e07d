using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Jobs;

/// <summary>A job as it is stored: what users wrote, with its tasks in order.</summary>
internal sealed record JobRow
{
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>The members that users set; connections by id only. Server-set members are added when it is shown.</summary>
    public required Job Definition { get; init; }

    /// <summary>In their order; positions follow from it.</summary>
    public IReadOnlyList<JobTask> Tasks { get; init; } = [];

    /// <summary>Existing destination tables that an approved definition names.</summary>
    public IReadOnlyList<string> Adopted { get; init; } = [];

    /// <summary>Counts changes of the definition and of its tasks, never its runs; also the version of each task, as a change of one may concern all.</summary>
    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string Name => Definition.Name!;

    public string SourceId => Definition.SourceConnection!.Id!;

    public string DestinationId => Definition.DestinationConnection!.Id!;

    /// <summary>One of its tasks.</summary>
    /// <exception cref="ApiException">404.</exception>
    public JobTask Task(string id) => Tasks.FirstOrDefault(task => task.Id == id) ?? throw ApiException.NotFound($"task of job {Name}", id);

    public bool Scheduled => Definition.Schedule is { Enabled: true, Cron: not null };
}
