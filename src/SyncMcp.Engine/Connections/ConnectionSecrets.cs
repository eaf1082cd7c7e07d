using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Connections;

/// <summary>
/// Seals the secret properties of connections for the store (ASP.NET Core Data Protection, key ring in the data directory's <c>keys/</c>). Bound to the
/// connection's id: a sealed text that is moved to another row does not open. Keys are made at the first secret, so that an engine without one never pays.
/// </summary>
internal sealed class ConnectionSecrets(string keys)
{
    private readonly Lazy<IDataProtectionProvider> provider = new(() => DataProtectionProvider.Create(new DirectoryInfo(keys), setup => setup.SetApplicationName("syncmcp")));

    /// <summary>The secrets as they may be stored; null for none.</summary>
    public string? Seal(string connectionId, Dictionary<string, string> secrets) =>
        secrets.Count == 0 ? null : For(connectionId).Protect(JsonSerializer.Serialize(secrets, SyncJson.Info<Dictionary<string, string>>()));

    /// <summary>The secrets of a stored connection in clear, by property.</summary>
    /// <exception cref="ReplicationException">Code <c>credentials_unreadable</c>: the keys are gone or others.</exception>
    public IReadOnlyDictionary<string, string> Open(ConnectionRow row)
    {
        if (row.Secrets is null)
            return new Dictionary<string, string>();
        try
        {
            var secrets = JsonSerializer.Deserialize(For(row.Id).Unprotect(row.Secrets), SyncJson.Info<Dictionary<string, string>>())!;
            return new Dictionary<string, string>(secrets, StringComparer.OrdinalIgnoreCase);
        }
        catch (CryptographicException e)
        {
            throw new ReplicationException("credentials_unreadable",
                $"the stored credentials of connection {row.Name} cannot be opened: the keys in {keys} are missing or others. Restore them, or set the credentials anew.", e);
        }
    }

    /// <summary>The secrets in clear; none where they cannot be opened, so that they can be set anew.</summary>
    public IReadOnlyDictionary<string, string> OpenWhatCanBe(ConnectionRow row)
    {
        try
        {
            return Open(row);
        }
        catch (ReplicationException)
        {
            return new Dictionary<string, string>();
        }
    }

    private IDataProtector For(string connectionId) => provider.Value.CreateProtector("connection", connectionId);
}
