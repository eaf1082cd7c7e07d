using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Differences as lines of a question, in a person's words: what it is about, old -> new. What is quoted is others' text; what is not is ours.</summary>
internal static class ChangeLines
{
    private const string None = "(none)";

    // Definitions leave out that a part is switched on.
    private const string TakenForGranted = "yes";
    private const int LongestName = 200;

    /// <summary>Adds them, endpoints first. Of a thing that comes or goes whole each member has a line.</summary>
    /// <param name="text">The question.</param>
    /// <param name="changes">The differences.</param>
    /// <param name="nameOf">The name of a task or step at a position from 0; null where it has none.</param>
    public static void Add(QuestionText text, IEnumerable<Difference> changes, Func<int, string?> nameOf)
    {
        foreach (var change in changes.OrderBy(change => IsEndpoint(change.Path) ? 0 : 1).SelectMany(change => Members(change, isOfWhole: false)))
        {
            var (about, isKnown) = About([.. change.Line.Path], nameOf);
            if (IsCode(change.Line))
            {
                text.Lines(about, LineChanges.Of(change.Line.Before!.ToString(), change.Line.After!.ToString()));
                continue;
            }

            text.Differs(about, Value(change.Line.Before, isKnown) ?? change.Absent, Value(change.Line.After, isKnown) ?? change.Absent);
        }
    }

    /// <summary>What a member of a kind of thing is called; its quoted path where there are no words for it.</summary>
    public static string Words(string kind, IReadOnlyList<string> path)
    {
        var root = kind switch { "task" or "transformation_task" => "tasks", "step" => "steps", _ => kind };
        return MemberWords.Find([root, .. path]) ?? (path[0] is "name" or "labels" or "position" or "description" ? path[0] : About([kind, .. path], static _ => null).About);
    }

    // Of SQL or a script of several lines a person reads the lines that changed, old and new.
    private static bool IsCode(Difference change) =>
        change.Before?.GetValueKind() == JsonValueKind.String && change.After?.GetValueKind() == JsonValueKind.String
        && (change.Before.ToString().Contains('\n', StringComparison.Ordinal) || change.After.ToString().Contains('\n', StringComparison.Ordinal));

    private static bool IsEndpoint(IReadOnlyList<string> path) =>
        path is ["source" or "destination", ..] or [_, "source_connection" or "destination_connection", ..] or ["connection", "connector" or "properties", ..];

    // A whole object more or less, member by member: so that each has its words.
    private static List<(Difference Line, string Absent)> Members(Difference change, bool isOfWhole)
    {
        if ((change.Before ?? change.After) is not JsonObject members || (change.Before is not null && change.After is not null))
            return [(change, !isOfWhole && change.Path is ["tasks" or "steps", _, "enabled"] ? TakenForGranted : None)];
        var found = members.Where(member => Canonical.Of(member.Value) is not ("null" or "{}")).OrderBy(member => member.Key, StringComparer.Ordinal)
            .SelectMany(member => Members(new([.. change.Path, member.Key], change.Before is null ? null : member.Value, change.Before is null ? member.Value : null), isOfWhole: true))
            .ToList();
        return found.Count > 0 ? found : [(change, None)];
    }

    private static (string About, bool IsKnown) About(string[] path, Func<int, string?> nameOf)
    {
        if (path is ["tasks" or "steps", var at, .. var member] && int.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            var part = $"{path[0][..^1]} {index + 1}{(nameOf(index) is { Length: > 0 } name ? " " + QuestionText.Quote(Text.Cut(name, LongestName)) : "")}";
            if (member.Length == 0)
                return (part, false);
            return MemberWords.Find([path[0], .. member]) is { } known ? ($"{part}, {known}", true) : ($"{part}, {Named(member)}", false);
        }

        if (MemberWords.Find(path) is { } words)
            return (words, true);
        return path switch
        {
            ["connection", "properties", var property] => ($"property {Quoted([property])} of the connection", false),
            ["job" or "transformation" or "pipeline" or "event" or "connection", .. { Length: > 0 } own] => (Named(own), false),
            _ => (Named(path), false),
        };
    }

    // Names of members that no contract knows are others' text. No colon follows the name: it would look like a secret's, and its value be masked.
    private static string Named(string[] path) => $"member {Quoted(path)} (unknown)";

    private static string Quoted(string[] path) => QuestionText.Quote(Text.Cut(string.Join('/', path), LongestName));

    private static string? Value(JsonNode? node, bool isKnown) => node?.GetValueKind() switch
    {
        null => null,
        JsonValueKind.True => isKnown ? "yes" : "true",
        JsonValueKind.False => isKnown ? "no" : "false",
        JsonValueKind.Number => node.ToJsonString(),
        _ => QuestionText.Quote(QuestionText.Value(node)!),
    };
}
