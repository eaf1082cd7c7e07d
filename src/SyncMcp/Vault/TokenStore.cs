using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Settings;

namespace SyncMcp.Vault;

/// <summary>
/// Tokens of Sync servers, by server (<see cref="ServerOrigin"/>), as <c>syncmcp login</c> leaves them: in the keyring where there is one, else sealed in
/// <c>logins.json</c> of the operator's folder (0600). A token goes to its own server only, whoever names the address.
/// </summary>
internal sealed class TokenStore(string operatorFolder, TimeProvider time)
{
    private const string Name = "logins.json";

    private readonly OperatorPlace place = new(operatorFolder);
    private readonly Sealing sealing = new(new(operatorFolder), "secrets.key");

    /// <summary>True where somebody logged in to the server. Reads one small file, or none.</summary>
    public bool Has(string origin) => Read()[origin] is JsonObject;

    /// <summary>What is kept of a server, as it stands there; changes with each login.</summary>
    public string? Mark(string origin) => Read()[origin]?.ToJsonString();

    /// <summary>Keeps a token in the place of an older one; true where the keyring took it.</summary>
    public async Task<bool> KeepAsync(string origin, string token, Keyring? keyring, CancellationToken ct)
    {
        var inKeyring = keyring is not null && await keyring.KeepAsync(origin, token, ct);
        var kept = new JsonObject { ["at"] = time.GetUtcNow().ToString("O") };
        if (inKeyring)
            kept["keyring"] = keyring!.Program;
        else
            kept["sealed"] = sealing.Seal(token, Bound(origin));
        var all = Read();
        all[origin] = kept;
        place.Write(Name, all.ToJsonString());
        return inKeyring;
    }

    /// <summary>The token; null where nobody logged in, or it can no longer be had.</summary>
    public async Task<string?> FindAsync(string origin, CancellationToken ct)
    {
        if (Read()[origin] is not JsonObject kept)
            return null;
        return kept["keyring"]?.ToString() is { } program ? await new Keyring(program).FindAsync(origin, ct)
            : kept["sealed"]?.ToString() is { } text ? sealing.TryOpen(text, Bound(origin))
            : null;
    }

    /// <summary>Forgets it; false where there was none.</summary>
    public async Task<bool> ForgetAsync(string origin, CancellationToken ct)
    {
        var all = Read();
        if (all[origin] is not JsonObject kept)
            return false;
        if (kept["keyring"]?.ToString() is { } program)
            await new Keyring(program).ForgetAsync(origin, ct);
        all.Remove(origin);
        place.Write(Name, all.ToJsonString());
        return true;
    }

    private static string Bound(string origin) => Canonical.Hash("token", origin);

    // Others must not have written it: it names a program.
    private JsonObject Read()
    {
        var path = Path.Combine(operatorFolder, Name);
        OperatorFile.RequireClosed(path, holdsToken: true);
        try
        {
            return place.Read(Name) is { } text ? JsonNode.Parse(text)!.AsObject() : [];
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} cannot be read ({ex.Message}): remove it and log in again with syncmcp login.");
        }
    }
}
