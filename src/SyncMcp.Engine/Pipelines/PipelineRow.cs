using SyncMcp.Client.Pipelines;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Pipelines;

/// <summary>A pipeline as it is stored: what users wrote, with its steps in order.</summary>
internal sealed record PipelineRow
{
    public required string Id { get; init; }

    public required string WorkspaceId { get; init; }

    /// <summary>The members that users set. Server-set members, steps among them, are added when it is shown.</summary>
    public required Pipeline Definition { get; init; }

    /// <summary>In their order; positions follow from it. Entities by id only; a name only where a user gave one.</summary>
    public IReadOnlyList<PipelineStep> Steps { get; init; } = [];

    /// <summary>Counts changes of the definition, of the steps and of the events, never runs; also the version of each step and event.</summary>
    public long Version { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string Name => Definition.Name!;

    /// <summary>The expression by which it runs; null where it does not run by time.</summary>
    public string? Cron => Definition.Schedule is { Enabled: true, Cron: { } cron } ? cron : null;

    /// <summary>One of its steps.</summary>
    /// <exception cref="ApiException">404.</exception>
    public PipelineStep Step(string id) => Steps.FirstOrDefault(step => step.Id == id) ?? throw ApiException.NotFound($"step of pipeline {Name}", id);

    /// <summary>Ids of the entities of its steps that are of a kind: job, transformation, event.</summary>
    public IEnumerable<string> Entities(string kind) => Steps.Where(step => StepType.Runs(step.Type) == kind).Select(step => step.Entity!.Id!).Distinct();
}
