using System.Text.Json;
using ModelContextProtocol.Protocol;
using SyncMcp.Client;

namespace SyncMcp.Tools;

/// <summary>The tools that are listed: fixed at the start, because most clients never look again.</summary>
internal static class ToolList
{
    public static IEnumerable<EndpointTool> Of(ServerOptions options) =>
        from endpoint in Catalogue.All
        where options.Mode != Mode.ReadOnly || endpoint.Tier == Tier.Reads
        select new EndpointTool(endpoint, Published(endpoint));

    private static Tool Published(Endpoint endpoint) => new()
    {
        Name = endpoint.Name,
        Description = endpoint.Description,
        InputSchema = JsonElement.Parse("""{"type":"object"}"""),
    };
}
