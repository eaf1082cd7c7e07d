using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;

namespace SyncMcp.Guard;

/// <summary>A place beyond this computer's files that the operator allowed.</summary>
/// <param name="Server">The Sync server or embedded engine whose connections lead there: a host means another machine from elsewhere.</param>
/// <param name="Connector">The connector.</param>
/// <param name="Where">Every property that says where: host, port, database, account.</param>
/// <param name="ReadOnly">For sources only.</param>
internal sealed record AllowedHost(string Server, string Connector, IReadOnlyDictionary<string, string> Where, bool ReadOnly)
{
    /// <summary>In words.</summary>
    public string Place => $"{Connector} {string.Join("; ", Where.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    /// <summary>The same place, whatever is allowed there.</summary>
    public bool Leads(AllowedHost other) => Server == other.Server && Leads(other.Connector, other.Where);

    /// <summary>True for a connection that leads exactly there: no property more, none less, none different.</summary>
    public bool Leads(string? connector, IReadOnlyDictionary<string, string> places)
    {
        var known = KnownConnectors.Properties(connector);
        bool IsHost(string name) => known?.FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { IsHost: true };
        var mine = new Dictionary<string, string>(Where, StringComparer.OrdinalIgnoreCase);
        return Connector.Equals(connector, StringComparison.OrdinalIgnoreCase) && mine.Count > 0 && places.Count == mine.Count
            && places.All(pair => mine.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value, IsHost(pair.Key) ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
    }
}

/// <summary>Places that connections may lead to without a question, beside folders: <c>allowed-hosts.json</c> in the operator's folder, read at each question.</summary>
internal sealed class AllowedHosts(ServerOptions options)
{
    private const string Name = "allowed-hosts.json";
    private readonly OperatorPlace place = new(options.OperatorFolder);
    private readonly string origin = GuardParts.Origin(options);

    /// <summary>Those of this server.</summary>
    public IReadOnlyList<AllowedHost> List() => [.. All().Where(host => host.Server == origin)];

    /// <summary>Allows a place, or changes how it is allowed.</summary>
    public void Add(AllowedHost host) => Save([.. All().Where(known => !known.Leads(host)), host]);

    /// <summary>Forgets a place; false where it was not allowed.</summary>
    public bool Remove(AllowedHost host)
    {
        var before = All();
        if (!before.Any(known => known.Leads(host)))
            return false;
        Save([.. before.Where(known => !known.Leads(host))]);
        return true;
    }

    /// <summary>True where a connection leads to one of them, and may in this direction.</summary>
    public bool Allows(JsonObject connection, bool toWrite)
    {
        var hosts = List();
        if (hosts.Count == 0 || DefinitionMembers.IsUnreadable(connection))
            return false;
        var places = PlaceRule.PlacesOf(connection);
        return hosts.Any(host => !(toWrite && host.ReadOnly) && host.Leads(connection["connector"]?.ToString(), places));
    }

    /// <summary>A place of this server's connections.</summary>
    public AllowedHost Of(string connector, IReadOnlyDictionary<string, string> where, bool readOnly) => new(origin, connector, where, readOnly);

    private IReadOnlyList<AllowedHost> All() => place.Read(Name) is not { } text ? [] :
    [
        .. from host in JsonNode.Parse(text)!.AsArray().OfType<JsonObject>()
           select new AllowedHost(
               host["server"]!.GetValue<string>(),
               host["connector"]!.GetValue<string>(),
               host["where"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.OrdinalIgnoreCase),
               host["access"]!.GetValue<string>() != PlaceRule.ReadWrite),
    ];

    private void Save(IReadOnlyList<AllowedHost> hosts) => place.Write(Name, new JsonArray(
    [
        .. hosts.Select(host => (JsonNode)new JsonObject
        {
            ["server"] = host.Server,
            ["connector"] = host.Connector,
            ["where"] = new JsonObject(host.Where.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
            ["access"] = host.ReadOnly ? PlaceRule.Read : PlaceRule.ReadWrite,
        }),
    ]).ToJsonString());
}
