using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What a person must do before a call is sent.</summary>
internal enum Need
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Say yes.</summary>
    Confirm,

    /// <summary>Type a phrase.</summary>
    Phrase,
}

/// <summary>What the guard found out about a call: the state it meets, what it needs, and what is approved by it.</summary>
internal sealed record Plan
{
    /// <summary>What a person must do.</summary>
    public Need Need { get; init; }

    /// <summary>A D call that touches nothing armed: clients that cannot ask get the two-step token, and an unattended server lets it pass.</summary>
    public bool IsPart { get; init; }

    /// <summary>The whole question; empty where nothing is needed.</summary>
    public string Question { get; init; } = "";

    /// <summary>The same with rows of tables in it; null for a question about none.</summary>
    public Func<TableRows, string>? Worded { get; init; }

    /// <summary>
    /// The question without the name of the thing, where what is asked is only a difference to something approved: of several with the same difference a person reads it
    /// once, with all their names. Null where a thing must be shown whole.
    /// </summary>
    public string? Same { get; init; }

    /// <summary>What it is about, for such a list.</summary>
    public string Name { get; init; } = "";

    /// <summary>What must be typed where a phrase is needed.</summary>
    public string? Phrase { get; init; }

    /// <summary>Hash of all that the question rests on: when it changes, the answer is void.</summary>
    public string State { get; init; } = "";

    /// <summary>The definitions that the call leads to: consent approves those that needed one, a plain one is kept as having run.</summary>
    public IReadOnlyList<Judgement> Judged { get; init; } = [];

    /// <summary>What the call itself changes among them: kept as the server holds it afterwards. All others are in force already, so that consent counts before the call is sent.</summary>
    public IReadOnlyList<IRunnable> Changes { get; init; } = [];

    /// <summary>Of a call that makes something: the thing as the server's answer shows what was made, with what the server filled in.</summary>
    public Func<JsonObject, IRunnable>? Made { get; init; }

    /// <summary>Nothing was asked because all that was not approved is plain.</summary>
    public bool IsPlain => Need == Need.Nothing && Judged.Any(judged => judged.Plain);

    /// <summary>Existing destination tables that the engine may let a job write, by the job's id.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Adopt { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Places that nobody could look at yet: a yes lets them be contacted, and what is found there may take another.</summary>
    public IReadOnlyList<Definition> Contacts { get; init; } = [];

    /// <summary>Who said yes to this has said it to the other too: it needs no more, and is the same but for ids and what the server has filled in.</summary>
    /// <param name="now">What is there now.</param>
    /// <param name="ids">What stood for ids, where it did.</param>
    public bool Covers(Plan now, IReadOnlyDictionary<string, string> ids)
    {
        if (now.Need == Need.Nothing)
            return true;
        if (now.Need > Need || now.IsPart != IsPart)
            return false;
        return now.Judged.Count == 0 ? now.State == State : now.Judged.Where(one => one.Need != Need.Nothing).All(one => Judged.Any(before => before.Covers(one, ids)));
    }

    /// <summary>This, unless its question is too long for the chat where the other's is not.</summary>
    public Plan OrShort(Plan other) => Question.Length > QuestionText.Longest && other.Question.Length <= QuestionText.Longest ? other : this;

    /// <summary>State of the target at the server.</summary>
    public string? ETag { get; init; }

    /// <summary>What the call meets, for the audit.</summary>
    public JsonObject Snapshot { get; init; } = [];
}
