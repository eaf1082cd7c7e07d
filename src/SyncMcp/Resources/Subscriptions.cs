using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SyncMcp.Resources;

/// <summary>What a client of a revision up to 2025-11-25 watches: it subscribes address by address, and is told over its session.</summary>
/// <param name="session">The session itself: a request's own way back ends with the request.</param>
internal sealed class Subscriptions(McpServer session) : IAsyncDisposable
{
    /// <summary>More than this of one client is refused.</summary>
    public const int Most = 200;

    private readonly Lock guard = new();
    private readonly Dictionary<string, IDisposable?> subscribed = new(StringComparer.Ordinal);
    private readonly News news = new();
    private readonly CancellationTokenSource gone = new();
    private Task telling = Task.CompletedTask;

    /// <summary>Watches one more address. One that is watched already stays so.</summary>
    /// <param name="uri">The address, as the client writes it and hears it again.</param>
    /// <param name="watch">Watches it, and calls when something has changed.</param>
    public async ValueTask<EmptyResult> AddAsync(string uri, Func<Action, Task<IDisposable>> watch)
    {
        lock (guard)
        {
            if (subscribed.ContainsKey(uri))
                return new();
            if (subscribed.Count >= Most)
                throw new McpProtocolException($"{Most} resources are subscribed to already; unsubscribe from some first.", McpErrorCode.InvalidParams);
            subscribed[uri] = null;
        }

        try
        {
            Keep(uri, await watch(() => news.Add(uri)));
            return new();
        }
        catch
        {
            await Remove(uri);
            throw;
        }
    }

    /// <summary>Watches it no more.</summary>
    public ValueTask<EmptyResult> Remove(string uri)
    {
        lock (guard)
        {
            if (subscribed.Remove(uri, out var watch))
                watch?.Dispose();
        }

        return ValueTask.FromResult(new EmptyResult());
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

    private void Keep(string uri, IDisposable watch)
    {
        lock (guard)
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

                await session.SendNotificationAsync(NotificationMethods.ResourceUpdatedNotification, new ResourceUpdatedNotificationParams { Uri = uri }, McpJsonUtilities.DefaultOptions, gone.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client is gone.
        }
    }
}
