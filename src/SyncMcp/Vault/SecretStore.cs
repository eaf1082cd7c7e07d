using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Guard;

namespace SyncMcp.Vault;

/// <summary>
/// <c>secrets.json</c> in the operator's folder (0600): each secret sealed (key in <c>secrets.key</c> beside it) together with its name and the place
/// it is bound to, so that an edit which binds it elsewhere makes it unreadable. The seal keeps it out of backups of the one file and of careless eyes; who
/// can read the whole folder is the operator.
/// </summary>
internal sealed class SecretStore(string operatorFolder, TimeProvider time)
{
    private const string Name = "secrets.json";

    private readonly OperatorPlace place = new(operatorFolder);
    private readonly Sealing sealing = new(new(operatorFolder), "secrets.key");

    /// <summary>A name that a secret may have.</summary>
    public static bool IsName(string name) => name is { Length: > 0 and <= 64 } && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_' or '.');

    /// <summary>All of them by name.</summary>
    /// <exception cref="InvalidDataException">The file is not understood.</exception>
    public IReadOnlyList<StoredSecret> List() => [.. Read().OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => Shown(pair.Key, pair.Value!.AsObject()))];

    /// <summary>One of them; null where there is none.</summary>
    public StoredSecret? Find(string name) => Read()[name] is JsonObject kept ? Shown(name, kept) : null;

    /// <summary>Keeps one; an older one of the name goes.</summary>
    public StoredSecret Set(string name, string connector, IReadOnlyDictionary<string, string> where, string value)
    {
        var kept = new JsonObject
        {
            ["connector"] = connector,
            ["where"] = new JsonObject(where.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value)))),
            ["set_at"] = time.GetUtcNow().ToString("O"),
        };
        kept["sealed"] = sealing.Seal(value, Bound(name, kept));
        var all = Read();
        all[name] = kept;
        place.Write(Name, all.ToJsonString());
        return Shown(name, kept);
    }

    /// <summary>Forgets one; false where there was none.</summary>
    public bool Remove(string name)
    {
        var all = Read();
        if (!all.Remove(name))
            return false;
        place.Write(Name, all.ToJsonString());
        return true;
    }

    /// <summary>The value; null where there is none of the name.</summary>
    /// <exception cref="CryptographicException">The file was changed by other hands.</exception>
    public string? Open(string name)
    {
        if (Read()[name] is not JsonObject kept)
            return null;
        return sealing.Open(kept["sealed"]!.GetValue<string>(), Bound(name, kept));
    }

    private static string Bound(string name, JsonObject kept) => Canonical.Hash(name, Canonical.Of(kept["connector"]), Canonical.Of(kept["where"]));

    private JsonObject Read()
    {
        if (place.Read(Name) is not { } text)
            return [];
        try
        {
            return JsonNode.Parse(text)!.AsObject();
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{place.File(Name)} is not understood; set its secrets anew with syncmcp secret set.", ex);
        }
    }

    private static StoredSecret Shown(string name, JsonObject kept) => new(
        name,
        kept["connector"]!.GetValue<string>(),
        kept["where"]!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>(), StringComparer.OrdinalIgnoreCase),
        DateTimeOffset.Parse(kept["set_at"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture));
}
