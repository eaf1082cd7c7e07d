using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Resources;

/// <summary>
/// What one client watches. Up to 2025-11-25 it subscribes address by address and is told over its session; since 2026-07-28 a request stays open that
/// names the addresses, and the news come with that request's id.
/// </summary>
internal sealed class Subscriptions(Watches watches, Func<SyncResources> resources, CancellationToken ending) : IAsyncDisposable
{
    /// <summary>More than this of one client, or of one open request, is refused.</summary>
    public const int Most = 200;

    private readonly Lock guard = new();
    private readonly Dictionary<string, IDisposable?> subscribed = new(StringComparer.Ordinal);
    private readonly News news = new();
    private readonly CancellationTokenSource gone = new();
    private McpServer? session;
    private Task telling = Task.CompletedTask;

    /// <summary>Says over what the client is told, which outlives its requests.</summary>
    public void Attach(McpServer server) => session = server;

    /// <summary>Up to 2025-11-25: watches one more address. One that is watched already stays so.</summary>
    public async ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken ct)
    {
        var uri = request.Params.Uri;
        lock (guard)
        {
            if (subscribed.ContainsKey(uri))
                return new();
            if (subscribed.Count >= Most)
                throw new McpProtocolException($"{Most} resources are subscribed to already; unsubscribe from some first.", McpErrorCode.InvalidParams);
            subscribed[uri] = null;
        }

        IDisposable? watch = null;
        try
        {
            watch = await WatchAsync(request, uri, news, ct);
        }
        finally
        {
            lock (guard)
            {
                if (watch is null)
                    subscribed.Remove(uri);
                else
                    Keep(uri, watch);
            }
        }

        return new();
    }

    /// <summary>Up to 2025-11-25: watches it no more.</summary>
    public ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken ct)
    {
        lock (guard)
        {
            if (subscribed.Remove(request.Params.Uri, out var watch))
                watch?.Dispose();
        }

        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Since 2026-07-28: says what is granted, then tells each change until the client ends the request or the program ends.</summary>
    public async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken ct)
    {
        var asked = request.Params.Notifications.ResourceSubscriptions?.Distinct(StringComparer.Ordinal).ToList() ?? [];
        if (asked.Count > Most)
            throw new McpProtocolException($"More than {Most} resources in one request are not watched.", McpErrorCode.InvalidParams);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, ending);
        var found = new News();
        var granted = new List<string>();
        var watching = new List<IDisposable>();
        try
        {
            foreach (var uri in asked)
            {
                try
                {
                    watching.Add(await WatchAsync(request, uri, found, either.Token));
                    granted.Add(uri);
                }
                catch (McpProtocolException)
                {
                    // What cannot be read is not granted; reading it says why.
                }
            }

            await SendAsync(request, NotificationMethods.SubscriptionsAcknowledgedNotification, Granted(granted), ct);
            await foreach (var uri in found.ReadAsync(either.Token))
                await SendAsync(request, NotificationMethods.ResourceUpdatedNotification, new() { ["uri"] = uri }, ct);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // The client learns of the end by its answer.
        }
        finally
        {
            watching.ForEach(static watch => watch.Dispose());
        }

        return new();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        lock (guard)
        {
            foreach (var watch in subscribed.Values)
                watch?.Dispose();
            subscribed.Clear();
        }

        await telling;
    }

    private Task<IDisposable> WatchAsync<TParams>(RequestContext<TParams> request, string uri, News news, CancellationToken ct)
    {
        var all = resources();
        return watches.AddAsync(uri, token => all.LookAsync(request, uri, ending, token), () => news.Add(uri), ct);
    }

    private void Keep(string uri, IDisposable watch)
    {
        if (gone.IsCancellationRequested || !subscribed.TryGetValue(uri, out var earlier))
        {
            watch.Dispose(); // unsubscribed, or went away, while we looked
            return;
        }

        earlier?.Dispose();
        subscribed[uri] = watch;
        if (telling.IsCompleted)
            telling = Task.Run(TellAsync, CancellationToken.None);
    }

    private async Task TellAsync()
    {
        try
        {
            await foreach (var uri in news.ReadAsync(gone.Token))
            {
                lock (guard)
                {
                    if (!subscribed.ContainsKey(uri))
                        continue;
                }

                await session!.SendNotificationAsync(NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, McpJsonUtilities.DefaultOptions, gone.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone.
        }
    }

    private static JsonObject Granted(List<string> uris) => new()
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
