using System.Text.Json.Nodes;
using SyncMcp.Client.Transformations;

namespace SyncMcp.Guard;

/// <summary>A transformation with its tasks and the connection that it works in.</summary>
internal sealed record TransformationState : IRunnable
{
    /// <summary>As the server answers it.</summary>
    public required JsonObject Transformation { get; init; }

    /// <summary>Its SQL in order.</summary>
    public required IReadOnlyList<JsonObject> Tasks { get; init; }

    /// <summary>Where it works.</summary>
    public required JsonObject Destination { get; init; }

    /// <inheritdoc/>
    public string? ETag { get; init; }

    public string Kind => "transformation";

    public string Id => Transformation["id"]?.ToString() ?? "";

    public string Name => Transformation["name"]?.ToString() ?? Id;

    public string? Status => Transformation["status"]?.ToString();

    public JsonObject? ReadsFrom => null;

    public JsonObject? WritesTo => Destination;

    /// <summary>SQL where nothing is said.</summary>
    public string Type => Transformation["type"]?.ToString() ?? "SQL";

    private JsonObject? Trigger => Transformation["trigger"] as JsonObject;

    private string? TriggerType => Trigger?["type"]?.ToString();

    // A trigger of a kind that we do not know may start it at any time.
    public bool IsScheduled => Schedules.IsOn(Transformation)
        || Transformation["trigger"] is not (null or JsonObject)
        || TriggerType is not (null or Client.Transformations.TriggerType.None or Client.Transformations.TriggerType.AfterJob)
        || (TriggerType is null && Trigger?["schedule_cron"] is not null);

    public string? Schedule => Trigger?["schedule_cron"]?.ToString() ?? Schedules.Cron(Transformation);

    /// <summary>The job whose end starts it, by id or name as the server says it; null where none does.</summary>
    public string? After => TriggerType is Client.Transformations.TriggerType.None or Client.Transformations.TriggerType.Scheduled ? null
        : Trigger?["after_job"] is JsonObject reference ? (reference["id"] ?? reference["name"])?.ToString()
        : Trigger?["after_job"]?.ToString();

    /// <summary>The end of a run of this job starts it.</summary>
    public bool Follows(string id, string name) =>
        After is { Length: > 0 } job && (job.Equals(id, StringComparison.OrdinalIgnoreCase) || job.Equals(name, StringComparison.OrdinalIgnoreCase));

    public IReadOnlyList<string> Raises()
    {
        var found = new List<string>();
        if (Type is "DBT" or "DBT-Cloud")
            found.Add("A dbt project runs: code that stands elsewhere and that nobody is shown here.");
        else if (Type != "SQL")
            found.Add("The transformation's type is unknown.");
        if (Tasks.Count > 0)
            found.Add("SQL runs at the destination as it stands; it can change or delete anything there.");
        if (Raising.Mails(Transformation) is { } mails)
            found.Add(mails);
        if (DefinitionMembers.IsUnreadable(Destination))
            found.Add("What the destination connection holds cannot be read.");
        if (DefinitionMembers.HasUnknown(TransformationEndpoints.Get, Transformation) || Tasks.Any(task => DefinitionMembers.HasUnknown(TransformationEndpoints.GetTask, task)))
            found.Add("It holds members that syncmcp does not know.");
        return found;
    }

    public Definition Definition(IEnumerable<string>? adopted = null) => new(Kind, Id, Name,
        new()
        {
            ["transformation"] = DefinitionMembers.OfTransformation(Transformation),
            ["tasks"] = new JsonArray([.. Tasks.Select(task => (JsonNode)DefinitionMembers.OfTransformationTask(task))]),
            ["destination"] = JobState.EndpointOf(Destination),
        },
        new() { ["name"] = Name, ["destination"] = Endpoints.Describe(Destination) });

    public void Describe(QuestionText text, Judgement judged)
    {
        text.Change("Works in", judged.Approved?.Definition.Facts["destination"]?.ToString(), Endpoints.Describe(Destination))
            .Fact("Starts after job", After)
            .Fact("Schedule", IsScheduled ? Schedule : null)
            .Fact("Type", Type == "SQL" ? null : Type);
        foreach (var reason in judged.Reasons)
            text.Say(reason);
        DefinitionChanges.Add(text, judged);
        foreach (var task in Tasks)
        {
            text.Whole("SQL", task["query"]?.ToString());
            text.Whole("Further members of a task", DefinitionMembers.Rest(DefinitionMembers.OfTransformationTask(task), "query"));
        }

        text.Whole("Further members", DefinitionMembers.Rest(DefinitionMembers.OfTransformation(Transformation), "destination_connection", "type"));
    }

    public string InShort() => $"{Tasks.Count} SQL {(Tasks.Count == 1 ? "statement" : "statements")} in {Endpoints.Describe(Destination)}";
}
