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
                Redactor.Mask(result);
                break;
            case JsonRpcRequest { Params: { } asked }:
                Redactor.Mask(asked);
                break;
            case JsonRpcNotification { Params: { } told }:
                Redactor.Mask(told);
                break;
            case JsonRpcError { Error: { } error }:
                Filters.RequestForm.Explain(error);
                error.Message = Redactor.Mask(error.Message);
                if (error.Data is JsonNode data)
                    Redactor.Mask(data);
                break;
        }
    }

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
