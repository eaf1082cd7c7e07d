using System.Globalization;

namespace SyncMcp.Guard;

/// <summary>Open questions in the chat: each may be answered once, only so many are open, and somebody who keeps declining is left alone for a while.</summary>
internal sealed class Questions(StateStore store, string origin)
{
    /// <summary>Questions that may be open at once, those of the terminal included.</summary>
    public const int MostOpen = 10;

    private const long Life = 600_000;
    private const int DeclinesInRow = 3;
    private const long Pause = 60_000;

    /// <summary>How many questions wait for an answer.</summary>
    public static int CountOpen(StateStore.Session session, string origin, long now) =>
        session.Query("SELECT (SELECT count(*) FROM question WHERE origin = @origin AND asked >= @old) + (SELECT count(*) FROM code WHERE origin = @origin AND granted IS NULL AND made >= @old)",
            row => row.GetInt32(0), ("@origin", origin), ("@old", now - Life))[0];

    /// <summary>Opens one; false where too many are open.</summary>
    public bool TryOpen(string nonce) => store.Write(session =>
    {
        session.Execute("DELETE FROM question WHERE asked < @old", ("@old", store.Now - Life));
        if (CountOpen(session, origin, store.Now) >= MostOpen)
            return false;
        return session.Execute("INSERT INTO question (nonce, origin, asked) VALUES (@nonce, @origin, @now)", ("@nonce", nonce), ("@origin", origin), ("@now", store.Now)) == 1;
    });

    /// <summary>Takes the answer to one; false where it was answered before or is too old.</summary>
    public bool TryClose(string nonce) => store.Write(session =>
        session.Execute("DELETE FROM question WHERE nonce = @nonce AND origin = @origin AND asked >= @old", ("@nonce", nonce), ("@origin", origin), ("@old", store.Now - Life)) == 1);

    /// <summary>Seconds that guarded calls still pause; 0 when they do not.</summary>
    public int PausedFor() => store.Read(session =>
        session.Fact(origin, "paused_until") is { } until ? (int)Math.Clamp((Number(until) - store.Now + 999) / 1000, 0, Pause / 1000) : 0);

    /// <summary>Somebody saw a question and said no: three in a row pause guarded calls for a minute.</summary>
    public void CountDecline() => store.Write(session =>
    {
        var declines = Number(session.Fact(origin, "declines") ?? "0") + 1;
        if (declines >= DeclinesInRow)
        {
            session.Keep(origin, "paused_until", (store.Now + Pause).ToString(CultureInfo.InvariantCulture));
            declines = 0;
        }

        session.Keep(origin, "declines", declines.ToString(CultureInfo.InvariantCulture));
        return true;
    });

    /// <summary>Somebody said yes: the row of declines ends.</summary>
    public void CountYes() => store.Write(session =>
    {
        session.Keep(origin, "declines", "0");
        return true;
    });

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
