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

/// <summary>How often an operation is sent and after what; decided by its kind, never by the call site.</summary>
/// <param name="Tries">Sends at most.</param>
/// <param name="After">Again only after these.</param>
internal sealed record RetryRule(int Tries, Cause After)
{
    /// <summary>
    /// The rule of a call. <paramref name="keyHonoured"/>: it has an idempotency key and the server says that it keeps to those.
    /// <paramref name="successor"/>: what goes on in the server's place has its store and so its keys.
    /// </summary>
    public static RetryRule Of(Kind kind, bool keyHonoured, bool successor) => kind switch
    {
        Kind.Read => new(3, Cause.Any),
        Kind.Download => new(2, Cause.Any),
        Kind.Update or Kind.Delete or Kind.Cancel => new(2, Cause.Any), // what may have acted is looked at first: Aftermath
        Kind.Create => new(2, keyHonoured ? Cause.Any : Cause.NothingHappened),
        Kind.Test => new(2, successor ? Cause.NothingHappened | Cause.Lost : Cause.NothingHappened), // a second look at a connection changes nothing
        Kind.Execute or Kind.Move when successor && keyHonoured => new(2, Cause.Any),
        _ => new(1, Cause.Final), // execute, move, reset, token, and whatever kind comes later: never again
    };
}
