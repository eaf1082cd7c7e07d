using System.Collections.Frozen;

namespace SyncMcp.Client.Connections;

/// <summary>What a connection property does.</summary>
public enum PropertyRole
{
    /// <summary>Says where rows come from or go: a host, file, database, account. Changing it needs the secrets anew.</summary>
    Endpoint,

    /// <summary>A secret: masked, encrypted at rest.</summary>
    Secret,

    /// <summary>How the connector behaves.</summary>
    Behaviour,
}

/// <summary>A property of a connector, by the vendor's name.</summary>
/// <param name="Name">Name, compared without case.</param>
/// <param name="Role">What it does.</param>
/// <param name="Required">The connector cannot open without it.</param>
/// <param name="IsPath">Holds the path of a file or folder, confined to the allowed roots.</param>
/// <param name="IsHost">Names the machine that secrets are sent to.</param>
/// <param name="Usual">What it is where nothing is said.</param>
public sealed record ConnectorProperty(string Name, PropertyRole Role, bool Required = false, bool IsPath = false, bool IsHost = false, string? Usual = null);

/// <summary>The connectors that we know, with the allow-list of their properties. Of any other connector every property counts as an endpoint.</summary>
public static class KnownConnectors
{
    private static readonly FrozenDictionary<string, ConnectorProperty[]> ByName = new Dictionary<string, ConnectorProperty[]>(StringComparer.OrdinalIgnoreCase)
    {
        ["SQLite"] = [new("Data Source", PropertyRole.Endpoint, Required: true, IsPath: true)],
        ["CSV"] =
        [
            new("URI", PropertyRole.Endpoint, Required: true, IsPath: true),
            new("FMT", PropertyRole.Behaviour),
            new("Include Column Headers", PropertyRole.Behaviour),
            new("Quote Character", PropertyRole.Behaviour),
            new("Charset", PropertyRole.Behaviour),
            new("Null Values", PropertyRole.Behaviour),
            new("Row Delimiter", PropertyRole.Behaviour),
            new("Type Detection Scheme", PropertyRole.Behaviour),
        ],
        ["PostgreSQL"] =
        [
            new("Server", PropertyRole.Endpoint, Required: true, IsHost: true),
            new("Port", PropertyRole.Endpoint, Usual: "5432"),
            new("Database", PropertyRole.Endpoint, Required: true),
            new("User", PropertyRole.Endpoint, Required: true),
            new("Password", PropertyRole.Secret),
            new("Schema", PropertyRole.Endpoint),
            // Rows and password travel by it: less of it is as much as another place.
            new("SSL Mode", PropertyRole.Endpoint),
        ],
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the connectors.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>The properties of a connector; null for one that we do not know.</summary>
    public static IReadOnlyList<ConnectorProperty>? Properties(string? connector) => connector is not null && ByName.TryGetValue(connector, out var found) ? found : null;

    /// <summary>What a property does; of an unknown connector or name everything is an endpoint unless its name says secret.</summary>
    public static PropertyRole Role(string? connector, string property)
    {
        if (Properties(connector)?.FirstOrDefault(known => known.Name.Equals(property, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known.Role;
        return Secrets.IsSecretName(property) ? PropertyRole.Secret : PropertyRole.Endpoint;
    }
}
