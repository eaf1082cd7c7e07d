using SyncMcp.Client.Sending;

namespace SyncMcp.Client;

/// <summary>Corrections of routes, for whoever keeps them: <see cref="SyncClientOptions.Routes"/> takes what passes here.</summary>
public static class RouteCorrections
{
    /// <summary>Checks corrections without making a client.</summary>
    /// <param name="corrections">Operation name to route.</param>
    /// <exception cref="ArgumentException">One names no operation, other members, or the route of another operation.</exception>
    public static void Check(IReadOnlyDictionary<string, string> corrections) => _ = new RouteTable(corrections);
}
