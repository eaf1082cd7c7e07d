using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>Finds out which of the vendor's APIs a server has, when the one that is spoken here seems not to be there.</summary>
/// <param name="address">The server.</param>
/// <param name="look">Asks for an address as it stands.</param>
internal sealed class Versions(ServerAddress address, Func<Uri, CancellationToken, Task<(HttpStatusCode Status, byte[] Body)>> look)
{
    private static readonly string[] Headings = ["openapi", "swagger", "paths"];

    /// <summary>The server's own description of an API; null where it gives none.</summary>
    public async Task<ApiDescription?> DescriptionAsync(ApiVersion version, CancellationToken ct)
    {
        var at = address.Of(version, "/$oas");
        var (status, body) = await look(at, ct).ConfigureAwait(false);
        return status == HttpStatusCode.OK && Json(body) is { } document && Array.Exists(Headings, document.ContainsKey) ? new(at.AbsolutePath, document) : null;
    }

    /// <summary>True where version 1 is there and version 2 is not.</summary>
    public async Task<bool> IsOneOnlyAsync(CancellationToken ct)
    {
        var one = await DescriptionAsync(ApiVersion.One, ct).ConfigureAwait(false) is not null
            || (await look(address.Of(ApiVersion.One, "/"), ct).ConfigureAwait(false) is { Status: HttpStatusCode.OK } root && Json(root.Body) is { } service && service.ContainsKey("@odata.context"));
        if (!one)
            return false;
        var (status, body) = await look(address.Of(ApiVersion.Two, "/workspaces"), ct).ConfigureAwait(false);
        return status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented
            || (status == HttpStatusCode.OK && body.AsSpan().TrimStart(" \r\n\t"u8).StartsWith("<"u8));
    }

    private static JsonObject? Json(byte[] body)
    {
        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(body).TrimStart('\uFEFF')) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
