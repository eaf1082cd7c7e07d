namespace SyncMcp.Engine.Api;

/// <summary>One at a time for each name; a name that nobody waits for takes no memory.</summary>
internal sealed class Turns
{
    private readonly Dictionary<string, Queue> queues = new(StringComparer.Ordinal);

    /// <summary>Waits for the name's turn; disposing gives it to the next.</summary>
    public async Task<IDisposable> TakeAsync(string name, CancellationToken ct)
    {
        Queue? queue;
        lock (queues)
        {
            if (!queues.TryGetValue(name, out queue))
                queues.Add(name, queue = new());
            queue.Waiting++;
        }

        try
        {
            await queue.Turn.WaitAsync(ct);
        }
        catch
        {
            Leave(name, queue);
            throw;
        }

        return new Holder(this, name, queue);
    }

    private void Leave(string name, Queue queue)
    {
        lock (queues)
        {
            if (--queue.Waiting == 0)
                queues.Remove(name);
        }
    }

    private sealed class Queue
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Waiting { get; set; }
    }

    private sealed class Holder(Turns turns, string name, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Turn.Release();
            turns.Leave(name, queue);
        }
    }
}
