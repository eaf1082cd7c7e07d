using System.Text.Json.Nodes;

namespace SyncMcp.Client;

/// <summary>Which of the vendor's two APIs is meant; a server may have both.</summary>
public enum ApiVersion
{
    /// <summary>OData style at <c>/api.rsc</c>.</summary>
    One,

    /// <summary>Resources at <c>/api.rsc/v2</c>, since CData Sync 26.1: the one that this client speaks.</summary>
    Two,
}

/// <summary>What a server says about its own API.</summary>
/// <param name="Place">Where it says so: <c>/api.rsc/v2/$oas</c>.</param>
/// <param name="Document">OpenAPI 3 or Swagger 2: text of somebody else.</param>
public sealed record ApiDescription(string Place, JsonObject Document);
