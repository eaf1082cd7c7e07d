using System.Collections.Concurrent;
using SyncMcp.Client;

namespace SyncMcp.Filters;

/// <summary>A member of a request that takes a name where an id is meant.</summary>
/// <param name="Member">Its name on the wire.</param>
/// <param name="Kind">What it names: workspace, connection, job, task.</param>
/// <param name="Required">The record cannot be made without it, so it is never filled in.</param>
/// <param name="IsReference">It is an object with the id, not the id itself.</param>
internal sealed record NameMark(string Member, string Kind, bool Required, bool IsReference)
{
    private static readonly ConcurrentDictionary<Endpoint, IReadOnlyList<NameMark>> ByEndpoint = new();

    // What has to be known before: a task is looked for in its job, a connection in its workspace.
    private static readonly string[] Order = ["workspace", "job", "connection", "task"];

    /// <summary>The marked members of an operation's request, parents first.</summary>
    public static IReadOnlyList<NameMark> Of(Endpoint endpoint) => ByEndpoint.GetOrAdd(endpoint, static endpoint =>
    [
        .. from property in endpoint.RequestInfo.Properties
           let mark = property.AttributeProvider?.GetCustomAttributes(typeof(NamesAttribute), inherit: false).OfType<NamesAttribute>().FirstOrDefault()
           where mark is not null
           orderby Array.IndexOf(Order, mark.Kind)
           select new NameMark(property.Name, mark.Kind, property.IsRequired, property.PropertyType == typeof(Reference)),
    ]);
}
