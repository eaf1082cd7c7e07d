using System.Threading.Channels;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

/// <summary>Holds tasks of a run until a test lets them go on; a cancellation ends the waiting as it would stop a real task at a chunk border.</summary>
internal sealed class Gate
{
    private readonly Channel<TaskPlan> reached = Channel.CreateUnbounded<TaskPlan>();
    private readonly Channel<bool> open = Channel.CreateUnbounded<bool>();
    private int begun;

    /// <summary>How many tasks began.</summary>
    public int Begun => begun;

    /// <summary>The door.</summary>
    public async Task<TaskResult> Replicate(TaskPlan plan, ITaskObserver observer, CancellationToken ct)
    {
        Interlocked.Increment(ref begun);
        await reached.Writer.WriteAsync(plan, CancellationToken.None);
        await open.Reader.ReadAsync(ct);
        return JobSession.Done(plan, 10, 7);
    }

    /// <summary>The next task that stands at the gate.</summary>
    public Task<TaskPlan> ReachedAsync() => reached.Reader.ReadAsync(JobSession.Ct).AsTask().WaitAsync(JobSession.Patience);

    /// <summary>Lets tasks through.</summary>
    public void Open(int tasks = 1)
    {
        for (var i = 0; i < tasks; i++)
            open.Writer.TryWrite(true);
    }
}
