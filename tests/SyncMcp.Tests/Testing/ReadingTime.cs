namespace SyncMcp.Tests.Testing;

/// <summary>The system's clock, put forward while somebody reads a question: a refusal within a second counts as one that nobody saw.</summary>
internal sealed class ReadingTime : TimeProvider
{
    private static readonly TimeSpan Reading = TimeSpan.FromSeconds(3);
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    /// <summary>Somebody reads.</summary>
    public void Read() => Interlocked.Add(ref ahead, Reading.Ticks);

    /// <summary>A session whose person reads each question and then says no, until a test says otherwise.</summary>
    public static async Task<SyncSession> DecliningSessionAsync()
    {
        var time = new ReadingTime();
        var session = await SyncSession.StartAsync(options => options with { Time = time });
        session.Person.Reads = time.Read;
        session.Person.Declines();
        return session;
    }
}
