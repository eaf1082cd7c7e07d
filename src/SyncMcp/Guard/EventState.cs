using System.Text.Json.Nodes;
using SyncMcp.Client.Events;

namespace SyncMcp.Guard;

/// <summary>An event: the script that a step of its pipeline runs.</summary>
/// <param name="Pipeline">Id of the pipeline that owns it.</param>
/// <param name="Body">As the server answers it.</param>
/// <param name="ETag">State of it at the server.</param>
internal sealed record EventState(string Pipeline, JsonObject Body, string? ETag = null) : IRunnable
{
    public string Kind => "event";

    // Servers count events inside a pipeline: the pipeline belongs to the name of an approval.
    public string Id => EventId.Length == 0 ? "" : $"{Pipeline}/{EventId}";

    /// <summary>As its pipeline's steps refer to it.</summary>
    public string EventId => Body["id"]?.ToString() ?? "";

    public string Name => Body["name"]?.ToString() ?? EventId;

    /// <summary>Only a step starts it.</summary>
    public bool IsScheduled => false;

    public string? Schedule => null;

    public string? Status => null;

    public JsonObject? ReadsFrom => null;

    public JsonObject? WritesTo => null;

    public IReadOnlyList<string> Raises()
    {
        var found = new List<string>();
        // Anything but nothing: a script that is an object or a number is a script that we cannot read.
        if (Body["script"] is { } script && (script.GetValueKind() != System.Text.Json.JsonValueKind.String || !string.IsNullOrWhiteSpace(script.GetValue<string>())))
            found.Add("A script runs on the server.");
        if (DefinitionMembers.HasUnknown(EventEndpoints.Get, Body))
            found.Add("It holds members that syncmcp does not know.");
        return found;
    }

    public Definition Definition(IEnumerable<string>? adopted = null) =>
        new(Kind, Id, Name, new() { ["event"] = DefinitionMembers.OfEvent(Body) }, new() { ["name"] = Name });

    public void Describe(QuestionText text, Judgement judged)
    {
        foreach (var reason in judged.Reasons)
            text.Say(reason);
        DefinitionChanges.Add(text, judged);
        text.Whole("Script", Body["script"]?.ToString());
        text.Whole("Further members", DefinitionMembers.Rest(DefinitionMembers.OfEvent(Body), "script"));
    }

    public string InShort() => "a script on the server";
}
