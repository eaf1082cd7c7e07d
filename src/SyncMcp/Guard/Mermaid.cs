using System.Text;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>A tree of dependents as a Mermaid flowchart: what stands at an arrow's end is reached by a change of its beginning. Names are others' text and cannot leave their quotes.</summary>
internal static class Mermaid
{
    private const int LongestName = 60;

    public static string Of(Dependent root)
    {
        var ids = new Dictionary<(string Kind, string Id), string>();
        var nodes = new StringBuilder("flowchart LR\n");
        var arrows = new List<string>();
        foreach (var one in root.All)
        {
            var from = Node(one);
            arrows.AddRange(one.Dependents.Select(below => $"  {from} -->|{below.Why}| {Node(below)}"));
        }

        return nodes.AppendJoin('\n', arrows.Distinct(StringComparer.Ordinal)).ToString().TrimEnd();

        string Node(Dependent one)
        {
            if (ids.TryGetValue((one.Kind, one.Id), out var known))
                return known;
            var node = ids[(one.Kind, one.Id)] = $"n{ids.Count}";
            nodes.Append($"  {node}[\"{one.Kind}: {Label(one.Name)}{(one.IsArmed ? "<br/>runs by itself" : "")}\"]\n");
            return node;
        }
    }

    // Entities, so that no name ends the text, begins a tag or a comment, or is read as Markdown.
    private static string Label(string name)
    {
        var label = new StringBuilder();
        foreach (var rune in Text.Cut(Text.Clean(name).ReplaceLineEndings(" "), LongestName).EnumerateRunes())
            label.Append(System.Text.Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' or '…' ? rune.ToString() : $"#{rune.Value};");
        return label.ToString();
    }
}
