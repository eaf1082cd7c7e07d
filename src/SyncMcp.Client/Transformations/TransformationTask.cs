using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Transformations;

/// <summary>One SQL statement of a transformation; the tasks run in their order.</summary>
public sealed record TransformationTask
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Display name; defaults to the number that the task got when it was added.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>One statement in the SQL of the destination.</summary>
    [Code] public string? Query { get; init; }

    /// <summary>Order, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>The transformation that owns it.</summary>
    [ServerSet] public Reference? Transformation { get; init; }

    /// <summary>The task's last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names one task of a transformation.</summary>
public sealed record TransformationTaskKey
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("transformation_task")] public required string TaskId { get; init; }
}

/// <summary>A new task of a transformation.</summary>
public sealed record AddTransformationTask
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>One SQL statement, e.g. UPDATE orders SET net = gross / 1.2</summary>
    [Code, StringLength(Limits.Code, MinimumLength = 1)] public required string Query { get; init; }

    /// <summary>Display name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Order, from 1; default last.</summary>
    [Range(1, int.MaxValue)] public int? Position { get; init; }
}

/// <summary>A change of a task of a transformation.</summary>
public sealed record UpdateTransformationTask : IPatch
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("transformation_task")] public required string TaskId { get; init; }

    /// <summary>One SQL statement.</summary>
    [Code, StringLength(Limits.Code, MinimumLength = 1)] public string? Query { get; init; }

    /// <summary>Display name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Puts a task of a transformation at another position.</summary>
public sealed record MoveTransformationTask
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("transformation_task")] public required string TaskId { get; init; }

    /// <summary>From 1; beyond the end: last.</summary>
    [Range(1, int.MaxValue)] public required int Position { get; init; }
}
