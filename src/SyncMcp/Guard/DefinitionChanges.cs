namespace SyncMcp.Guard;

/// <summary>What changed since a definition was approved, or has run, in a question.</summary>
internal static class DefinitionChanges
{
    private const int Most = 20;

    /// <summary>Adds it, each change old → new.</summary>
    public static void Add(QuestionText text, Judgement judged)
    {
        if (judged.Approved is not { } approved)
        {
            text.Say("Nobody has approved a definition of it yet.");
            return;
        }

        if (approved.IsRevoked)
            text.Say("The operator took its approval back.");
        var changes = Differences.Between(approved.Definition.Content, judged.Definition.Content);
        if (changes.Count == 0)
            return;
        text.Say(approved.IsPlain ? "Changed since it ran:" : "Changed since it was approved:");
        foreach (var (at, before, after) in changes.Take(Most))
            text.ChangeAt(at, before, after);
        if (changes.Count > Most)
            text.Say($"{changes.Count - Most} more changes; all of the present definition is shown.");
    }
}
