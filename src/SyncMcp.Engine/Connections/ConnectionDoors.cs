using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Connections;

/// <summary>Stored connections as connectors need them: with their secrets in clear, confined to the allowed folders.</summary>
internal sealed class ConnectionDoors(ConnectionSecrets secrets, FileRoots files)
{
    /// <summary>A stored connection, ready to be opened; null where it is gone.</summary>
    /// <exception cref="ReplicationException">Its secrets cannot be opened.</exception>
    public ResolvedConnection? Resolve(StoreSession session, string connectionId) =>
        ConnectionTable.Find(session, connectionId) is { } row ? Resolve(row, secrets.Open(row)) : null;

    /// <summary>A connection with its secrets put where their masks stand.</summary>
    public ResolvedConnection Resolve(ConnectionRow row, IReadOnlyDictionary<string, string> opened)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in row.Properties)
        {
            if ((opened.GetValueOrDefault(name) ?? (string?)value) is { } text)
                properties[name] = text;
        }

        return new(row.Connector, properties, files);
    }

    /// <summary>Opens a connection once; null when that went well, else why it did not.</summary>
    public static async Task<string?> TestAsync(ResolvedConnection connection, CancellationToken ct)
    {
        if (ConnectorList.Find(connection.Connector) is not { } connector)
            return Missing(connection.Connector);
        var found = await connector.TestAsync(connection, ct);
        return found.Success ? null : found.Message ?? "it could not be opened.";
    }

    /// <summary>Says that this engine cannot open connections of a connector, though it stores them.</summary>
    public static string Missing(string connector) => $"This engine cannot open {connector} connections yet; it has: {string.Join(", ", ConnectorList.Names)}.";
}
