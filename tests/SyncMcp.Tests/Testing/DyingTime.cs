using System.Diagnostics;

namespace SyncMcp.Tests.Testing;

/// <summary>The system's clock, put forward, of a process that kills itself (SIGKILL) when it is looked at for the n-th time: between two looks lies a step of a call.</summary>
internal sealed class DyingTime(int reads, TimeSpan ahead) : TimeProvider
{
    private int left = reads;

    public override DateTimeOffset GetUtcNow()
    {
        if (Interlocked.Decrement(ref left) == 0)
            Process.GetCurrentProcess().Kill();
        return System.GetUtcNow() + ahead;
    }
}
