using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Filters;

/// <summary>
/// Parameters of another shape than the protocol's: what is meant is taken, everything else is refused with where it is wrong. The SDK answers both with
/// "An error occurred.", which teaches nobody.
/// </summary>
internal static class RequestForm
{
    /// <summary>Stands before all requests.</summary>
    public static McpMessageFilter Filter { get; } = next => async (context, ct) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest request)
        {
            await next(context, ct);
            return;
        }

        try
        {
            if (request.Method == RequestMethods.ToolsCall && request.Params is JsonObject call)
                Mend(call);
        }
        catch (Exception ex) when (ex is ArgumentException or InvalidOperationException)
        {
            throw Wrong(request, "`params` cannot be read: a name stands twice in it, or a text is broken.");
        }

        if (request.Params is not JsonObject && (request.Params is not null || NeedsParameters(request.Method)))
            throw Wrong(request, "`params` must be an object.");
        try
        {
            await next(context, ct);
        }
        catch (JsonException ex)
        {
            throw Wrong(request, $"`params` cannot be read at {ex.Path ?? "$"}.");
        }
    };

    /// <summary>What the SDK could not even begin to read, before any filter.</summary>
    public static void Explain(JsonRpcErrorDetail error)
    {
        if (error is { Code: (int)McpErrorCode.InternalError, Message: "An error occurred." })
            error.Message = "The request cannot be read (a name that stands twice, a broken text, a `_meta` of another form), or it failed inside syncmcp.";
    }

    // PHP writes an empty object as [], and models write objects as text.
    private static void Mend(JsonObject call)
    {
        switch (call["arguments"])
        {
            case JsonArray { Count: 0 }:
                call["arguments"] = new JsonObject();
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && ArgumentReader.Parse(value.GetValue<string>()) is JsonObject written:
                call["arguments"] = written.DeepClone();
                break;
        }
    }

    private static bool NeedsParameters(string method) => method is RequestMethods.ToolsCall or RequestMethods.ResourcesRead or RequestMethods.ResourcesSubscribe
        or RequestMethods.ResourcesUnsubscribe or RequestMethods.CompletionComplete or RequestMethods.SubscriptionsListen;

    private static McpProtocolException Wrong(JsonRpcRequest request, string what) =>
        new($"{Text.Cut(Text.Clean(request.Method), 64)}: {what}", McpErrorCode.InvalidParams);
}
