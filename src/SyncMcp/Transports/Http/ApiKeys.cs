using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SyncMcp.Guard;
using SyncMcp.Settings;

namespace SyncMcp.Transports.Http;

/// <summary>Keys that the operator gave out, by name and scope: <c>keys.json</c> in the operator's folder holds their hashes. A change counts within a second, without a new start.</summary>
internal sealed class ApiKeys(string operatorFolder, TimeProvider time)
{
    /// <summary>How a key begins, so that scanners of repositories know one.</summary>
    public const string Prefix = "smk_";

    private const string FileName = "keys.json";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Lock reading = new();
    private volatile Known known = new(null, new Dictionary<string, Principal>());
    private long lookedAt;

    /// <summary>Whether any is given out.</summary>
    public bool Any => List().Count > 0;

    /// <summary>Whose key it is; null for none.</summary>
    /// <param name="hash">Its SHA-256: what is looked up tells nothing about the key.</param>
    public Principal? Find(ReadOnlySpan<byte> hash)
    {
        var at = time.GetTimestamp();
        if (known.Changed is null || time.GetElapsedTime(Interlocked.Read(ref lookedAt), at) > Look)
            Refresh(at);
        return known.Principals.GetValueOrDefault(Convert.ToHexStringLower(hash));
    }

    /// <summary>All of them.</summary>
    /// <exception cref="SettingException">The file cannot be read, is not understood, or others could have written it.</exception>
    public IReadOnlyList<ApiKey> List()
    {
        var path = Path.Combine(operatorFolder, FileName);
        try
        {
            OperatorFile.RequireClosed(path, holdsToken: false);
            return File.Exists(path) ? (JsonSerializer.Deserialize(File.ReadAllText(path), HttpSettingsJson.Default.KeyList) ?? new([])).Keys : [];
        }
        catch (Exception ex) when (ex is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read: {ex.Message} syncmcp key writes it.");
        }
    }

    /// <summary>Makes one; it is shown once and kept as a hash. Null where the name is taken.</summary>
    public string? Create(string name, Scope scope)
    {
        var keys = List();
        if (keys.Any(key => key.Name == name))
            return null;
        var text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        Write([.. keys, new(name, Principal.Word(scope), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), time.GetUtcNow())]);
        return text;
    }

    /// <summary>Takes one back; false where there is none of that name.</summary>
    public bool Revoke(string name)
    {
        var keys = List();
        if (keys.All(key => key.Name != name))
            return false;
        Write([.. keys.Where(key => key.Name != name)]);
        return true;
    }

    /// <summary>True for what a key may be called: it stands in the audit log.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= 40 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    private void Write(IReadOnlyList<ApiKey> keys) =>
        new OperatorPlace(operatorFolder).Write(FileName, JsonSerializer.Serialize(new KeyList(keys), HttpSettingsJson.Default.KeyList));

    private void Refresh(long at)
    {
        lock (reading)
        {
            Interlocked.Exchange(ref lookedAt, at);
            var changed = File.GetLastWriteTimeUtc(Path.Combine(operatorFolder, FileName));
            if (known.Changed == changed)
                return;
            try
            {
                known = new(changed, List().ToDictionary(key => key.Hash, key => new Principal($"key:{key.Name}", key.ScopeMeant()), StringComparer.Ordinal));
            }
            catch (Exception ex) when (ex is SettingException or ArgumentException)
            {
                // What cannot be read lets nobody in.
                Log.Line(ex.Message);
                known = new(changed, new Dictionary<string, Principal>());
            }
        }
    }

    private sealed record Known(DateTime? Changed, IReadOnlyDictionary<string, Principal> Principals);
}

/// <summary>The file.</summary>
internal sealed record KeyList(IReadOnlyList<ApiKey> Keys);

/// <summary>One key that was given out.</summary>
/// <param name="Name">What the operator calls it.</param>
/// <param name="Scope">sync:read, sync:operate or sync:admin.</param>
/// <param name="Hash">SHA-256 of the key, in hex: 256 random bits need no slow hash.</param>
/// <param name="Made">When.</param>
internal sealed record ApiKey(string Name, string Scope, string Hash, DateTimeOffset Made)
{
    /// <summary>The scope; the least where it is not understood.</summary>
    public Scope ScopeMeant() => Principal.ScopeOf(Scope) ?? SyncMcp.Scope.Read;
}
