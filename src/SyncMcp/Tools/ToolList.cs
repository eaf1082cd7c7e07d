using SyncMcp.Client;

namespace SyncMcp.Tools;

/// <summary>The tools that are listed: fixed at the start, because most clients never look again.</summary>
internal static class ToolList
{
    public static IReadOnlyList<Endpoint> Of(ServerOptions options) =>
        [.. Catalogue.All.Where(endpoint => options.Mode != Mode.ReadOnly || endpoint.Tier == Tier.Reads)];
}
