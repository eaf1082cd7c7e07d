namespace SyncMcp.Client;

/// <summary>What kind of operation an endpoint is. The kind decides hints, retries and timeouts, never the call site.</summary>
public enum Kind
{
    /// <summary>Reads and changes nothing.</summary>
    Read,

    /// <summary>Reads a file.</summary>
    Download,

    /// <summary>Makes a new thing.</summary>
    Create,

    /// <summary>Changes a thing by merge patch.</summary>
    Update,

    /// <summary>Deletes a thing.</summary>
    Delete,

    /// <summary>Puts a thing at another position.</summary>
    Move,

    /// <summary>Starts a run.</summary>
    Execute,

    /// <summary>Stops a run.</summary>
    Cancel,

    /// <summary>Opens a connection to see whether it works.</summary>
    Test,

    /// <summary>Forgets credentials.</summary>
    Reset,

    /// <summary>Makes an API token.</summary>
    Token,
}

/// <summary>What the guard asks for at least. Content raises, never lowers.</summary>
public enum Tier
{
    /// <summary>R: nothing.</summary>
    Reads,

    /// <summary>W: writes that can arm nothing.</summary>
    Writes,

    /// <summary>W+: writes and runs; free while nothing armed is touched, else the definition must be approved or plain.</summary>
    RunsOrArms,

    /// <summary>D: stops a run or deletes a part; one consent.</summary>
    DestroysPart,

    /// <summary>X: deletes a whole, or touches users, roles, tokens, credentials; the person types our phrase.</summary>
    DestroysWhole,
}

/// <summary>What follows from a kind.</summary>
public static class KindFacts
{
    /// <summary>The operation changes nothing.</summary>
    public static bool IsReadOnly(this Kind kind) => kind is Kind.Read or Kind.Download;

    /// <summary>The operation may overwrite or remove something.</summary>
    public static bool IsDestructive(this Kind kind) => kind is Kind.Update or Kind.Delete or Kind.Execute or Kind.Cancel or Kind.Reset;

    /// <summary>Doing it twice is doing it once.</summary>
    public static bool IsIdempotent(this Kind kind) => kind is Kind.Read or Kind.Download or Kind.Update or Kind.Delete or Kind.Cancel or Kind.Reset;

    /// <summary>The operation may carry an idempotency key.</summary>
    public static bool TakesIdempotencyKey(this Kind kind) => kind is Kind.Create or Kind.Execute;

    /// <summary>A server that rehearses can rehearse it: all that it does is stored at once, or not at all.</summary>
    public static bool CanBeRehearsed(this Kind kind) => kind is Kind.Create or Kind.Update or Kind.Delete or Kind.Move or Kind.Execute or Kind.Token;

    /// <summary>The tier's letter in docs and answers: R, W, W+, D, X.</summary>
    public static string Letter(this Tier tier) => tier switch
    {
        Tier.Reads => "R",
        Tier.Writes => "W",
        Tier.RunsOrArms => "W+",
        Tier.DestroysPart => "D",
        _ => "X",
    };
}
