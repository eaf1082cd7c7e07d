using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>Something that a run reaches and that the guard cannot read: it is gone, hidden, or of a kind that we do not know. No approval ever covers it.</summary>
/// <param name="Kind">What it should be.</param>
/// <param name="Id">What refers to it by.</param>
internal sealed record Unreadable(string Kind, string Id) : IRunnable
{
    public string Name => Id;

    public string? ETag => null;

    public bool IsScheduled => true;

    public string? Schedule => null;

    public string? Status => null;

    public JsonObject? ReadsFrom => null;

    public JsonObject? WritesTo => null;

    public IReadOnlyList<string> Raises() => ["What this is and does cannot be read."];

    public Definition Definition(IEnumerable<string>? adopted = null) => new("unreadable", Id, Id, new() { ["kind"] = Kind, ["id"] = Id }, new() { ["name"] = Id });

    public void Describe(QuestionText text, Judgement judged)
    {
        foreach (var reason in judged.Reasons)
            text.Say(reason);
    }

    public string InShort() => "cannot be read";
}
