using System.ComponentModel.DataAnnotations;

namespace SyncMcp.Client.Pipelines;

/// <summary>Which runs of a pipeline are meant, newest first.</summary>
public sealed record ListPipelineHistory : IPaged
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

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

/// <summary>Names one run of a pipeline.</summary>
public sealed record PipelineRunKey
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }
}

/// <summary>Which lines of the log of a pipeline's run are meant.</summary>
public sealed record GetPipelineRunLog
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }

    /// <summary>Last lines, default 100.</summary>
    [Range(1, 1000)] public int? Tail { get; init; }

    /// <summary>Or lines after this one.</summary>
    [Range(0, int.MaxValue)] public int? After { get; init; }

    /// <summary>Only lines that contain this.</summary>
    [StringLength(200, MinimumLength = 1)] public string? Grep { get; init; }
}
