using System.Collections.Concurrent;

namespace SyncMcp.Engine.Runs;

/// <summary>A run that this process works on.</summary>
internal sealed class LiveRun(CancellationToken stopping) : IDisposable
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool canceled;

    /// <summary>Ends when somebody cancels the run or the engine stops.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>True when somebody canceled the run: it is over. Else an end of <see cref="Stop"/> means that the next start goes on with it.</summary>
    public bool Canceled => canceled;

    /// <summary>Done when the worker has let go of the run.</summary>
    public Task Ended => ended.Task;

    /// <summary>Tasks at work, by the id of their row.</summary>
    public ConcurrentDictionary<string, TaskProgress> Tasks { get; } = new(StringComparer.Ordinal);

    /// <summary>Asks the worker to stop at the next chunk border.</summary>
    public void Cancel()
    {
        canceled = true;
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // it ended just now
        }
    }

    /// <summary>Tells who waits.</summary>
    public void Dispose()
    {
        ended.TrySetResult();
        stop.Dispose();
    }
}
