using System.Threading.Channels;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>
/// Writes what workers say (log lines, progress) in their order and in few transactions: a worker never waits for the store's disk. Everything is
/// written when it is disposed.
/// </summary>
internal sealed class WriteBehind : IAsyncDisposable
{
    private const int Together = 500;
    private const int Waiting = 10_000;

    private readonly Channel<Item> writes =
        Channel.CreateBounded<Item>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly EngineStore store;
    private readonly Action<string>? log;
    private readonly Task pump;
    private int leftOut;

    public WriteBehind(EngineStore store, Action<string>? log)
    {
        (this.store, this.log) = (store, log);
        pump = Task.Run(PumpAsync);
    }

    /// <summary>Queues a write; where the store is so slow that the queue is full, this one is left out.</summary>
    public void Add(Action<StoreSession> write)
    {
        if (!writes.Writer.TryWrite(new(write, null)))
            Interlocked.Increment(ref leftOut);
    }

    /// <summary>Returns when all that was queued before is written.</summary>
    public async Task FlushAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await writes.Writer.WriteAsync(new(null, done));
        await done.Task;
    }

    /// <summary>Returns when all that was queued is written.</summary>
    public async ValueTask DisposeAsync()
    {
        writes.Writer.TryComplete();
        await pump;
        if (leftOut > 0)
            log?.Invoke($"{leftOut} lines of a run log were left out: the store was too slow for them");
    }

    private async Task PumpAsync()
    {
        var batch = new List<Item>();
        while (await writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < Together && writes.Reader.TryRead(out var write))
                batch.Add(write);
            try
            {
                await store.WriteAsync(session => batch.ForEach(item => item.Write?.Invoke(session)), CancellationToken.None);
            }
            catch (Exception e)
            {
                // A log that cannot be written must not end the run that it tells of.
                log?.Invoke($"{batch.Count} lines of a run log were lost: {e.Message}");
            }

            batch.ForEach(item => item.Flushed?.TrySetResult());
        }
    }

    private sealed record Item(Action<StoreSession>? Write, TaskCompletionSource? Flushed);
}
