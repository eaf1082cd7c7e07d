using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Workspaces;

/// <summary>Top-level unit: owns its connections, jobs, transformations, pipelines and run history.</summary>
public sealed record Workspace
{
    /// <summary>Opaque id; <c>default</c> names the default workspace.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary>Connections inside.</summary>
    [ServerSet] public IReadOnlyList<Reference>? Connections { get; init; }

    /// <summary>Jobs inside (not documented; do not rely on it).</summary>
    [ServerSet] public IReadOnlyList<Reference>? Jobs { get; init; }

    /// <summary>Transformations inside.</summary>
    [ServerSet] public IReadOnlyList<Reference>? Transformations { get; init; }

    /// <summary>Pipelines inside (not documented; do not rely on it).</summary>
    [ServerSet] public IReadOnlyList<Reference>? Pipelines { get; init; }

    /// <summary>Is it the default workspace.</summary>
    [ServerSet] public bool? IsDefault { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the caller may do.</summary>
    [ServerSet] public Permissions? Permissions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names one workspace.</summary>
public sealed record WorkspaceKey
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";
}

/// <summary>A new workspace.</summary>
public sealed record CreateWorkspace
{
    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }
}

/// <summary>A change of a workspace.</summary>
public sealed record UpdateWorkspace : IPatch
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public required string WorkspaceId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Names a workspace to delete; never defaulted.</summary>
public sealed record DeleteWorkspace
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public required string WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Workspace))]
[JsonSerializable(typeof(Listing<Workspace>))]
[JsonSerializable(typeof(WorkspaceKey))]
[JsonSerializable(typeof(CreateWorkspace))]
[JsonSerializable(typeof(UpdateWorkspace))]
[JsonSerializable(typeof(DeleteWorkspace))]
internal sealed partial class WorkspaceJson : JsonSerializerContext;
