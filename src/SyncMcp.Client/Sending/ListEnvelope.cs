using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>Turns the envelopes that servers put lists into (inferred, sync-api-v2 1.4) into the one that we use.</summary>
internal static class ListEnvelope
{
    private static readonly string[] Names = ["value", "items", "data"];
    private static readonly string[] Nexts = ["@odata.nextLink", "nextLink", "next_link"];
    private static readonly string[] Totals = ["total", "count", "total_count", "@odata.count"];

    /// <summary><c>{"value": [...], "total"?, "next_link"?}</c>; null where the answer is no list of objects.</summary>
    public static JsonObject? Open(Endpoint endpoint, JsonNode? answer)
    {
        var items = answer switch
        {
            JsonArray bare => bare,
            JsonObject envelope => Names.Append(Plural(endpoint)).Select(name => Member(envelope, name)).OfType<JsonArray>().FirstOrDefault(),
            _ => null,
        };
        if (items is null || items.Any(item => item is not JsonObject))
            return null;

        (items.Parent as JsonObject)?.Remove(items.GetPropertyName()); // a list may be long: moved, not copied
        var list = new JsonObject { ["value"] = items };
        if (answer is JsonObject outer && Totals.Select(name => Member(outer, name)).FirstOrDefault(IsCount) is { } total)
            list["total"] = total.DeepClone();
        if (answer is JsonObject part && Nexts.Select(name => Member(part, name)).FirstOrDefault(node => node is not null) is { } next)
            list["next_link"] = next.DeepClone(); // more behind it: whoever needs the whole must know
        return list;
    }

    // The last word of the route that is a noun: jobs, history, tables; last-run lists runs of tasks.
    private static string Plural(Endpoint endpoint)
    {
        var word = endpoint.Route[(endpoint.Route.LastIndexOf('/') + 1)..];
        return word == "last-run" ? "tasks" : word;
    }

    private static JsonNode? Member(JsonObject members, string name) =>
        members.FirstOrDefault(member => member.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool IsCount(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<long>(out var count) && count >= 0;
}
