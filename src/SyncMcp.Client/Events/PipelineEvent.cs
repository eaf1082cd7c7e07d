using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Events;

/// <summary>A script that a step of its pipeline runs.</summary>
public sealed record PipelineEvent
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name, unique in the pipeline.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>Its text. The embedded engine runs JavaScript; servers run APIScript or Python.</summary>
    [Code] public string? Script { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The pipeline that owns it.</summary>
    [ServerSet] public Reference? Pipeline { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the caller may do.</summary>
    [ServerSet] public Permissions? Permissions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names the pipeline whose events are meant.</summary>
public sealed record ListEvents
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }
}

/// <summary>Names one event.</summary>
public sealed record EventKey
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Event id or name.</summary>
    [Names("event")] public required string EventId { get; init; }
}

/// <summary>A new event.</summary>
public sealed record CreateEvent
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>JavaScript on the embedded engine (log(), fail(), previous, run); APIScript or Python on servers.</summary>
    [Code, StringLength(Limits.Code)] public string? Script { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>A change of an event.</summary>
public sealed record UpdateEvent : IPatch
{
    /// <summary>Pipeline id or name.</summary>
    [Names("pipeline")] public required string PipelineId { get; init; }

    /// <summary>Event id or name.</summary>
    [Names("event")] public required string EventId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Its whole text.</summary>
    [Code, StringLength(Limits.Code)] public string? Script { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PipelineEvent))]
[JsonSerializable(typeof(Listing<PipelineEvent>))]
[JsonSerializable(typeof(ListEvents))]
[JsonSerializable(typeof(EventKey))]
[JsonSerializable(typeof(CreateEvent))]
[JsonSerializable(typeof(UpdateEvent))]
internal sealed partial class EventJson : JsonSerializerContext;
