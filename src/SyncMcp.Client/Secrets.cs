namespace SyncMcp.Client;

/// <summary>Which names hold secrets, and what stands in their place.</summary>
public static class Secrets
{
    /// <summary>What is shown instead of a secret. Sent back on update it keeps the stored value.</summary>
    public const string Mask = "********";

    private static readonly string[] Parts =
        ["password", "passwd", "pwd", "passphrase", "token", "secret", "key", "cert", "credential", "authorization", "connection_string", "connectionstring"];

    // Names that hold one of the parts and are known to be harmless.
    private static readonly string[] Harmless =
        ["confirmation_token", "idempotency_key", "is_primary_key", "primary_key", "key_columns", "primary key", "token_expires_at"];

    /// <summary>True where a member or property of that name is to be masked (source: sync-api-v2 3.4).</summary>
    public static bool IsSecretName(string name) =>
        !Harmless.Contains(name, StringComparer.OrdinalIgnoreCase)
        && Array.Exists(Parts, part => name.Contains(part, StringComparison.OrdinalIgnoreCase));
}
