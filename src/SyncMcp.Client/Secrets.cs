using System.Buffers;

namespace SyncMcp.Client;

/// <summary>Which names hold secrets, and what stands in their place.</summary>
public static class Secrets
{
    /// <summary>What is shown instead of a secret. Sent back on update it keeps the stored value.</summary>
    public const string Mask = "********";

    /// <summary>How a stored secret is meant: <c>${secret:NAME}</c>. A reference is no secret.</summary>
    public const string ReferenceStart = "${secret:";

    private static readonly SearchValues<string> Parts = SearchValues.Create(
        ["passw", "kennwort", "pwd", "passphrase", "passcode", "token", "secret", "key", "cert", "credential", "authorization", "cookie", "connection_string", "connectionstring"],
        StringComparison.OrdinalIgnoreCase);

    // Names that hold one of the parts and are known to be harmless.
    private static readonly string[] Harmless =
        ["confirmation_token", "idempotency_key", "is_primary_key", "primary_key", "key_columns", "primary key", "token_expires_at"];

    // "OAuth Access Token URL", "SSL Client Cert Type": these say where something goes or what it is. They decide as a host does, and must be seen.
    private static readonly string[] Places =
        ["url", "uri", "host", "server", "endpoint", "address", "port", "domain", "file", "path", "folder", "directory", "location", "type"];

    /// <summary>True where a member or property of that name is to be masked (source: sync-api-v2 3.4).</summary>
    public static bool IsSecretName(ReadOnlySpan<char> name)
    {
        if (!name.ContainsAny(Parts))
            return false;
        foreach (var place in Places)
        {
            if (name.EndsWith(place, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        foreach (var harmless in Harmless)
        {
            if (name.Equals(harmless, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return true;
    }

    /// <summary>True for a value that tells nothing: none, the mask, or a reference to a stored secret.</summary>
    public static bool IsHarmlessValue(ReadOnlySpan<char> value) =>
        value.IsEmpty || value.SequenceEqual(Mask) || value.StartsWith(ReferenceStart, StringComparison.Ordinal);
}
