namespace SyncMcp.Tests.Guard;

/// <summary>The system's clock, which a test puts forward.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
