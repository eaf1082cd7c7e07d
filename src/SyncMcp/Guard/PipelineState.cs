using System.Text.Json.Nodes;
using SyncMcp.Client.Pipelines;

namespace SyncMcp.Guard;

/// <summary>A pipeline with its steps. What the steps run has definitions of its own; the pipeline's is their choice and order.</summary>
internal sealed record PipelineState : IRunnable
{
    /// <summary>As the server answers it.</summary>
    public required JsonObject Pipeline { get; init; }

    /// <summary>Its steps in order.</summary>
    public required IReadOnlyList<JsonObject> Steps { get; init; }

    /// <inheritdoc/>
    public string? ETag { get; init; }

    public string Kind => "pipeline";

    public string Id => Pipeline["id"]?.ToString() ?? "";

    public string Name => Pipeline["name"]?.ToString() ?? Id;

    public bool IsScheduled => Schedules.IsOn(Pipeline);

    public string? Schedule => Schedules.Cron(Pipeline);

    public string? Status => Pipeline["status"]?.ToString();

    public JsonObject? ReadsFrom => null;

    public JsonObject? WritesTo => null;

    /// <summary>Steps that a run comes to.</summary>
    public IEnumerable<JsonObject> Enabled => Steps.Where(Schedules.IsEnabled);

    /// <summary>Id of what a step runs; null where the server does not say.</summary>
    public static string? EntityOf(JsonObject step) => (step["entity"] as JsonObject)?["id"]?.ToString() is { Length: > 0 } id ? id : null;

    /// <summary>What kind of thing a step runs; null for a word that we do not know.</summary>
    public static string? KindOf(JsonObject step) => StepType.Runs(step["type"]?.ToString());

    /// <summary>How a step is called.</summary>
    public static string NameOf(JsonObject step) => step["name"]?.ToString() ?? (step["entity"] as JsonObject)?["name"]?.ToString() ?? EntityOf(step) ?? "";

    /// <summary>A run comes to a thing of this id.</summary>
    public bool Runs(string id) => Enabled.Any(step => EntityOf(step) == id);

    public IReadOnlyList<string> Raises()
    {
        var found = new List<string>();
        if (Steps.Any(step => KindOf(step) is null))
            found.Add("A step is of a kind that syncmcp does not know.");
        if (Raising.Mails(Pipeline) is { } mails)
            found.Add(mails);
        if (DefinitionMembers.HasUnknown(Pipeline, Steps))
            found.Add("It holds members that syncmcp does not know.");
        return found;
    }

    public Definition Definition(IEnumerable<string>? adopted = null) => new(Kind, Id, Name,
        new()
        {
            ["pipeline"] = DefinitionMembers.OfPipeline(Pipeline),
            ["steps"] = new JsonArray([.. Steps.Select(step => (JsonNode)DefinitionMembers.OfStep(step))]),
        },
        new() { ["name"] = Name });

    public void Describe(QuestionText text, Judgement judged)
    {
        text.Fact("Schedule", IsScheduled ? Schedule : null).Names("Steps in order", Steps.Select(Line));
        foreach (var reason in judged.Reasons)
            text.Say(reason);
        DefinitionChanges.Add(text, judged);
        foreach (var step in Steps)
            text.Whole("Further members of a step", DefinitionMembers.Rest(DefinitionMembers.OfStep(step), "type", "entity", "enabled"));
        text.Whole("Further members", DefinitionMembers.Rest(DefinitionMembers.OfPipeline(Pipeline)));
    }

    public string InShort() => $"{Steps.Count} steps";

    // A step may be called otherwise than what it runs: both are said.
    private static string Line(JsonObject step)
    {
        var runs = (step["entity"] as JsonObject)?["name"]?.ToString() is { } entity && entity != NameOf(step) ? $" = {entity}" : "";
        return $"{step["type"]} {NameOf(step)}{runs}{(Schedules.IsEnabled(step) ? "" : " (off)")}";
    }
}
