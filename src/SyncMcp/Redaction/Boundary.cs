using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SyncMcp.Redaction;

/// <summary>The one place that every outgoing message passes: secrets are masked, and no capability is told that does nothing.</summary>
internal static class Boundary
{
    /// <summary>Makes a message fit to leave, in place.</summary>
    public static void Check(JsonRpcMessage message)
    {
        switch (message)
        {
            // Our own published schemas: they name secrets and hold none, and they are the largest message there is.
            case JsonRpcResponse { Result: JsonObject list } when list["tools"] is JsonArray:
                break;
            case JsonRpcResponse { Result: JsonObject result }:
                Honest(result);
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

    // The SDK announces logging always, and changes of every list: ours are fixed at the start, and we log to stderr.
    private static void Honest(JsonObject result)
    {
        if (result["capabilities"] is not JsonObject capabilities || result["serverInfo"] is null && result["supportedVersions"] is null)
            return;
        capabilities.Remove("logging");
        foreach (var (_, capability) in capabilities)
            (capability as JsonObject)?.Remove("listChanged");
    }
}
