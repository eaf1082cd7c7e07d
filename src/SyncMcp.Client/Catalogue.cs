using System.Collections.Frozen;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;

namespace SyncMcp.Client;

/// <summary>One of the API's seven areas with its operations.</summary>
public sealed record Area(string Name, IReadOnlyList<Endpoint> Endpoints);

/// <summary>Every operation there is, explicitly. What is not listed here does not exist.</summary>
public static class Catalogue
{
    /// <summary>The areas in the order of the docs.</summary>
    public static IReadOnlyList<Area> Areas { get; } =
    [
        new("connections", ConnectionEndpoints.All),
        new("events", EventEndpoints.All),
        new("jobs", JobEndpoints.All),
        new("pipelines", PipelineEndpoints.All),
        new("transformations", TransformationEndpoints.All),
        new("users", UserEndpoints.All),
        new("workspaces", WorkspaceEndpoints.All),
    ];

    /// <summary>All operations.</summary>
    public static IReadOnlyList<Endpoint> All { get; } = [.. Areas.SelectMany(area => area.Endpoints)];

    private static readonly FrozenDictionary<string, Endpoint> ByName = All
        .SelectMany(endpoint => endpoint.Aliases.Prepend(endpoint.Name).Select(name => (name, endpoint)))
        .ToFrozenDictionary(pair => pair.name, pair => pair.endpoint);

    private static readonly FrozenDictionary<Endpoint, Area> AreaByEndpoint = Areas
        .SelectMany(area => area.Endpoints.Select(endpoint => (area, endpoint)))
        .ToFrozenDictionary(pair => pair.endpoint, pair => pair.area);

    /// <summary>The area that an operation belongs to.</summary>
    public static Area AreaOf(Endpoint endpoint) => AreaByEndpoint[endpoint];

    /// <summary>The operation of that name or alias, or null.</summary>
    public static Endpoint? Find(string name) => ByName.GetValueOrDefault(name);
}
