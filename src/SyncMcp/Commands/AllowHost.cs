using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Settings;
using SyncMcp.Tools;
using SyncMcp.Transports;

namespace SyncMcp.Commands;

/// <summary>The place that <c>syncmcp allow</c> is about where it is no folder: that of a connection which somebody drafted, or one that is spelled out.</summary>
internal static class AllowHost
{
    /// <summary>Where a connection of the server leads, by its name or id.</summary>
    /// <exception cref="SettingException">It does not say, or it is a matter of folders.</exception>
    public static async Task<AllowedHost> OfConnectionAsync(ServerOptions options, string named, bool readOnly, CancellationToken ct)
    {
        await using var engine = options.Server is null ? new EmbeddedEngine(options) : null;
        using var client = new SyncClient(engine?.ClientOptions() ?? Way.ClientOptions(options));
        var upstream = new Upstream(client);
        JsonObject connection;
        try
        {
            var id = (await new NameFinder(upstream, options.Workspace).InWorkspaceAsync("connection", named, workspace: null, ct)).Id;
            connection = (await new Snapshots(upstream).ConnectionAsync(id, ct)).Body;
        }
        catch (ToolException ex)
        {
            throw new SettingException($"--connection: {ex.Error.Message}");
        }

        if (DefinitionMembers.IsUnreadable(connection))
            throw new SettingException("What this connection holds cannot be read, so where it leads is not known.");
        return Of(options, connection["connector"]!.ToString(), PlaceRule.PlacesOf(connection), readOnly);
    }

    /// <summary>A place by its connector and properties.</summary>
    /// <exception cref="SettingException">A property is missing or not known.</exception>
    public static AllowedHost Of(ServerOptions options, string connector, string? host, string[] pairs, bool readOnly)
    {
        var spelled = KnownConnectors.Names.FirstOrDefault(name => name.Equals(connector, StringComparison.OrdinalIgnoreCase)) ?? connector;
        var properties = new JsonObject();
        foreach (var pair in pairs)
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } property, { Length: > 0 } value])
                throw new SettingException($"--where is PROPERTY=VALUE, not {Text.Quote(pair)}.");
            properties[property] = value;
        }

        var known = KnownConnectors.Properties(spelled);
        if (host is not null)
            properties[known?.FirstOrDefault(property => property.IsHost)?.Name ?? throw new SettingException($"--host needs a connector that syncmcp knows, with hosts ({Text.Quote(connector)} is none): use --where.")] = host;
        foreach (var property in known ?? [])
        {
            if (property is { Role: PropertyRole.Endpoint, Required: true } && !properties.Any(given => given.Key.Equals(property.Name, StringComparison.OrdinalIgnoreCase)))
                throw new SettingException($"The place is not whole: {(property.IsHost ? "--host" : $"--where \"{property.Name}=...\"")} is missing.");
        }

        return Of(options, spelled, PlaceRule.PlacesOf(new() { ["connector"] = spelled, ["properties"] = properties }), readOnly);
    }

    private static AllowedHost Of(ServerOptions options, string connector, IReadOnlyDictionary<string, string> places, bool readOnly)
    {
        if (options.Server is null && KnownConnectors.Properties(connector)?.Any(property => property.IsPath) == true)
            throw new SettingException($"{connector} leads to files of this computer: allow their folder (syncmcp allow FOLDER).");
        return places.Count > 0 ? new AllowedHosts(options).Of(connector, places, readOnly) : throw new SettingException("Nothing says where it leads: use --where.");
    }
}
