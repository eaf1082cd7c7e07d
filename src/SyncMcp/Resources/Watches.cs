using System.Diagnostics;
using ModelContextProtocol;

namespace SyncMcp.Resources;

/// <summary>
/// The one poller of a process (contracts.md "Runs and rows"): every address that somebody watches is looked at each two seconds, however many watch
/// it; without watchers nothing runs. It is the same for the embedded engine and for servers that can only be asked.
/// </summary>
internal sealed class Watches(TimeProvider time) : IAsyncDisposable
{
    /// <summary>Time between two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    // Of a server that has hundreds of watched runs no more is asked at once than this.
    private const int AtOnce = 4;

    private readonly Lock guard = new();
    private readonly Dictionary<string, Watch> watched = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private Task polling = Task.CompletedTask;
    private bool isPolling;

    /// <summary>How many addresses are looked at.</summary>
    public int Count
    {
        get
        {
            lock (guard)
                return watched.Count;
        }
    }

    /// <summary>Watches an address until what is returned is disposed.</summary>
    /// <param name="key">The same for all that see the same there.</param>
    /// <param name="look">Looks at it, as the watcher may.</param>
    /// <param name="changed">Called when something else stands there; must not wait.</param>
    /// <param name="ct">Gives up the first look.</param>
    /// <exception cref="McpException">It cannot be read.</exception>
    public async Task<IDisposable> AddAsync(string key, Func<CancellationToken, Task<Sight>> look, Action changed, CancellationToken ct)
    {
        var seen = await look(ct);
        var watcher = new Watcher(look, changed);
        lock (guard)
        {
            if (!watched.TryGetValue(key, out var watch))
                watched[key] = watch = new(seen);
            watch.Watchers.Add(watcher);
            if (!isPolling && !stopping.IsCancellationRequested)
            {
                isPolling = true;
                polling = Task.Run(PollAsync, CancellationToken.None);
            }
        }

        return new Watching(this, key, watcher);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await polling;
    }

    private async Task PollAsync()
    {
        Activity.Current = null; // it belongs to no request
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                List<Watch> due;
                lock (guard)
                {
                    if (watched.Count == 0)
                    {
                        isPolling = false;
                        return;
                    }

                    due = [.. watched.Values.Where(watch => watch.IsDue())];
                }

                await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping.Token }, LookAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends.
        }
    }

    private async ValueTask LookAsync(Watch watch, CancellationToken ct)
    {
        Watcher first;
        lock (guard)
        {
            if (watch.Watchers.Count == 0)
                return;
            first = watch.Watchers[0];
        }

        var now = await SeeAsync(watch, first, ct);
        lock (guard)
        {
            if (watch.Sees(now))
                watch.Watchers.ForEach(static watcher => watcher.Changed());
        }
    }

    // Null where nothing can be said: the server is away, or its answer was no answer.
    private static async Task<Sight?> SeeAsync(Watch watch, Watcher watcher, CancellationToken ct)
    {
        try
        {
            return await watcher.Look(ct);
        }
        catch (McpProtocolException ex) when (ex.ErrorCode is McpErrorCode.InvalidParams or McpErrorCode.ResourceNotFound)
        {
            return Sight.Gone;
        }
        catch (Exception ex) when (!ct.IsCancellationRequested)
        {
            if (ex is not McpException && watch.Misses == 0)
                Log.Error("watching a resource", ex);
            return null;
        }
    }

    private void Remove(string key, Watcher watcher)
    {
        lock (guard)
        {
            if (watched.TryGetValue(key, out var watch) && watch.Watchers.Remove(watcher) && watch.Watchers.Count == 0)
                watched.Remove(key);
        }
    }

    private sealed record Watcher(Func<CancellationToken, Task<Sight>> Look, Action Changed);

    private sealed class Watching(Watches owner, string key, Watcher watcher) : IDisposable
    {
        public void Dispose() => owner.Remove(key, watcher);
    }

    /// <summary>One address, what was last seen there, and who watches it.</summary>
    private sealed class Watch(Sight seen)
    {
        private const int LongestPause = 15;

        private Sight last = seen;
        private int pause;

        public List<Watcher> Watchers { get; } = [];

        /// <summary>Looks in a row that saw nothing.</summary>
        public int Misses { get; private set; }

        /// <summary>Its turn in this round: a run that has ended is left alone, a server that does not answer is asked ever more seldom.</summary>
        public bool IsDue() => !last.IsFinal && --pause < 0;

        /// <summary>Takes what was seen; true where it is something else than before.</summary>
        public bool Sees(Sight? now)
        {
            var missed = now is null || now == Sight.Gone;
            Misses = missed ? Misses + 1 : 0;
            pause = missed ? Math.Min((1 << Math.Min(Misses, 4)) - 1, LongestPause) : 0;
            if (now is not { } sight || sight == last)
                return false;
            last = sight;
            return true;
        }
    }
}
