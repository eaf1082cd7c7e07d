using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>The plan and the question of a call that leads to a judged run closure: places first, then each thing in the order in which a run comes to it.</summary>
internal static class RunQuestion
{
    /// <summary>The plan. The first of the closure is the thing that the call is about.</summary>
    public static Plan Plan(string verb, string headline, IRunnable? before, IReadOnlyList<Judgement> judged, Need atLeast = Need.Nothing)
    {
        var root = judged[0].Thing!;
        var need = judged.Max(one => one.Need);
        if (need < atLeast)
            need = atLeast;
        return new()
        {
            Need = need,
            Question = need == Need.Nothing ? "" : Text(headline, judged),
            Worded = need == Need.Nothing ? null : rows => Text(headline, [.. judged.Select(one => one with { Rows = rows })]),
            Same = need == Need.Nothing ? null : Difference(headline, judged),
            Name = root.Name,
            Phrase = need == Need.Phrase ? QuestionText.Phrase(verb, root.Name, root.Id) : null,
            State = Canonical.Hash([.. judged.Select(one => one.State)]),
            Judged = judged,
            Adopt = judged.Where(one => one.Definition.Adopted.Count > 0).ToDictionary(one => one.Definition.Id, one => one.Definition.Adopted, StringComparer.Ordinal),
            Contacts = [.. judged.Where(one => one.IsUnseen).Select(one => Endpoints.Contact(one.Thing!.WritesTo!))],
            ETag = before?.ETag,
            Snapshot = before is null ? [] : Snapshot(before),
        };
    }

    /// <summary>What the audit keeps of a thing.</summary>
    public static JsonObject Snapshot(IRunnable thing) =>
        new() { ["kind"] = thing.Kind, ["id"] = thing.Id, ["name"] = thing.Name, ["scheduled"] = thing.IsScheduled, ["definition"] = thing.Definition().Hash };

    /// <summary>The whole question.</summary>
    public static string Text(string headline, IReadOnlyList<Judgement> judged)
    {
        var root = judged[0].Thing!;
        var text = new QuestionText(headline).Thing(Word(root), root.Name, root.Id);
        if (judged.Count > 1)
            text.Names("Places", judged.Select(one => Places(one.Thing!)).OfType<string>().Distinct(StringComparer.Ordinal));
        root.Describe(text, judged[0]);
        foreach (var one in judged.Skip(1))
        {
            var thing = one.Thing!;
            text.Thing(root is PipelineState ? Word(thing) : $"Then {thing.Kind}", thing.Name, thing.Id);
            if (one.Need != Need.Nothing)
                thing.Describe(text, one);
            else
                text.Fact("  does", thing.InShort()).Say(one.Plain || one.Approved is { IsPlain: true } ? "A plain copy into tables of its own: it needs no approval." : "Approved, and unchanged since.");
        }

        return text.ToString();
    }

    // Of one approved thing that changes, where all else that its run starts stays as it was approved: places first, and the difference whole.
    private static string? Difference(string headline, IReadOnlyList<Judgement> judged)
    {
        if (judged[0] is not { Approved: { IsRevoked: false } approved, Thing: { } root, IsUnseen: false, Foreign.Count: 0 } first || judged.Skip(1).Any(one => one.Need != Need.Nothing))
            return null;
        var text = new QuestionText(headline);
        text.Change("Source", approved.Definition.Facts["source"]?.ToString(), root.ReadsFrom is { } source ? Endpoints.Describe(source) : null);
        text.Change("Destination", approved.Definition.Facts["destination"]?.ToString(), root.WritesTo is { } destination ? Endpoints.Describe(destination) : null);
        foreach (var reason in first.Reasons)
            text.Say(reason);
        return DefinitionChanges.AddAll(text, first) ? text.ToString() : null;
    }

    private static string Word(IRunnable thing) => thing.Kind switch
    {
        "job" => "Job",
        "transformation" => "Transformation",
        "pipeline" => "Pipeline",
        "event" => "Event",
        _ => "Something unknown",
    };

    private static string? Places(IRunnable thing) => (thing.ReadsFrom, thing.WritesTo) switch
    {
        ({ } from, { } to) => $"{Endpoints.Describe(from)} -> {Endpoints.Describe(to)}",
        (null, { } to) => Endpoints.Describe(to),
        _ => null,
    };
}
