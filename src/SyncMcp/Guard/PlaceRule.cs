using System.ComponentModel.DataAnnotations;
using System.IO.Enumeration;
using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;

namespace SyncMcp.Guard;

/// <summary>Places that connections may lead to: a connector, and values of the properties that say where.</summary>
internal sealed record PlaceRule
{
    /// <summary>As a source only.</summary>
    public const string Read = "read";

    /// <summary>As source and destination.</summary>
    public const string ReadWrite = "read-write";

    /// <summary>The connector's name.</summary>
    public required string Connector { get; init; }

    /// <summary>What its properties must be, in any case; * stands for anything. Without it every place of the connector is meant.</summary>
    public IReadOnlyDictionary<string, string>? Where { get; init; }

    /// <summary>As a source only, or as both; both where nothing is said.</summary>
    [AllowedValues(Read, ReadWrite)] public string? Access { get; init; }

    /// <summary>True where a connection leads to such a place.</summary>
    /// <param name="connection">As the server shows it.</param>
    /// <param name="toWrite">It would be written to; null where nobody knows yet.</param>
    public bool Covers(JsonObject connection, bool? toWrite)
    {
        var connector = connection["connector"]?.ToString();
        if (!Connector.Equals(connector, StringComparison.OrdinalIgnoreCase) || (toWrite == true && Access == Read))
            return false;
        if (Where is not { Count: > 0 })
            return true;
        var where = new Dictionary<string, string>(Where, StringComparer.OrdinalIgnoreCase);
        if (DefinitionMembers.IsUnreadable(connection))
            return false;
        var places = PlacesOf(connection);
        return where.All(pair => places.TryGetValue(pair.Key, out var value) && Matches(connector, pair.Key, pair.Value, value))
            // Of a connector that we do not know each property may lead elsewhere, so that each must be named.
            && (KnownConnectors.Properties(connector) is not null || places.Keys.All(where.ContainsKey));
    }

    /// <summary>The properties that say where, by name in any case; those that are not said as they are taken then.</summary>
    public static IReadOnlyDictionary<string, string> PlacesOf(JsonObject connection)
    {
        var connector = connection["connector"]?.ToString();
        var places = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var known in KnownConnectors.Properties(connector) ?? [])
        {
            if (known is { Role: PropertyRole.Endpoint, Usual: { } usual })
                places[known.Name] = usual;
        }

        foreach (var (name, value) in connection["properties"] as JsonObject ?? [])
        {
            if (value is not null && KnownConnectors.Role(connector, name) == PropertyRole.Endpoint)
                places[name] = value.ToString();
        }

        return places;
    }

    private static bool Matches(string? connector, string property, string pattern, string value)
    {
        // A list of hosts is tried one after the other, and a sign that no host has could hide one behind the end that the pattern knows.
        if (KnownConnectors.Properties(connector)?.FirstOrDefault(known => known.Name.Equals(property, StringComparison.OrdinalIgnoreCase)) is { IsHost: true })
            return value.Split(',', StringSplitOptions.TrimEntries) is var hosts && hosts.All(host => host.Length > 0 && host.All(IsOfHost) && Fits(pattern, host));
        return !value.Split('/', '\\').Contains("..") && Fits(pattern, value);
    }

    private static bool IsOfHost(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '-' or '_' or ':' or '[' or ']';

    private static bool Fits(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal), value, ignoreCase: true);
}
