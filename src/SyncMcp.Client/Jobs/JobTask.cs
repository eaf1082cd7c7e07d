using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Jobs;

/// <summary>One data flow of a job: a source table or query into a destination table.</summary>
public sealed record JobTask
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Display name; defaults to the table.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>Source table, spelled exactly as the source lists it.</summary>
    public string? Table { get; init; }

    /// <summary>REPLICATE statement; wins over the table.</summary>
    [Code] public string? Query { get; init; }

    /// <summary>Order, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>False: left out of runs.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The job that owns it.</summary>
    [ServerSet] public Reference? Job { get; init; }

    /// <summary>Column whose growth tells which rows are new; chosen by the server where it is not set.</summary>
    public string? IncrementalCheckColumn { get; init; }

    /// <summary>The column that the last run went by: the one set, or the one that the engine chose. Embedded engine only.</summary>
    [ServerSet] public string? CheckColumnUsed { get; init; }

    /// <summary>What was read up to here; a copy of what the destination holds.</summary>
    [ServerSet] public string? Checkpoint { get; init; }

    /// <summary>The task's last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names one task of a job.</summary>
public sealed record JobTaskKey
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("task")] public required string TaskId { get; init; }
}

/// <summary>A new task: one of table and query.</summary>
public sealed record AddJobTask
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Source table, as list_connection_tables spells it.</summary>
    [StringLength(1000, MinimumLength = 1)] public string? Table { get; init; }

    /// <summary>Or REPLICATE [Dest] SELECT a, b AS c FROM [Source] WHERE ...</summary>
    [Code, StringLength(Limits.Code, MinimumLength = 1)] public string? Query { get; init; }

    /// <summary>Display name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Order, from 1; default last.</summary>
    [Range(1, int.MaxValue)] public int? Position { get; init; }

    /// <summary>Default true.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Column whose growth tells which rows are new; else the server chooses.</summary>
    [StringLength(Limits.Name)] public string? IncrementalCheckColumn { get; init; }
}

/// <summary>A change of a task.</summary>
public sealed record UpdateJobTask : IPatch
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("task")] public required string TaskId { get; init; }

    /// <summary>Source table.</summary>
    [StringLength(1000, MinimumLength = 1)] public string? Table { get; init; }

    /// <summary>REPLICATE statement; wins over table.</summary>
    [Code, StringLength(Limits.Code, MinimumLength = 1)] public string? Query { get; init; }

    /// <summary>Display name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>False leaves it out of runs.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Its growth tells which rows are new.</summary>
    [StringLength(Limits.Name)] public string? IncrementalCheckColumn { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Puts a task at another position.</summary>
public sealed record MoveJobTask
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("task")] public required string TaskId { get; init; }

    /// <summary>From 1; beyond the end: last.</summary>
    [Range(1, int.MaxValue)] public required int Position { get; init; }
}
