using System.ComponentModel.DataAnnotations;

namespace SyncMcp.Client.Transformations;

/// <summary>Which runs of a transformation are meant, newest first.</summary>
public sealed record ListTransformationHistory : IPaged
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Only runs in this state, e.g. Failed.</summary>
    [StringLength(40)] public string? Status { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedAfter { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedBefore { get; init; }

    /// <inheritdoc/>
    public int? Limit { get; init; }

    /// <inheritdoc/>
    public int? Offset { get; init; }
}

/// <summary>Which runs of one task of a transformation are meant, newest first.</summary>
public sealed record ListTransformationTaskHistory : IPaged
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("transformation_task")] public required string TaskId { get; init; }

    /// <summary>Only runs in this state, e.g. Failed.</summary>
    [StringLength(40)] public string? Status { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedAfter { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedBefore { get; init; }

    /// <inheritdoc/>
    public int? Limit { get; init; }

    /// <inheritdoc/>
    public int? Offset { get; init; }
}

/// <summary>Names one run of a transformation.</summary>
public sealed record TransformationRunKey
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }
}
