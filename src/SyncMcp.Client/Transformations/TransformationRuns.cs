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

/// <summary>Which lines of the log of a transformation's run are meant.</summary>
public sealed record GetTransformationRunLog
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }

    /// <summary>Last lines, default 100.</summary>
    [Range(1, 1000)] public int? Tail { get; init; }

    /// <summary>Or lines after this one.</summary>
    [Range(0, int.MaxValue)] public int? After { get; init; }

    /// <summary>Only lines that contain this.</summary>
    [StringLength(200, MinimumLength = 1)] public string? Grep { get; init; }
}
