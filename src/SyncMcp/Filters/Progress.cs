using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Filters;

/// <summary>
/// Tells a client that asked for it each five seconds what its call is about, so that a client which gives up after a time knows that something goes on
/// (reference/clients.md). It stands around questions to the person too, which take longest, and ends before the answer leaves.
/// </summary>
internal sealed class Progress : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private const string Key = "syncmcp.progress";

    private readonly MessageContext context;
    private readonly JsonNode token;
    private readonly string tool;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource done = new();
    private readonly Task telling;
    private volatile string doing = "begins";

    private Progress(MessageContext context, JsonNode token, string tool, TimeProvider time)
    {
        (this.context, this.token, this.tool, this.time) = (context, token, tool, time);
        telling = TellAsync();
    }

    /// <summary>Stands before all calls.</summary>
    public static McpMessageFilter Filter(TimeProvider time) => next => async (context, ct) =>
    {
        if (context.JsonRpcMessage is not JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: JsonObject parameters } || Token(parameters) is not { } token)
        {
            await next(context, ct);
            return;
        }

        await using var progress = new Progress(context, token, Text.Cut(Text.Clean(parameters["name"]?.ToString() ?? ""), 64), time);
        context.Items[Key] = progress;
        await next(context, ct);
    };

    /// <summary>Says what a call is waiting for; does nothing where nobody asked.</summary>
    public static void Says(MessageContext call, string doing)
    {
        if (Of(call) is { } progress)
            progress.doing = doing;
    }

    /// <summary>The answer is ready: from here on nothing more is told.</summary>
    public static ValueTask EndAsync(MessageContext call) => Of(call)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await telling;
    }

    private static Progress? Of(MessageContext call) => call.JsonRpcMessage.Context?.Items?.TryGetValue(Key, out var found) == true ? found as Progress : null;

    private static JsonValue? Token(JsonObject parameters) =>
        parameters["_meta"] is JsonObject meta && meta["progressToken"] is JsonValue token && token.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? token : null;

    private async Task TellAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        var begun = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(done.Token))
            {
                var seconds = Math.Round(time.GetElapsedTime(begun).TotalSeconds);
                var told = new JsonObject { ["progressToken"] = token.DeepClone(), ["progress"] = seconds, ["message"] = $"{tool} {doing} ({seconds} s)" };
                // The server of a request's context: over HTTP this travels in the call's own answer.
                await context.Server.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.ProgressNotification, Params = told }, done.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Answered, or nobody listens any more.
        }
    }
}
