using System.Collections.Frozen;
using System.Text.Json.Nodes;
using SyncMcp.Redaction;

namespace SyncMcp.Past;

/// <summary>What is kept of a thing at a time. Kinds: job, transformation, pipeline, connection; the same with <c>/parts</c> for tasks and steps; columns of a table.</summary>
internal static class Kinds
{
    public const string Connection = "connection";

    /// <summary>Columns of a source table; the id is the connection's and the table's.</summary>
    public const string Columns = "columns";

    /// <summary>Tasks or steps of a kind of things, under the id of the whole.</summary>
    public static string PartsOf(string kind) => $"{kind}/parts";

    /// <summary>The id under which a table's columns are kept.</summary>
    public static string TableId(string connection, string table) => $"{connection}/{table}";
}

/// <summary>A thing as it was, without what changes by itself; secrets masked.</summary>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Id">Its id.</param>
/// <param name="Body">What is kept of it.</param>
/// <param name="Updated">When it was changed, as the server says it; of parts the time of the whole.</param>
/// <param name="First">When it was first seen so.</param>
/// <param name="Last">When it was last seen so.</param>
internal sealed record Sighting(string Kind, string Id, JsonObject Body, DateTimeOffset? Updated, DateTimeOffset First, DateTimeOffset Last)
{
    // What a run or the clock changes says nothing about who changed the thing.
    private static readonly FrozenSet<string> Passing = new[]
    {
        "status", "state", "last_run", "next_run", "next_runs", "permissions", "created_at", "updated_at", "last_tested_at", "checkpoint", "check_column_used", "not_supported", "position", "made_by_job",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The name that a body says; its id where it says none.</summary>
    public string Name => Body["name"]?.ToString() ?? Id;

    /// <summary>Of a whole: its parts, or columns.</summary>
    public IEnumerable<JsonObject> Items => (Body["items"] as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>What is kept of one thing.</summary>
    public static JsonObject OfThing(JsonObject body)
    {
        var kept = new JsonObject(body.Where(member => member.Value is not null && !Passing.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        return Redactor.Mask(kept)!.AsObject();
    }

    /// <summary>What is kept of parts or columns.</summary>
    public static JsonObject OfItems(IEnumerable<JsonObject> items) => new() { ["items"] = new JsonArray([.. items.Select(item => (JsonNode)OfThing(item))]) };
}
