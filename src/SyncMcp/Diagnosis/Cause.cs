namespace SyncMcp.Diagnosis;

/// <summary>Why runs fail, as a person would file it: failures with the same cause are mended together.</summary>
/// <param name="Id">Stable name, for <c>same_cause_as</c> and <c>find_runs(cause)</c>.</param>
/// <param name="Title">What it is, in our own words: nothing of a server stands in it.</param>
/// <param name="Next">What to do about it.</param>
internal sealed record Cause(string Id, string Title, string Next)
{
    /// <summary>It follows from another failure, which is the one to mend.</summary>
    public bool IsConsequence { get; init; }
}
