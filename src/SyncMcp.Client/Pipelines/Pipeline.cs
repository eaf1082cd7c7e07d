using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Pipelines;

/// <summary>An ordered list of steps, run one after another: jobs, transformations and events.</summary>
public sealed record Pipeline
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name, unique in the workspace.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>How it runs.</summary>
    public PipelineSettings? Settings { get; init; }

    /// <summary>Its steps in order; a server may leave them out here.</summary>
    [ServerSet] public IReadOnlyList<PipelineStep>? Steps { get; init; }

    /// <summary>Last or present state.</summary>
    [ServerSet] public string? Status { get; init; }

    /// <summary>The last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>When the schedule starts it next.</summary>
    [ServerSet] public DateTimeOffset? NextRun { get; init; }

    /// <summary>The next five times of an enabled schedule; embedded engine only.</summary>
    [ServerSet] public IReadOnlyList<DateTimeOffset>? NextRuns { get; init; }

    /// <summary>What it asks for and this engine cannot do, with the way out; it does not run or arm then. Embedded engine only.</summary>
    [ServerSet] public IReadOnlyList<string>? NotSupported { get; init; }

    /// <summary>The workspace that owns it.</summary>
    [ServerSet] public Reference? Workspace { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the caller may do.</summary>
    [ServerSet] public Permissions? Permissions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>How a pipeline runs; merged member by member on update.</summary>
public sealed record PipelineSettings
{
    /// <summary>Detail of the log.</summary>
    [AllowedValues("None", "Error", "Info", "Transfer", "Verbose")] public string? Verbosity { get; init; }

    /// <summary>Go on with the next step after one failed (default: stop).</summary>
    public bool? ContinueOnError { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names the workspace whose pipelines are meant.</summary>
public sealed record ListPipelines
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";
}

/// <summary>Names one pipeline.</summary>
public sealed record PipelineKey
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }
}

/// <summary>A new pipeline.</summary>
public sealed record CreatePipeline
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";

    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>How it runs.</summary>
    public PipelineSettings? Settings { get; init; }
}

/// <summary>A change of a pipeline; objects are merged member by member, arrays replaced.</summary>
public sealed record UpdatePipeline : IPatch
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>How it runs.</summary>
    public PipelineSettings? Settings { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Names a pipeline to delete, and what goes with it.</summary>
public sealed record DeletePipeline
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>True keeps jobs and transformations; default false DELETES them.</summary>
    public bool? PipelineOnly { get; init; }
}
