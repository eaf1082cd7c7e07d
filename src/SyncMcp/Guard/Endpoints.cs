using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Where a connection leads, and whether that needs a question.</summary>
internal sealed class Endpoints(AllowedPlaces places, AllowedHosts hosts, Approvals approvals, bool embedded)
{
    /// <summary>In words for a question: connector and its properties that say where; cleaned.</summary>
    public static string Describe(JsonObject connection)
    {
        var connector = connection["connector"]?.ToString() ?? "unknown connector";
        var where = (connection["properties"] as JsonObject ?? [])
            .Where(property => KnownConnectors.Role(connector, property.Key) == PropertyRole.Endpoint && property.Value is not null)
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => $"{property.Key}={property.Value}");
        return OneLine($"{connector} {string.Join("; ", where)}"); // never cut: the end of a path decides as much as its beginning
    }

    /// <summary>The operator allowed it (<c>syncmcp allow</c>): a host with port, database and account, or a folder; the data directory's <c>files/</c> is.</summary>
    public bool IsAllowed(JsonObject connection, bool toWrite) => FileOf(connection, toWrite) is not null || hosts.Allows(connection, toWrite);

    /// <summary>The file behind a connection where it may be reached without asking; null for any other.</summary>
    public string? FileOf(JsonObject connection, bool toWrite) => PathOf(connection) is { } path ? places.Resolve(path, toWrite) : null;

    /// <summary>A file that our engine reaches in no direction, whatever a person says here: only <c>syncmcp allow</c> changes that, and the engine says so.</summary>
    public bool IsOutOfReach(JsonObject connection) => PathOf(connection) is { } path && places.Resolve(path, toWrite: false) is null && places.Resolve(path, toWrite: true) is null;

    // Of a connection to our engine that leads to a file and nowhere else.
    private string? PathOf(JsonObject connection)
    {
        var connector = connection["connector"]?.ToString();
        if (!embedded || DefinitionMembers.IsUnreadable(connection) || KnownConnectors.Properties(connector) is not { } known)
            return null;
        var paths = known.Where(property => property.IsPath).ToList();
        if (paths is not [var path] || known.Any(property => property.Role == PropertyRole.Endpoint && property != path))
            return null; // hosts are allowed as they are
        return (connection["properties"] as JsonObject)!.FirstOrDefault(property => property.Key.Equals(path.Name, StringComparison.OrdinalIgnoreCase)).Value?.ToString();
    }

    /// <summary>Talking to it needs no question: it is allowed, a person let it be contacted, or an approved definition uses it.</summary>
    public bool IsKnown(JsonObject connection)
    {
        if (IsAllowed(connection, toWrite: false) || IsAllowed(connection, toWrite: true))
            return true;
        var counted = Canonical.Of(JobState.EndpointOf(connection));
        return approvals.Find("connection", connection["id"]!.ToString()) is { } contact && contact.Hash == Contact(connection).Hash
            || Approved().Any(content => Canonical.Of(content["source"]) == counted || Canonical.Of(content["destination"]) == counted);
    }

    /// <summary>An approved definition moves rows from the one to the other already.</summary>
    public bool IsApprovedPair(JsonObject source, JsonObject destination)
    {
        var (from, to) = (Canonical.Of(JobState.EndpointOf(source)), Canonical.Of(JobState.EndpointOf(destination)));
        return Approved().Any(job => Canonical.Of(job["source"]) == from && Canonical.Of(job["destination"]) == to);
    }

    /// <summary>No approved definition uses it, and it is not allowed either.</summary>
    public bool IsNew(JsonObject connection, bool toWrite)
    {
        if (IsAllowed(connection, toWrite))
            return false;
        var counted = Canonical.Of(JobState.EndpointOf(connection));
        return !Approved().Any(content => Canonical.Of(content["source"]) == counted || Canonical.Of(content["destination"]) == counted);
    }

    /// <summary>What is approved when a person lets an endpoint be contacted.</summary>
    public static Definition Contact(JsonObject connection)
    {
        var name = connection["name"]?.ToString() ?? connection["id"]!.ToString();
        return new("connection", connection["id"]!.ToString(), name, JobState.EndpointOf(connection), new() { ["name"] = name, ["endpoint"] = Describe(connection) });
    }

    private IEnumerable<JsonObject> Approved() => approvals.All().Where(approval => approval.Definition.Kind is "job" or "transformation" && !approval.IsPlain).Select(approval => approval.Definition.Content);

    private static string OneLine(string text) => Text.Clean(text).ReplaceLineEndings(" ");
}
