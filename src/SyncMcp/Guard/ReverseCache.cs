namespace SyncMcp.Guard;

/// <summary>
/// What was last read of what starts what, for the look before a question: on a large server these are most of a look's requests. Only a question rests on it,
/// never an effect: what is sent was looked at anew. One for each server and token; every change that we send, from any window, and everything that turns out to
/// have changed, drops it: an answer to a question that rested on what was so before would be void.
/// </summary>
internal sealed class ReverseCache(StateStore store, string origin, TimeProvider time)
{
    /// <summary>So long it serves.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private const string Counter = "changes";

    private readonly Lock exclusive = new();
    private Reverse? kept;
    private long since;
    private string? changes;

    /// <summary>There is something to look at.</summary>
    public bool IsWarm
    {
        get
        {
            lock (exclusive)
                return IsGood();
        }
    }

    /// <summary>What was read within the last half minute; else nothing yet, and kept from now on.</summary>
    public Reverse Known()
    {
        lock (exclusive)
            return IsGood() ? kept! : Fresh();
    }

    /// <summary>Nothing yet: all of it is read anew.</summary>
    public Reverse Anew()
    {
        lock (exclusive)
            return Fresh();
    }

    /// <summary>Something has changed, or is about to: no window's memory counts any more.</summary>
    public void Drop()
    {
        lock (exclusive)
            kept = null;
        store.Write(session =>
        {
            _ = long.TryParse(session.Fact(origin, Counter), out var count);
            session.Keep(origin, Counter, (count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return 0;
        });
    }

    private bool IsGood() => kept is not null && time.GetElapsedTime(since) < Life && Changes() == changes;

    private string? Changes() => store.Read(session => session.Fact(origin, Counter));

    private Reverse Fresh()
    {
        (since, changes) = (time.GetTimestamp(), Changes()); // from before the first request on
        return kept = new();
    }
}
