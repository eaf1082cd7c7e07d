namespace SyncMcp.Guard;

/// <summary>
/// What was last read of what starts what, for the look before a question: on a large server these are most of a look's requests. Only a question rests on it,
/// never an effect: what is sent was looked at anew. One for each server and token; every change that we send, and everything that turns out to have changed,
/// drops it.
/// </summary>
internal sealed class ReverseCache(TimeProvider time)
{
    /// <summary>So long it serves.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly Lock exclusive = new();
    private Reverse? kept;
    private long since;

    /// <summary>There is something to look at.</summary>
    public bool IsWarm
    {
        get
        {
            lock (exclusive)
                return kept is not null && time.GetElapsedTime(since) < Life;
        }
    }

    /// <summary>What was read within the last half minute; else nothing yet, and kept from now on.</summary>
    public Reverse Known()
    {
        lock (exclusive)
            return kept is not null && time.GetElapsedTime(since) < Life ? kept : Fresh();
    }

    /// <summary>Nothing yet: all of it is read anew.</summary>
    public Reverse Anew()
    {
        lock (exclusive)
            return Fresh();
    }

    /// <summary>Something has changed.</summary>
    public void Drop()
    {
        lock (exclusive)
            kept = null;
    }

    private Reverse Fresh()
    {
        since = time.GetTimestamp(); // from before the first request on
        return kept = new();
    }
}
