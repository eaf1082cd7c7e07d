namespace SyncMcp.Tests.Guard;

/// <summary>The system's clock, which a test puts forward.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    // Both clocks jump, as for whoever waited.
    public override long GetTimestamp() => System.GetTimestamp() + (long)(Interlocked.Read(ref ahead) * ((double)TimestampFrequency / TimeSpan.TicksPerSecond));

    public void Jump(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
