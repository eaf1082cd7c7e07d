using System.Security.Cryptography;
using System.Text;

namespace SyncMcp.Guard;

/// <summary>
/// The operator's PIN: what a model with a shell cannot type. Kept as a slow hash in the state store, beside the approvals, so that who takes it away takes
/// the approvals with it. Each attempt is counted before it is judged, so that many at once are not more than one after the other.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="iterations">How slow the hash of a new one is.</param>
internal sealed class Pin(StateStore store, int iterations = Pin.Iterations)
{
    /// <summary>Fewest characters.</summary>
    public const int Shortest = 6;

    /// <summary>Most characters.</summary>
    public const int Longest = 128;

    /// <summary>OWASP's number for PBKDF2 with SHA-256; kept in the row, so that it can rise.</summary>
    public const int Iterations = 600_000;
    private const int Bytes = 32;
    private const int Free = 3;
    private const int MostDoublings = 7;
    private const long FirstWait = 30_000;

    private sealed record Kept(byte[] Salt, byte[] Hash, int Iterations, int Wrong, long Until);

    /// <summary>What an attempt was worth.</summary>
    /// <param name="IsRight">It was the PIN.</param>
    /// <param name="WaitSeconds">So long no attempt counts; 0 where the next one does.</param>
    internal sealed record Verdict(bool IsRight, int WaitSeconds);

    /// <summary>There is one.</summary>
    public bool IsSet => store.Read(session => Find(session) is not null);

    /// <summary>Sets it, in the place of an older one.</summary>
    public void Set(string pin)
    {
        var salt = RandomNumberGenerator.GetBytes(Bytes);
        var hash = Derive(pin, salt, iterations);
        store.Write(session => session.Execute(
            "INSERT INTO pin (one, salt, hash, iterations, wrong, until, at) VALUES (1, @salt, @hash, @iterations, 0, 0, @now) ON CONFLICT DO UPDATE SET salt = @salt, hash = @hash, iterations = @iterations, wrong = 0, until = 0, at = @now",
            ("@salt", salt), ("@hash", hash), ("@iterations", iterations), ("@now", store.Now)));
    }

    /// <summary>Takes it away.</summary>
    public void Remove() => store.Write(session => session.Execute("DELETE FROM pin"));

    /// <summary>Judges an attempt. After three wrong ones in a row there is a wait, which doubles with each that follows, up to an hour.</summary>
    public Verdict Try(string pin)
    {
        var (kept, wait) = store.Write(Count);
        if (kept is null || wait > 0)
            return new(kept is null, wait);
        if (CryptographicOperations.FixedTimeEquals(Derive(pin, kept.Salt, kept.Iterations), kept.Hash))
        {
            store.Write(session => session.Execute("UPDATE pin SET wrong = 0, until = 0 WHERE hash = @hash", ("@hash", kept.Hash)));
            return new(true, 0);
        }

        return new(false, Seconds(WaitAfter(kept.Wrong + 1)));
    }

    private (Kept? Kept, int Wait) Count(StateStore.Session session)
    {
        if (Find(session) is not { } kept)
            return (null, 0);
        if (kept.Until > store.Now)
            return (kept, Seconds(kept.Until - store.Now));
        session.Execute("UPDATE pin SET wrong = wrong + 1, until = @until", ("@until", store.Now + WaitAfter(kept.Wrong + 1)));
        return (kept, 0);
    }

    private static long WaitAfter(int wrong) => wrong < Free ? 0 : FirstWait << Math.Min(wrong - Free, MostDoublings);

    private static int Seconds(long milliseconds) => (int)((milliseconds + 999) / 1000);

    private static Kept? Find(StateStore.Session session) => session.Query(
        "SELECT salt, hash, iterations, wrong, until FROM pin",
        row => new Kept(row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4))).FirstOrDefault();

    private static byte[] Derive(string pin, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(pin.Normalize()), salt, iterations, HashAlgorithmName.SHA256, Bytes);
}
