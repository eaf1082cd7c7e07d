namespace SyncMcp.Guard;

/// <summary>Open questions in the chat: each may be answered once, only so many are open, and somebody who keeps declining is left alone for a while.</summary>
internal sealed class Questions(StateStore store, string origin)
{
    /// <summary>Questions that may be open at once, those of the terminal included.</summary>
    public const int MostOpen = 10;

    /// <summary>How long one may be answered, in milliseconds.</summary>
    public const long Life = 600_000;

    private const int DeclinesInRow = 3;
    private const long Pause = 60_000;

    // Of the conversations of this program: another window is another conversation.
    private readonly Dictionary<string, (int Declines, long PausedUntil)> refused = new(StringComparer.Ordinal);

    /// <summary>Who asks so much is throttled, and nobody beside: on one server each principal has questions of its own.</summary>
    public static string Owner(string origin, string who) => who.Length == 0 ? origin : $"{origin}\n{who}";

    /// <summary>How many questions wait for an answer.</summary>
    public static int CountOpen(StateStore.Session session, string origin, long now) =>
        session.Query("SELECT (SELECT count(*) FROM question WHERE origin = @origin AND asked >= @old) + (SELECT count(*) FROM code WHERE origin = @origin AND granted IS NULL AND made >= @old)",
            row => row.GetInt32(0), ("@origin", origin), ("@old", now - Life))[0];

    /// <summary>Opens one; 0 where that went well, else the seconds until the oldest of those that are open is too old.</summary>
    /// <param name="nonce">Its name.</param>
    /// <param name="sameCall">What the names of all questions about the same call begin with: they go where there are too many.</param>
    /// <param name="who">Whose call it is.</param>
    public int Open(string nonce, string sameCall, string who = "") => store.Write(session =>
    {
        var owner = Owner(origin, who);
        session.Execute("DELETE FROM question WHERE asked < @old", ("@old", store.Now - Life));
        if (CountOpen(session, owner, store.Now) >= MostOpen)
            session.Execute("DELETE FROM question WHERE origin = @origin AND nonce >= @from AND nonce < @to", ("@origin", owner), ("@from", sameCall), ("@to", sameCall + "~"));
        if (CountOpen(session, owner, store.Now) >= MostOpen)
            return UntilOneEnds(session, owner);
        session.Execute("INSERT INTO question (nonce, origin, asked) VALUES (@nonce, @origin, @now)", ("@nonce", nonce), ("@origin", owner), ("@now", store.Now));
        return 0;
    });

    /// <summary>Takes the answer to one; false where it was answered before or is too old.</summary>
    public bool TryClose(string nonce, string who = "") => store.Write(session =>
        session.Execute("DELETE FROM question WHERE nonce = @nonce AND origin = @origin AND asked >= @old", ("@nonce", nonce), ("@origin", Owner(origin, who)), ("@old", store.Now - Life)) == 1);

    /// <summary>Seconds that guarded calls of a conversation still pause; 0 when they do not.</summary>
    public int PausedFor(string conversation)
    {
        lock (refused)
            return refused.TryGetValue(conversation, out var row) ? (int)Math.Clamp((row.PausedUntil - store.Now + 999) / 1000, 0, Pause / 1000) : 0;
    }

    /// <summary>Somebody saw a question and said no: three in a row pause the guarded calls of that conversation for a minute, and of no other.</summary>
    public void CountDecline(string conversation)
    {
        lock (refused)
        {
            var (declines, until) = refused.GetValueOrDefault(conversation);
            refused[conversation] = declines + 1 >= DeclinesInRow ? (0, store.Now + Pause) : (declines + 1, until);
        }
    }

    /// <summary>Somebody said yes: the row of declines ends.</summary>
    public void CountYes(string conversation)
    {
        lock (refused)
            refused.Remove(conversation);
    }

    private int UntilOneEnds(StateStore.Session session, string owner)
    {
        var oldest = session.Query("SELECT min(asked) FROM (SELECT asked FROM question WHERE origin = @origin UNION ALL SELECT made FROM code WHERE origin = @origin AND granted IS NULL AND made >= @old)",
            row => row.IsDBNull(0) ? store.Now : row.GetInt64(0), ("@origin", owner), ("@old", store.Now - Life))[0];
        return (int)Math.Clamp((oldest + Life - store.Now + 999) / 1000, 1, Life / 1000);
    }
}
