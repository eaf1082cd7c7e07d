using SyncMcp.Client.Events;

namespace SyncMcp.Engine.Events;

/// <summary>An event as it is stored. It has no version of its own: that of its pipeline counts its changes.</summary>
internal sealed record EventRow
{
    public required string Id { get; init; }

    public required string PipelineId { get; init; }

    /// <summary>The members that users set.</summary>
    public required PipelineEvent Definition { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string Name => Definition.Name!;
}
