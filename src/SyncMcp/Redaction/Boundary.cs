using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Redaction;

/// <summary>The one place that every outgoing message passes: secrets are masked, and no capability is told that does nothing.</summary>
internal static class Boundary
{
    /// <summary>Makes a message fit to leave, in place.</summary>
    /// <param name="message">The message.</param>
    /// <param name="inSession">Whoever gets it can be told of news later: without a session <c>resources/subscribe</c> is refused.</param>
    public static void Check(JsonRpcMessage message, bool inSession = true)
    {
        switch (message)
        {
            // Our own published schemas: they name secrets and hold none, and they are the largest message there is.
            case JsonRpcResponse { Result: JsonObject list } when list["tools"] is JsonArray:
                break;
            case JsonRpcResponse { Result: JsonObject result }:
                Present(result, inSession);
                Mask(result);
                break;
            case JsonRpcRequest { Params: { } asked }:
                Mask(asked);
                break;
            case JsonRpcNotification { Params: { } told }:
                Mask(told);
                break;
            case JsonRpcError { Error: { } error }:
                Filters.RequestForm.Explain(error);
                error.Message = Redactor.Mask(error.Message);
                error.Data = Masked(error.Data);
                break;
        }
    }

    // Most messages hold nothing that looks like a secret: one search over their text tells, and nothing else of them is touched.
    private static void Mask(JsonNode node)
    {
        if (!MessageText.IsClean(node))
            Redactor.Mask(node);
    }

    // The data of an error may be of any type: what cannot be looked through does not leave.
    private static object? Masked(object? data) => data switch
    {
        null => null,
        JsonNode node => Redactor.Mask(node),
        JsonElement element => Redactor.Mask(JsonNode.Parse(element.GetRawText())),
        string text => Redactor.Mask(text),
        bool or int or long or double => data,
        _ => null,
    };

    // The SDK announces logging always, and changes of every list: ours are fixed at the start, and we log to stderr. How we look is shown here alone: in what
    // the SDK says of a server it would go out with every answer of revision 2026-07-28.
    private static void Present(JsonObject result, bool inSession)
    {
        if (result["capabilities"] is not JsonObject capabilities || (result["serverInfo"] is null && result["supportedVersions"] is null))
            return;
        capabilities.Remove("logging");
        foreach (var (_, capability) in capabilities)
            (capability as JsonObject)?.Remove("listChanged");
        var version = result["protocolVersion"]?.ToString();
        if (version is not null && !inSession)
            (capabilities["resources"] as JsonObject)?.Remove("subscribe");
        if (Icons.Are(version ?? Icons.Since) && (result["serverInfo"] ?? result["_meta"]?["io.modelcontextprotocol/serverInfo"]) is JsonObject server)
            server["icons"] = Icons.Server();
    }
}
