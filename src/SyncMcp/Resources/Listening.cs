using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Resources;

/// <summary>
/// What a client watches since 2026-07-28: one request stays open that names the addresses, and all news bear its id. It works without a session too,
/// because the news travel in the request's own answer.
/// </summary>
internal static class Listening
{
    /// <summary>Says what is granted, then tells each change until the client ends the request or the program ends.</summary>
    /// <param name="request">The request.</param>
    /// <param name="watch">Watches an address, and calls when something has changed.</param>
    /// <param name="ending">The program ends: the client learns of it by the answer.</param>
    /// <param name="ct">The client has ended the request.</param>
    public static async ValueTask<EmptyResult> RunAsync(
        RequestContext<SubscriptionsListenRequestParams> request, Func<string, Action, CancellationToken, Task<IDisposable>> watch, CancellationToken ending, CancellationToken ct)
    {
        var asked = request.Params.Notifications.ResourceSubscriptions?.Distinct(StringComparer.Ordinal).ToList() ?? [];
        if (asked.Count > Subscriptions.Most)
            throw new McpProtocolException($"More than {Subscriptions.Most} resources in one request are not watched.", McpErrorCode.InvalidParams);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, ending);
        var news = new News();
        var watching = new Dictionary<string, IDisposable>(StringComparer.Ordinal);
        try
        {
            foreach (var uri in asked)
            {
                try
                {
                    watching[uri] = await watch(uri, () => news.Add(uri), either.Token);
                }
                catch (McpProtocolException)
                {
                    // What cannot be read is not granted; reading it says why.
                }
            }

            await SendAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, Granted([.. watching.Keys]), ct);
            await foreach (var uri in news.ReadAsync(either.Token))
                await SendAsync(request, NotificationMethods.ResourceUpdatedNotification, new() { ["uri"] = uri }, ct);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Answered as done.
        }
        finally
        {
            foreach (var watched in watching.Values)
                watched.Dispose();
        }

        return new();
    }

    // Lists never change while the program runs, so that no news of them are granted.
    private static JsonObject Granted(IReadOnlyList<string> uris) => new()
    {
        ["notifications"] = uris.Count == 0 ? new JsonObject() : new JsonObject { ["resourceSubscriptions"] = Filters.Text.Array(uris) },
    };

    private static Task SendAsync(RequestContext<SubscriptionsListenRequestParams> request, string method, JsonObject parameters, CancellationToken ct)
    {
        parameters["_meta"] = new JsonObject
        {
            [MetaKeys.SubscriptionId] = JsonSerializer.SerializeToNode(request.JsonRpcRequest.Id, (JsonTypeInfo<RequestId>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(RequestId))),
        };
        return request.Server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, ct);
    }
}
