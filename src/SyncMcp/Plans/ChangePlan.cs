using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Guard;

namespace SyncMcp.Plans;

/// <summary>One operation of a plan, with what a person reads of it.</summary>
/// <param name="Operation">What is sent: ids in the place of names.</param>
/// <param name="Kind">Kind of thing, as in <see cref="Lifecycle"/>.</param>
/// <param name="Name">Its name: another's word.</param>
/// <param name="Root">Kind and id of the whole thing whose state counts (a task's is its job's); null for what is made, which has none yet.</param>
/// <param name="Lines">The difference in words; others' text in it is quoted.</param>
/// <param name="Need">What the guard would have asked for when the plan was made.</param>
/// <param name="Notes">What makes it more than a change: reasons for a phrase, a first write to a place.</param>
internal sealed record PlannedChange(Operation Operation, string Kind, string Name, string? Root, IReadOnlyList<string> Lines, Need Need, IReadOnlyList<string> Notes)
{
    /// <summary>create, update, delete or move.</summary>
    public string Action => Operation.Endpoint.Kind.ToString().ToLowerInvariant();

    public JsonObject ToJson() => new()
    {
        ["operation"] = Operation.Endpoint.Name,
        ["arguments"] = Operation.Arguments.DeepClone(),
        ["makes"] = Operation.Makes,
        ["key"] = Operation.Key,
        ["kind"] = Kind,
        ["name"] = Name,
        ["root"] = Root,
        ["lines"] = Filters.Text.Array(Lines),
        ["need"] = Need.ToString(),
        ["notes"] = Filters.Text.Array(Notes),
    };

    public static PlannedChange Read(JsonNode json) => new(
        new(Catalogue.Find(Word(json, "operation")!)!, json["arguments"]!.DeepClone().AsObject(), Word(json, "makes"), Word(json, "key")),
        Word(json, "kind")!, Word(json, "name")!, Word(json, "root"), Words(json, "lines"), Enum.Parse<Need>(Word(json, "need")!), Words(json, "notes"));

    private static string? Word(JsonNode json, string member) => json[member]?.ToString();

    private static List<string> Words(JsonNode json, string member) => [.. json[member]!.AsArray().Select(one => one!.ToString())];
}

/// <summary>Changes that were looked at together and are done together, in order: what <c>apply_plan</c> does, and nothing else.</summary>
/// <param name="Id">What it is called by; made of its content.</param>
/// <param name="Headline">First sentence of the question: ours, without names that others gave.</param>
/// <param name="MadeAt">When, in milliseconds since 1970.</param>
/// <param name="Changes">In the order in which they are done.</param>
/// <param name="States">What each whole thing was when the plan was made, or when the last change of the plan was done to it; by <see cref="PlannedChange.Root"/>.</param>
internal sealed record ChangePlan(string Id, string Headline, long MadeAt, IReadOnlyList<PlannedChange> Changes, IReadOnlyDictionary<string, JsonObject> States)
{
    /// <summary>What is done, by its place from 0.</summary>
    public IReadOnlyDictionary<int, DoneChange> Done { get; init; } = new Dictionary<int, DoneChange>();

    /// <summary>Places of what is not done.</summary>
    public IEnumerable<int> Left => Enumerable.Range(0, Changes.Count).Where(at => !Done.ContainsKey(at));

    /// <summary>Ids that the server gave, by what stood for them.</summary>
    public Dictionary<string, string> Ids => Done.Where(done => Changes[done.Key].Operation.Makes is not null && done.Value.Made is not null)
        .ToDictionary(done => Changes[done.Key].Operation.Makes!, done => done.Value.Made!, StringComparer.Ordinal);

    /// <summary>What never changes of it, as it is kept.</summary>
    public JsonObject Content() => new() { ["headline"] = Headline, ["changes"] = new JsonArray([.. Changes.Select(one => (JsonNode)one.ToJson())]) };
}

/// <summary>A change that was done.</summary>
/// <param name="Call">Its correlation id, by which the audit log knows it; null for one that was found done.</param>
/// <param name="Made">Id of what it made.</param>
internal sealed record DoneChange(string? Call, string? Made);
