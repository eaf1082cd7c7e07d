using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Pipelines;

/// <summary>One unit of a pipeline: it runs a job, a transformation or an event that is there already.</summary>
public sealed record PipelineStep
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Display name; defaults to the entity's.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary><c>Replication</c>, <c>ReverseETL</c>, <c>Transformation</c> or <c>Event</c>; see <see cref="StepType"/>.</summary>
    public string? Type { get; init; }

    /// <summary>The job, transformation or event that it runs.</summary>
    public Reference? Entity { get; init; }

    /// <summary>Order, from 1.</summary>
    public int? Position { get; init; }

    /// <summary>False: left out of runs.</summary>
    public bool? Enabled { get; init; }

    /// <summary>The pipeline that owns it.</summary>
    [ServerSet] public Reference? Pipeline { get; init; }

    /// <summary>The step's last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>The words for what a step runs.</summary>
public static class StepType
{
    /// <summary>A job of any type but ReverseETL.</summary>
    public const string Replication = "Replication";

    /// <summary>A job of type ReverseETL.</summary>
    public const string ReverseETL = "ReverseETL";

    /// <summary>A transformation.</summary>
    public const string Transformation = "Transformation";

    /// <summary>An event of the same pipeline.</summary>
    public const string Event = "Event";

    /// <summary>What the entity of such a step is: <c>job</c>, <c>transformation</c> or <c>event</c>; null for a word that is none of these.</summary>
    public static string? Runs(string? type) => type switch
    {
        Replication or ReverseETL => "job",
        Transformation => "transformation",
        Event => "event",
        _ => null,
    };
}

/// <summary>Names one step of a pipeline.</summary>
public sealed record PipelineStepKey
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Step id or name.</summary>
    [Names("step")] public required string StepId { get; init; }
}

/// <summary>A new step of a pipeline.</summary>
public sealed record CreatePipelineStep
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>What it runs.</summary>
    [AllowedValues("Replication", "ReverseETL", "Transformation", "Event")] public required string Type { get; init; }

    /// <summary>The job, transformation or event that it runs.</summary>
    [Names("entity")] public required Reference Entity { get; init; }

    /// <summary>Display name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Order, from 1; default last.</summary>
    [Range(1, int.MaxValue)] public int? Position { get; init; }

    /// <summary>Default true.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>A change of a step.</summary>
public sealed record UpdatePipelineStep : IPatch
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Step id or name.</summary>
    [Names("step")] public required string StepId { get; init; }

    /// <summary>What it runs.</summary>
    [AllowedValues("Replication", "ReverseETL", "Transformation", "Event")] public string? Type { get; init; }

    /// <summary>The job, transformation or event that it runs.</summary>
    [Names("entity")] public Reference? Entity { get; init; }

    /// <summary>Display name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>False leaves it out of runs.</summary>
    public bool? Enabled { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Puts a step at another position.</summary>
public sealed record MovePipelineStep
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Step id or name.</summary>
    [Names("step")] public required string StepId { get; init; }

    /// <summary>From 1; beyond the end: last.</summary>
    [Range(1, int.MaxValue)] public required int Position { get; init; }
}
