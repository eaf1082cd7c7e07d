using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Guard;

/// <summary>One operation of a tool that performs several.</summary>
/// <param name="Endpoint">What it is.</param>
/// <param name="Arguments">Its arguments, as the operation's own tool takes them; where it is about something that an earlier one makes, that one's <paramref name="Makes"/> stands for the id.</param>
/// <param name="Makes">What stands for the id of the thing that it makes, until the server has given one; null where it makes nothing.</param>
/// <param name="Key">Idempotency key of its own, for one that may be sent again by a later call; null takes the call's.</param>
internal sealed record Operation(Endpoint Endpoint, JsonObject Arguments, string? Makes = null, string? Key = null)
{
    /// <summary>What stands for an id that is not given yet begins so.</summary>
    public const string StandIns = "5eed0000-0000-4000-8000-";

    /// <summary>In one line of a list: the operation and what it is about.</summary>
    public string InShort()
    {
        string[] words = ["name", .. Endpoint.PathMembers.Reverse()];
        return $"{Endpoint.Name} {words.Select(word => Arguments[word]?.ToString()).FirstOrDefault(text => text is { Length: > 0 })}".TrimEnd();
    }

    /// <summary>The same with the ids that are known by now.</summary>
    public Operation With(IReadOnlyDictionary<string, string> ids) => ids.Count == 0 ? this : this with { Arguments = Put(Arguments, ids).AsObject() };

    /// <summary>A copy of some JSON in which each text that stands for an id is that id.</summary>
    public static JsonNode Put(JsonNode node, IReadOnlyDictionary<string, string> ids) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Put(member.Value, ids)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Put(item, ids))]),
        JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String && ids.TryGetValue(value.ToString(), out var id) => JsonValue.Create(id),
        _ => node.DeepClone(),
    };
}

/// <summary>Collects operations in the order in which they are to be done.</summary>
internal sealed class Operations
{
    private readonly List<Operation> list = [];

    /// <summary>All so far.</summary>
    public IReadOnlyList<Operation> All => list;

    /// <summary>Adds one; gives what later ones use as the id of the thing that it makes.</summary>
    /// <param name="endpoint">What it is.</param>
    /// <param name="arguments">Its arguments.</param>
    public string Add(Endpoint endpoint, JsonObject arguments)
    {
        // Like an id, and the same each time: an answered call comes again and must mean the same.
        var makes = endpoint.Kind == Kind.Create ? $"{Operation.StandIns}{list.Count:d12}" : null;
        list.Add(new(endpoint, arguments, makes));
        return makes ?? "";
    }
}

/// <summary>How one operation of several ended.</summary>
/// <param name="Operation">Which, with the ids that were known.</param>
/// <param name="Answer">What came of it; null where it was not begun because an earlier one failed.</param>
internal sealed record Ended(Operation Operation, Filters.ToolAnswer? Answer)
{
    /// <summary>It did what it was to do.</summary>
    public bool IsDone => Answer is { Error: null };
}
