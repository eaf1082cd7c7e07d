using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>What differs between two definitions, as JSON pointers with the old and the new value.</summary>
internal static class Differences
{
    /// <summary>The differences, in the order of the pointers.</summary>
    public static IReadOnlyList<(string At, JsonNode? Before, JsonNode? After)> Between(JsonNode? before, JsonNode? after)
    {
        var found = new List<(string, JsonNode?, JsonNode?)>();
        Walk("", before, after, found);
        return found;
    }

    /// <summary>True where the second holds all of the first unchanged, so that what it has more was filled in by the server.</summary>
    public static bool AddsOnly(JsonNode? first, JsonNode? second) => Between(first, second).All(change => change.Before is null && !IsIndex(change.At));

    private static void Walk(string at, JsonNode? before, JsonNode? after, List<(string, JsonNode?, JsonNode?)> found)
    {
        if (Canonical.Of(before) == Canonical.Of(after))
            return;
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var name in old.Select(member => member.Key).Union(now.Select(member => member.Key)).Order(StringComparer.Ordinal))
                    Walk($"{at}/{name}", old[name], now[name], found);
                break;
            case (JsonArray old, JsonArray now):
                for (var i = 0; i < Math.Max(old.Count, now.Count); i++)
                    Walk($"{at}/{i}", i < old.Count ? old[i] : null, i < now.Count ? now[i] : null, found);
                break;
            case (null, JsonObject) or (JsonObject, null) when Canonical.Of(before ?? after) == "{}":
                break;
            default:
                found.Add((at, before, after));
                break;
        }
    }

    // A whole task more is no filled-in member.
    private static bool IsIndex(string at) => int.TryParse(at[(at.LastIndexOf('/') + 1)..], out _);
}
