using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Tools;

/// <summary>The tools that are listed: fixed at the start, because most clients never look again.</summary>
internal static class ToolList
{
    public static IReadOnlyList<Endpoint> Of(ServerOptions options) => Of(Policy.Of(options));

    /// <summary>Those that the operator's policy lets anybody call.</summary>
    public static IReadOnlyList<Endpoint> Of(Policy policy) => [.. Catalogue.All.Where(endpoint => policy.Refuses(endpoint) is null)];

    /// <summary>The same of the tools that span operations.</summary>
    public static IReadOnlyList<OwnTool> Own(Policy policy) => [.. OwnTools.All.Where(tool => policy.Refuses(tool) is null)];

    /// <summary>Names of all toolsets: the areas of the catalogue, and those of the tools that span operations.</summary>
    public static IReadOnlyList<string> Toolsets { get; } = [.. Catalogue.Areas.Select(area => area.Name).Concat(OwnTools.All.Select(tool => tool.Toolset)).Distinct(StringComparer.Ordinal)];

    /// <summary>Names of all tools there are.</summary>
    public static IEnumerable<string> Names => Catalogue.All.Select(endpoint => endpoint.Name).Concat(OwnTools.All.Select(tool => tool.Name));
}
