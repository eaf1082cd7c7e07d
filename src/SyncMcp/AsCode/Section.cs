using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.AsCode;

/// <summary>A kind of things as a document holds them: which members, which lists of parts, what they refer to by name.</summary>
/// <param name="Name">Name of the list.</param>
/// <param name="Kind">As in <see cref="Lifecycle"/>.</param>
/// <param name="Parts">Lists inside each.</param>
internal sealed record Section(string Name, string Kind, IReadOnlyList<Section> Parts)
{
    private static readonly Section Tasks = new("tasks", "task", []);
    private static readonly Section Statements = new("tasks", "transformation_task", []);

    /// <summary>Events of a pipeline.</summary>
    public static readonly Section Events = new("events", "event", []);

    /// <summary>Steps of a pipeline.</summary>
    public static readonly Section Steps = new("steps", "step", []);

    /// <summary>Of a document, in the order in which they are made.</summary>
    public static IReadOnlyList<Section> All { get; } =
    [
        new("connections", "connection", []),
        new("jobs", "job", [Tasks]),
        new("transformations", "transformation", [Statements]),
        new("pipelines", "pipeline", [Events, Steps]),
    ];

    /// <summary>How they are made, changed and deleted.</summary>
    public Lifecycle Life => Lifecycle.Find(Kind);

    /// <summary>Its members, in their order: those that making one takes. An order of its own says the list.</summary>
    public IReadOnlyList<string> Members => members ??=
        [.. Life.Create.RequestInfo.Properties.Where(property => !property.IsExtensionData && property.Name != Life.Owner && property.Name != "position").Select(property => property.Name).OrderBy(name => name == "name" ? 0 : 1)];

    private IReadOnlyList<string>? members;

    /// <summary>How one is called: what has no name is known by its table, its query or by what it runs.</summary>
    public static string NameOf(JsonObject thing) => (thing["name"] ?? thing["table"] ?? thing["query"] ?? (thing["entity"] is JsonObject entity ? entity["name"] ?? entity["id"] : thing["entity"]))?.ToString() ?? "";

    /// <summary>A thing with its members in their order, without what says nothing.</summary>
    public JsonObject Tidy(JsonObject thing)
    {
        var tidy = new JsonObject();
        foreach (var member in Members)
        {
            if (Clean(thing[member], sorts: member == "properties") is { } value)
                tidy[member] = value;
        }

        foreach (var part in Parts)
        {
            if (thing[part.Name] is JsonArray items && items.Count > 0)
                tidy[part.Name] = new JsonArray([.. items.OfType<JsonObject>().Select(item => (JsonNode)part.Tidy(item))]);
        }

        return tidy;
    }

    private static JsonNode? Clean(JsonNode? value, bool sorts) => value switch
    {
        null or JsonArray { Count: 0 } => null,
        JsonObject members => Clean(members, sorts) is { Count: > 0 } some ? some : null,
        _ => value.DeepClone(),
    };

    private static JsonObject Clean(JsonObject members, bool sorts)
    {
        var kept = members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Key, Clean(member.Value, sorts: false))).Where(member => member.Value is not null);
        return new(sorts ? kept.OrderBy(member => member.Key, StringComparer.Ordinal) : kept);
    }

    /// <summary>Refuses what a document may not hold, with the place and what was meant.</summary>
    public void Check(JsonNode? list, string at, List<string> problems)
    {
        if (list is null)
            return;
        if (list is not JsonArray items)
        {
            problems.Add($"{at}: is a list");
            return;
        }

        var known = Members.Concat(Parts.Select(part => part.Name)).ToList();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not JsonObject thing)
            {
                problems.Add($"{at}[{i}]: is a thing with members");
                continue;
            }

            var name = NameOf(thing);
            var here = $"{at}[{i}]{(name.Length > 0 ? $" {Text.Quote(name)}" : "")}";
            if (name.Length == 0)
                problems.Add($"{here}: has no name");
            else if (Kind is "connection" or "job" or "transformation" or "pipeline" or "event" && !names.Add(name))
                problems.Add($"{here}: the name stands twice");
            problems.AddRange(thing.Select(member => member.Key).Where(key => !known.Contains(key, StringComparer.Ordinal)).Select(key => $"{here}: unknown member {Text.Quote(key)}.{Nearest.Hint(key, known)}"));
            foreach (var part in Parts)
                part.Check(thing[part.Name], $"{here}.{part.Name}", problems);
        }
    }
}
