using System.Data.Common;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Connections;

/// <summary>Holds properties to the connector's allow-list, in the vendor's spelling, and takes the secrets out.</summary>
internal static class ConnectionProperties
{
    /// <summary>The connector's name in the vendor's spelling.</summary>
    /// <exception cref="ApiException">400, with the nearest name.</exception>
    public static string Connector(string name)
    {
        var known = KnownConnectors.Names.ToList();
        return known.Find(candidate => candidate.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw ApiException.Invalid($"There is no connector `{ApiException.Quote(name)}`.{Nearest.Hint(name, known)}", "unknown_connector");
    }

    /// <summary>The same properties as the vendor spells them; nulls (to remove one) are kept.</summary>
    /// <exception cref="ApiException">400 for a property that the connector does not have, with the nearest name, or one given twice.</exception>
    public static JsonObject Spelled(string connector, JsonObject properties)
    {
        var known = Known(connector);
        var spelled = new JsonObject();
        foreach (var (name, value) in properties)
        {
            var property = known.FirstOrDefault(candidate => candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ?? throw ApiException.Invalid(
                    $"{connector} has no property `{ApiException.Quote(name)}`.{Nearest.Hint(name, [.. known.Select(candidate => candidate.Name)])}", "unknown_property");
            if (!spelled.TryAdd(property.Name, value?.DeepClone()))
                throw ApiException.Invalid($"`properties.{property.Name}` is given twice.");
        }

        return spelled;
    }

    /// <summary>The properties in a connection string, <c>key=value;…</c>, values quoted where they hold a semicolon.</summary>
    /// <exception cref="ApiException">400: it cannot be read; the message holds nothing of it.</exception>
    public static JsonObject Parse(string connectionString)
    {
        var properties = new JsonObject();
        try
        {
            var parsed = new DbConnectionStringBuilder { ConnectionString = connectionString };
            foreach (string name in parsed.Keys)
                properties[name] = (string)parsed[name];
            return properties;
        }
        catch (ArgumentException)
        {
            // Not even as the inner exception: its words could quote a secret.
            throw ApiException.Invalid("`connection_string` cannot be read: write key=value;key=value, with quotes around a value that holds a semicolon.");
        }
    }

    /// <summary>Refuses properties without which the connector cannot open.</summary>
    public static void RequireAll(string connector, JsonObject properties)
    {
        foreach (var property in Known(connector))
        {
            if (property.Required && string.IsNullOrWhiteSpace((string?)properties[property.Name]))
                throw ApiException.Invalid($"`properties.{property.Name}` is required: {connector} cannot open without it.", "property_missing");
        }
    }

    /// <summary>Puts the mask in the place of each secret and gives the secrets; the mask itself keeps what is stored.</summary>
    public static Dictionary<string, string> TakeSecrets(string connector, JsonObject properties, IReadOnlyDictionary<string, string> stored)
    {
        var secrets = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in Known(connector).Where(property => property.Role == PropertyRole.Secret))
        {
            if ((string?)properties[property.Name] is not { } value)
                continue;
            secrets[property.Name] = value != Secrets.Mask ? value : stored.GetValueOrDefault(property.Name)
                ?? throw ApiException.Invalid($"`properties.{property.Name}` is the mask {Secrets.Mask}, which keeps the stored value, and there is none that can be opened. Send the value.", "secrets_needed");
            properties[property.Name] = Secrets.Mask;
        }

        return secrets;
    }

    /// <summary>Removes the secrets.</summary>
    public static void RemoveSecrets(string connector, JsonObject properties)
    {
        foreach (var property in Known(connector).Where(property => property.Role == PropertyRole.Secret))
            properties.Remove(property.Name);
    }

    private static IReadOnlyList<ConnectorProperty> Known(string connector) => KnownConnectors.Properties(connector) ?? [];
}
