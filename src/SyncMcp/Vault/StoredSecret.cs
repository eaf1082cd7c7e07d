namespace SyncMcp.Vault;

/// <summary>A secret as the store shows it: where it may go, never what it is.</summary>
/// <param name="Name">By which it is meant: <c>${secret:NAME}</c>.</param>
/// <param name="Connector">Only connections of this connector.</param>
/// <param name="Where">Only connections whose properties have these values.</param>
/// <param name="SetAt">When it was set.</param>
internal sealed record StoredSecret(string Name, string Connector, IReadOnlyDictionary<string, string> Where, DateTimeOffset SetAt)
{
    /// <summary>In words.</summary>
    public string Place => $"{Connector} {string.Join("; ", Where.Select(pair => $"{pair.Key}={pair.Value}"))}";
}
