using System.Collections.Concurrent;
using System.Text.Json.Serialization.Metadata;
using SyncMcp.Client;

namespace SyncMcp.Filters;

/// <summary>A member of a request that takes a name where an id is meant.</summary>
/// <param name="Member">Its name on the wire.</param>
/// <param name="Kind">What it names: workspace, connection, job, task, transformation, pipeline, step, event, user, or the entity of a step.</param>
/// <param name="Required">The record cannot be made without it, so it is never filled in.</param>
/// <param name="IsReference">It is an object with the id, not the id itself.</param>
/// <param name="Inside">The object that holds it where it does not stand in the request itself.</param>
internal sealed record NameMark(string Member, string Kind, bool Required, bool IsReference, string? Inside = null)
{
    private static readonly ConcurrentDictionary<Endpoint, IReadOnlyList<NameMark>> ByEndpoint = new();

    // What has to be known before: first what the path names, parents before parts, then what the thing refers to.
    private static readonly string[] Order = ["workspace", "job", "connection", "task", "entity"];

    /// <summary>The marked members of an operation's request, parents first.</summary>
    public static IReadOnlyList<NameMark> Of(Endpoint endpoint) => ByEndpoint.GetOrAdd(endpoint, static endpoint => Of(endpoint.RequestInfo, endpoint.PathMembers));

    /// <summary>The marked members of a request, parents first.</summary>
    /// <param name="request">Its contract.</param>
    /// <param name="path">Members that stand in an operation's path.</param>
    public static IReadOnlyList<NameMark> Of(JsonTypeInfo request, IReadOnlyList<string> path) =>
    [
        .. request.Properties.SelectMany(property => In(property, request)).OrderBy(mark => Place(path, mark)).ThenBy(mark => Array.IndexOf(Order, mark.Kind)),
    ];

    private static IEnumerable<NameMark> In(JsonPropertyInfo property, JsonTypeInfo owner)
    {
        if (Mark(property, inside: null) is { } mark)
            return [mark];
        if (property.IsExtensionData || property.PropertyType == typeof(Reference))
            return [];
        var info = owner.Options.GetTypeInfo(property.PropertyType);
        return info.Kind == JsonTypeInfoKind.Object ? info.Properties.Select(inner => Mark(inner, property.Name)).OfType<NameMark>() : [];
    }

    private static int Place(IReadOnlyList<string> path, NameMark mark)
    {
        for (var at = 0; at < path.Count; at++)
        {
            if (mark.Inside is null && path[at] == mark.Member)
                return at;
        }

        return path.Count;
    }

    private static NameMark? Mark(JsonPropertyInfo property, string? inside) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(NamesAttribute), inherit: false) is [NamesAttribute names, ..]
            ? new(property.Name, names.Kind, property.IsRequired, property.PropertyType == typeof(Reference), inside)
            : null;
}
