using System.Text.Json.Nodes;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;

namespace SyncMcp.Guard;

/// <summary>A job with its tasks and connections. What its end starts has definitions of its own.</summary>
internal sealed record JobState : IRunnable
{
    /// <summary>As the server answers it.</summary>
    public required JsonObject Job { get; init; }

    /// <summary>Its tasks in order.</summary>
    public required IReadOnlyList<JsonObject> Tasks { get; init; }

    /// <summary>Where rows come from.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where rows go.</summary>
    public required JsonObject Destination { get; init; }

    /// <summary>State of the job at the server.</summary>
    public string? ETag { get; init; }

    public string Kind => "job";

    public string Id => Job["id"]?.ToString() ?? "";

    public string Name => Job["name"]?.ToString() ?? Id;

    public bool IsScheduled => Schedules.IsOn(Job);

    public string? Schedule => Schedules.Cron(Job);

    public string? Status => Job["status"]?.ToString();

    public JsonObject? ReadsFrom => Source;

    public JsonObject? WritesTo => Destination;

    public IReadOnlyList<string> Raises() => Raising.Of(this);

    public void Describe(QuestionText text, Judgement judged) => JobQuestion.Describe(text, this, judged);

    public string InShort() => $"{Tasks.Count} {(Tasks.Count == 1 ? "table" : "tables")} from {Endpoints.Describe(Source)} to {Endpoints.Describe(Destination)}";

    /// <summary>A member of an object of the job; null where there is none, or where it is no object.</summary>
    public JsonNode? Member(string of, string name) => (Job[of] as JsonObject)?[name];

    /// <summary>Standard where nothing is said.</summary>
    public string Type => Job["type"]?.ToString() ?? "Standard";

    /// <summary>The schema that it writes to; null means the connection's own.</summary>
    public string? DestinationSchema => SchemaOf(Job);

    /// <summary>The same of a job as it stands in a definition.</summary>
    public static string? SchemaOf(JsonNode? job) => ((job as JsonObject)?["settings"] as JsonObject)?["destination_schema"]?.ToString() is { Length: > 0 } schema ? schema : null;

    /// <summary>The settings, read as the contract; null where they cannot be.</summary>
    public JobSettings? ReadSettings()
    {
        try
        {
            return Job["settings"] is null ? new() : System.Text.Json.JsonSerializer.Deserialize(Job["settings"], SyncJson.Info<JobSettings>()) ?? new();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    public Definition Definition(IEnumerable<string>? adopted = null) => new(Kind, Id, Name,
        new()
        {
            ["job"] = DefinitionMembers.OfJob(Job),
            // SyncAll makes its own tasks; what a person decides is what is left out, and what does more than copy its table.
            ["tasks"] = Type == "SyncAll"
                ? new JsonArray([.. Tasks.Where(task => IsExcluded(task) || !IsCopy(task)).Select(task => (JsonNode)DefinitionMembers.OfTask(task))])
                : new JsonArray([.. Tasks.Select(task => (JsonNode)DefinitionMembers.OfTask(task))]),
            ["source"] = EndpointOf(Source),
            ["destination"] = EndpointOf(Destination),
        },
        new()
        {
            ["name"] = Name,
            ["source"] = Endpoints.Describe(Source),
            ["destination"] = Endpoints.Describe(Destination),
            ["adopted"] = new JsonArray([.. (adopted ?? []).Select(table => (JsonNode)table)]),
        });

    /// <summary>A connection as it counts in a definition.</summary>
    public static JsonObject EndpointOf(JsonObject connection) =>
        new() { ["id"] = connection["id"]?.ToString(), ["hash"] = Canonical.Hash(Canonical.Of(DefinitionMembers.OfConnection(connection))) };

    // A query, or the word which column tells what is new, is somebody's work, not the server's: both decide which rows arrive.
    private static bool IsCopy(JsonObject task) => string.IsNullOrWhiteSpace(task["query"]?.ToString()) && string.IsNullOrWhiteSpace(task["incremental_check_column"]?.ToString());

    private static bool IsExcluded(JsonObject task) => task["enabled"] is JsonValue enabled && enabled.GetValueKind() == System.Text.Json.JsonValueKind.False;
}
