using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Redaction;
using SyncMcp.Tools;

namespace SyncMcp.Vault;

/// <summary>
/// Puts stored secrets in the place of <c>${secret:NAME}</c>: in secret properties of a connection, nowhere else, and only where the connection leads to the place
/// that the secret was bound to. Until the moment of sending the reference stands everywhere: in hashes, questions, audit.
/// </summary>
internal sealed partial class SecretReferences(ServerOptions options, Upstream upstream)
{
    private readonly SecretStore store = new(options.OperatorFolder, options.Time);

    /// <summary>Refuses references that could not be resolved, before anybody is asked anything.</summary>
    /// <exception cref="ToolException">One stands where none may, is unknown, or is bound to another place.</exception>
    public async Task CheckAsync(Call call, CancellationToken ct)
    {
        foreach (var (path, _) in Texts(call.Arguments, "").Where(text => text.Text.Contains("${secret:", StringComparison.Ordinal)))
        {
            if (!IsSecretProperty(call, path))
            {
                throw Refused("invalid_arguments", $"{Text.Quote(path)} cannot take a stored secret.",
                    "${secret:NAME} may stand, alone, in a secret property (Password, a token, a key) of create_connection or update_connection.");
            }
        }

        if (References(call.Arguments).Any())
            await PropertiesAsync(call.Endpoint!, call.Arguments, ct);
    }

    /// <summary>The request with the secrets in it, for the moment of sending.</summary>
    public async ValueTask<object> OpenAsync(Call call, CancellationToken ct)
    {
        if (!References(call.Arguments).Any())
            return call.Request!;
        var members = call.Endpoint!.Write(call.Request!);
        var opened = await PropertiesAsync(call.Endpoint!, call.Arguments, ct);
        foreach (var (name, value) in opened)
            members["properties"]!.AsObject()[name] = value;
        return call.Endpoint!.Read(members);
    }

    private async Task<IReadOnlyList<(string Name, string Value)>> PropertiesAsync(Endpoint endpoint, JsonObject arguments, CancellationToken ct)
    {
        var (connector, properties) = await WholeAsync(endpoint, arguments, ct);
        var opened = new List<(string, string)>();
        foreach (var (property, name) in References(arguments))
        {
            var secret = store.Find(name) ?? throw Refused("secret_unknown", $"There is no stored secret {Text.Quote(name)}.",
                $"Ask the operator to set it in a terminal: syncmcp secret set NAME --connector CONNECTOR --host HOST.", store.List().Select(known => known.Name));
            if (Elsewhere(secret, connector, properties) is { } why)
                throw Refused("secret_bound", $"The secret {Text.Quote(name)} is bound to {Text.Quote(secret.Place)}; {why}", "It goes nowhere else. Only the operator can bind it anew: syncmcp secret set.");
            opened.Add((property, Opened(name)));
        }

        return opened;
    }

    private string Opened(string name)
    {
        try
        {
            var value = store.Open(name)!;
            Redactor.Hold(value);
            return value;
        }
        catch (Exception ex) when (ex is CryptographicException or FormatException or InvalidDataException or NullReferenceException)
        {
            throw Refused("secret_unknown", $"The stored secret {Text.Quote(name)} cannot be opened: its file was changed.", "Ask the operator to set it anew: syncmcp secret set.");
        }
    }

    // Connector and properties as they will be: an update is laid over what is stored.
    private async Task<(string Connector, JsonObject Properties)> WholeAsync(Endpoint endpoint, JsonObject arguments, CancellationToken ct)
    {
        var given = arguments["properties"]!.AsObject();
        if (endpoint == ConnectionEndpoints.Create)
            return (arguments["connector"]!.ToString(), given);
        var stored = (await upstream.SendAsync(ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = arguments["connection_id"]!.ToString() }, options: null, ct)).Body;
        var whole = (stored["properties"] as JsonObject)?.DeepClone().AsObject() ?? [];
        foreach (var (name, value) in given)
        {
            foreach (var spelled in whole.Select(property => property.Key).Where(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList())
                whole.Remove(spelled);
            whole[name] = value?.DeepClone();
        }

        return (stored["connector"]?.ToString() ?? "", whole);
    }

    // Of a connector that we know, the host decides; of any other every property may lead elsewhere, and must be one that the operator named.
    private static string? Elsewhere(StoredSecret secret, string connector, JsonObject properties)
    {
        if (!secret.Connector.Equals(connector, StringComparison.OrdinalIgnoreCase))
            return $"this is a connection of {Text.Quote(connector)}.";
        foreach (var (name, value) in secret.Where)
        {
            if (!properties.Where(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(property => property.Value?.ToString()).Contains(value, StringComparer.OrdinalIgnoreCase))
                return $"this connection has another {Text.Quote(name)}.";
        }

        var unnamed = KnownConnectors.Properties(connector) is not null ? null : properties
            .Where(property => property.Value is not null && !Client.Secrets.IsSecretName(property.Key) && !secret.Where.ContainsKey(property.Key))
            .Select(property => property.Key).FirstOrDefault();
        return unnamed is null ? null : $"{Text.Quote(unnamed)} of this connection is not among what it is bound to.";
    }

    private static IEnumerable<(string Property, string Name)> References(JsonObject arguments) =>
        from property in arguments["properties"] as JsonObject ?? []
        let match = property.Value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? Reference().Match(property.Value.GetValue<string>()) : Match.Empty
        where match.Success
        select (property.Key, match.Groups["name"].Value);

    private static bool IsSecretProperty(Call call, string path)
    {
        if ((call.Endpoint != ConnectionEndpoints.Create && call.Endpoint != ConnectionEndpoints.Update) || !path.StartsWith("properties.", StringComparison.Ordinal))
            return false;
        var name = path["properties.".Length..];
        return Client.Secrets.IsSecretName(name) && Reference().IsMatch(call.Arguments["properties"]![name]!.ToString());
    }

    private static IEnumerable<(string Path, string Text)> Texts(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")),
        JsonArray items => items.SelectMany(item => Texts(item, path)),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => [(path, value.GetValue<string>())],
        _ => [],
    };

    private static ToolException Refused(string code, string message, string next, IEnumerable<string>? known = null) =>
        new(new(code, message, next, Details: known is null ? null : new() { ["known"] = Text.Array(known.Take(30)) }));

    [GeneratedRegex(@"^\$\{secret:(?<name>[A-Za-z0-9_.\-]{1,64})\}$", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Reference();
}
