using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.AsCode;

/// <summary>What must change of a thing for it to be what a document says, and the same in words.</summary>
internal static class Patching
{
    private const int LongestLine = 300;
    private static readonly string[] References = ["source_connection", "destination_connection", "entity"];
    private static readonly string[] Parts = ["tasks", "steps", "events"];

    /// <summary>Absent is left as it is, null is cleared, lists are replaced.</summary>
    public static JsonObject Of(IEnumerable<string> members, JsonObject shown, JsonObject wanted)
    {
        var patch = new JsonObject();
        foreach (var member in members.Where(wanted.ContainsKey))
        {
            var (old, now) = (shown[member], wanted[member]);
            if (now is JsonObject inner && old is JsonObject before)
            {
                if (Of(inner.Select(one => one.Key), before, inner) is { Count: > 0 } changed)
                    patch[member] = changed;
            }
            else if (Canonical.Of(old) != Canonical.Of(now) && !(IsEmpty(old) && IsEmpty(now)))
            {
                patch[member] = now?.DeepClone();
            }
        }

        return patch;
    }

    /// <summary>The difference, a line each.</summary>
    public static IReadOnlyList<string> Lines(string kind, JsonObject before, JsonObject after)
    {
        string[] root = kind switch { "task" or "transformation_task" => ["tasks", "0"], "step" => ["steps", "0"], _ => [kind] };
        var text = new QuestionText("");
        ChangeLines.Add(text, Differences.Between(Referring(before), Referring(after)).Select(change => change with { Path = [.. root, .. change.Path] }), static _ => null);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Text.Cut(line.Replace(" (id): ", ": ", StringComparison.Ordinal), LongestLine))];
    }

    // The words for references are those of their ids.
    private static JsonObject Referring(JsonObject thing)
    {
        var copy = thing.DeepClone().AsObject();
        foreach (var name in References)
        {
            if (copy[name] is JsonValue called)
                copy[name] = new JsonObject { ["id"] = called.DeepClone() };
        }

        foreach (var name in Parts.Where(name => copy[name] is JsonArray))
            copy.Remove(name);
        return copy;
    }

    // A trigger of type None is none.
    private static bool IsEmpty(JsonNode? node) => node is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || Canonical.Of(node) == """{"type":"None"}""";
}
