using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>The tools that are listed: fixed at the start, because most clients never look again.</summary>
internal static class ToolList
{
    public static IReadOnlyList<Endpoint> Of(ServerOptions options) => Of(Policy.Of(options));

    /// <summary>Those that the operator's policy lets anybody call.</summary>
    public static IReadOnlyList<Endpoint> Of(Policy policy) => [.. Catalogue.All.Where(endpoint => policy.Refuses(endpoint) is null)];
}
