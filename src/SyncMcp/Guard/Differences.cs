using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>One place where two definitions differ.</summary>
/// <param name="Path">Members, and positions in lists from 0, that lead to it.</param>
/// <param name="Before">The old value; null for none.</param>
/// <param name="After">The new value; null for none.</param>
internal readonly record struct Difference(IReadOnlyList<string> Path, JsonNode? Before, JsonNode? After)
{
    /// <summary>The place as a pointer.</summary>
    public string At => string.Concat(Path.Select(part => $"/{part}"));
}

/// <summary>What differs between two definitions, with the old and the new value.</summary>
internal static class Differences
{
    /// <summary>The differences, in the order of the members' names.</summary>
    public static IReadOnlyList<Difference> Between(JsonNode? before, JsonNode? after)
    {
        var found = new List<Difference>();
        Walk([], before, after, found);
        return found;
    }

    /// <summary>True where the second holds all of the first unchanged, so that what it has more was filled in by the server.</summary>
    public static bool AddsOnly(JsonNode? first, JsonNode? second) => Between(first, second).All(change => change.Before is null && !IsIndex(change.At));

    private static void Walk(IReadOnlyList<string> path, JsonNode? before, JsonNode? after, List<Difference> found)
    {
        if (Canonical.Of(before) == Canonical.Of(after))
            return;
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var name in old.Select(member => member.Key).Union(now.Select(member => member.Key)).Order(StringComparer.Ordinal))
                    Walk([.. path, name], old[name], now[name], found);
                break;
            case (JsonArray old, JsonArray now):
                for (var i = 0; i < Math.Max(old.Count, now.Count); i++)
                    Walk([.. path, $"{i}"], i < old.Count ? old[i] : null, i < now.Count ? now[i] : null, found);
                break;
            case (null, JsonObject) or (JsonObject, null) when Canonical.Of(before ?? after) == "{}":
                break;
            default:
                found.Add(new(path, before, after));
                break;
        }
    }

    // A whole task more is no filled-in member.
    private static bool IsIndex(string at) => int.TryParse(at[(at.LastIndexOf('/') + 1)..], out _);
}
