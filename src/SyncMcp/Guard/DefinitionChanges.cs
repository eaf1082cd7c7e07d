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
        ChangeLines.Add(text, changes.Take(Most), i => NameOf(judged.Thing, i));
        if (changes.Count > Most)
            text.Say($"{changes.Count - Most} more changes; all of the present definition is shown.");
    }

    /// <summary>Adds the changes alone; false where there are none, or too many to stand by themselves.</summary>
    public static bool AddAll(QuestionText text, Judgement judged)
    {
        var changes = Differences.Between(judged.Approved!.Definition.Content, judged.Definition.Content);
        ChangeLines.Add(text, changes, i => NameOf(judged.Thing, i));
        return changes.Count is > 0 and <= Most;
    }

    // A SyncAll job's definition may hold fewer tasks than the job: where they stand says nothing then.
    private static string? NameOf(IRunnable? thing, int at) => thing switch
    {
        JobState { Type: not "SyncAll" } job when at < job.Tasks.Count => (job.Tasks[at]["name"] ?? job.Tasks[at]["table"])?.ToString(),
        TransformationState transformation when at < transformation.Tasks.Count => transformation.Tasks[at]["name"]?.ToString(),
        PipelineState pipeline when at < pipeline.Steps.Count => PipelineState.NameOf(pipeline.Steps[at]),
        _ => null,
    };
}
