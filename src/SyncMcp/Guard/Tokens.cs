using System.Security.Cryptography;

namespace SyncMcp.Guard;

/// <summary>
/// The two-step token of D calls for clients that cannot ask: a speed bump, not consent. Only its hash is kept; it is bound to one call in one state
/// and used up once, whoever comes first.
/// </summary>
internal sealed class Tokens(StateStore store)
{
    private const string Prefix = "cf_";
    private const int Bytes = 20; // 160 bits
    private const long Life = 120_000;

    /// <summary>What a token is worth.</summary>
    internal enum Verdict
    {
        /// <summary>Good, and used up now.</summary>
        Good,

        /// <summary>Nobody gave it out, or it was used.</summary>
        Invalid,

        /// <summary>Too old.</summary>
        Expired,

        /// <summary>It belongs to another call.</summary>
        Mismatch,

        /// <summary>It belongs to this call, but the thing has changed since.</summary>
        StateChanged,
    }

    /// <summary>Gives one out.</summary>
    /// <param name="bound">Hash of all that makes the call: origin, tool, schema, arguments, principal, policy.</param>
    /// <param name="state">Hash of the state of what it touches.</param>
    public string Give(string bound, string state)
    {
        var token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        store.Write(session =>
        {
            session.Execute("DELETE FROM token WHERE made < @old", ("@old", store.Now - (10 * Life)));
            return session.Execute("INSERT INTO token (hash, bound, state, made) VALUES (@hash, @bound, @state, @now)",
                ("@hash", Canonical.Hash(token)), ("@bound", bound), ("@state", state), ("@now", store.Now));
        });
        return token;
    }

    /// <summary>Judges one; a good one is used up in the same transaction.</summary>
    public Verdict Use(string token, string bound, string state) => store.Write(session =>
    {
        var hash = Canonical.Hash(token);
        var found = session.Query("SELECT bound, state, made, used FROM token WHERE hash = @hash",
            row => (Bound: row.GetString(0), State: row.GetString(1), Made: row.GetInt64(2), Used: row.GetInt64(3) != 0), ("@hash", hash));
        if (found is not [var one] || one.Used)
            return Verdict.Invalid;
        if (store.Now - one.Made is < 0 or > Life)
            return Verdict.Expired;
        if (one.Bound != bound)
            return Verdict.Mismatch;
        if (one.State != state)
            return Verdict.StateChanged;
        return session.Execute("UPDATE token SET used = 1 WHERE hash = @hash AND used = 0", ("@hash", hash)) == 1 ? Verdict.Good : Verdict.Invalid;
    });
}
