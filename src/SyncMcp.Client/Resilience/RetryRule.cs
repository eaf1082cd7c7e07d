using System.Collections.Frozen;

namespace SyncMcp.Client.Resilience;

/// <summary>Why a try failed, as far as it matters for trying again.</summary>
[Flags]
internal enum Cause
{
    /// <summary>Trying again would not help.</summary>
    Final = 0,

    /// <summary>Not a byte of the request reached the server.</summary>
    Unsent = 1,

    /// <summary>The server turned it away before doing anything (429).</summary>
    TurnedAway = 2,

    /// <summary>It was sent and no whole answer came; it may have acted.</summary>
    Lost = 4,

    /// <summary>The server failed (408, 5xx); it may have acted.</summary>
    Failed = 8,

    /// <summary>Nothing can have happened.</summary>
    NothingHappened = Unsent | TurnedAway,

    /// <summary>Any of them.</summary>
    Any = NothingHappened | Lost | Failed,
}

/// <summary>How often an operation is sent, after what, and how long an answer is waited for.</summary>
/// <param name="Sends">Sends at most.</param>
/// <param name="After">Again only after these. After what may have acted, <see cref="Aftermath"/> looks first.</param>
internal sealed record RetryRule(int Sends, Cause After)
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(40);

    /// <summary>How long one send waits for its answer.</summary>
    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for a call with an idempotency key that the server says it keeps to; null where that changes nothing.</summary>
    public RetryRule? WithKey { get; private init; }

    /// <summary>The same at a server in whose place another goes on with its store, and so with its keys (docs/adr/0004); null where that changes nothing.</summary>
    public RetryRule? WithSuccessor { get; private init; }

    /// <summary>The table, one rule for each kind (docs/adr/0007; a test holds the two together).</summary>
    public static IReadOnlyDictionary<Kind, RetryRule> Table { get; } = new Dictionary<Kind, RetryRule>
    {
        [Kind.Read] = new(3, Cause.Any),
        [Kind.Download] = new(2, Cause.Any) { Patience = Long },
        [Kind.Update] = new(2, Cause.Any),
        [Kind.Delete] = new(2, Cause.Any),
        [Kind.Cancel] = new(2, Cause.Any),
        [Kind.Create] = new(2, Cause.NothingHappened) { WithKey = new(2, Cause.Any) },
        [Kind.Test] = new(2, Cause.NothingHappened) { Patience = Long, WithSuccessor = new(2, Cause.NothingHappened | Cause.Lost) }, // a second look at a connection changes nothing
        [Kind.Execute] = Never with { Patience = Long, WithSuccessor = Never with { WithKey = new(2, Cause.Any) } },
        [Kind.Move] = Never with { WithSuccessor = Never with { WithKey = new(2, Cause.Any) } },
        [Kind.Reset] = Never,
        [Kind.Token] = Never,
    }.ToFrozenDictionary();

    private static RetryRule Never => new(1, Cause.Final);

    /// <summary>The rule of one call. A kind that stands in no table is never sent again.</summary>
    /// <param name="kind">Of the operation.</param>
    /// <param name="keyHonoured">It has an idempotency key, and the server keeps to those.</param>
    /// <param name="successor">Another goes on in the server's place.</param>
    public static RetryRule Of(Kind kind, bool keyHonoured, bool successor)
    {
        var rule = Table.GetValueOrDefault(kind, Never);
        rule = (successor ? rule.WithSuccessor : null) ?? rule;
        return (keyHonoured ? rule.WithKey : null) ?? rule;
    }

    /// <summary>How long one send of an operation waits. Where the server has to reach a source first, it may take its time.</summary>
    public static TimeSpan PatienceOf(Endpoint endpoint) => endpoint.ReachesData ? Long : Table.GetValueOrDefault(endpoint.Kind, Never).Patience;
}
