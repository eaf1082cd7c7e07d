using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Filters;

namespace SyncMcp.Guard;

/// <summary>Questions to the person: our sentences, made from facts. What a server or a model wrote stands on lines of its own, quoted, cleaned, cut.</summary>
internal sealed partial class QuestionText(string headline)
{
    /// <summary>What is longer cannot be approved in the chat: nobody can be sure to have seen it whole.</summary>
    public const int Longest = 4_000;

    // What decides is never cut: a question that grows too long for it goes to the terminal. A name decides nothing.
    private const int LongestName = 300;

    private readonly StringBuilder text = new(headline + "\n");

    /// <summary>A sentence of ours.</summary>
    public QuestionText Say(string sentence)
    {
        text.Append("- ").Append(sentence).Append('\n');
        return this;
    }

    /// <summary>A fact in somebody else's words.</summary>
    public QuestionText Fact(string label, string? value)
    {
        if (value is not null)
            text.Append(label).Append(": ").Append(Quote(value)).Append('\n');
        return this;
    }

    /// <summary>A fact that changes.</summary>
    public QuestionText Change(string label, string? before, string? after)
    {
        if (before == after || before is null)
            return Fact(label, after);
        text.Append(label).Append(": ").Append(Quote(before)).Append(" -> ").Append(after is null ? "(none)" : Quote(after)).Append('\n');
        return this;
    }

    /// <summary>A line about a difference; what of it is others' text is quoted already.</summary>
    public QuestionText Differs(string about, string before, string after)
    {
        text.Append("  ").Append(about).Append(": ").Append(before).Append(" -> ").Append(after).Append('\n');
        return this;
    }

    /// <summary>Lines that differ, each whole and behind a mark of ours.</summary>
    public QuestionText Lines(string about, IReadOnlyList<string> lines)
    {
        text.Append("  ").Append(about).Append(", lines that differ (- old, + new):\n").Append(string.Concat(lines.Select(line => $"    | {Text.Clean(line).ReplaceLineEndings(" ")}\n")));
        return this;
    }

    /// <summary>SQL or a script, whole.</summary>
    public QuestionText Whole(string label, string? code)
    {
        if (!string.IsNullOrWhiteSpace(code))
            text.Append(label).Append(":\n").Append(string.Join('\n', Text.Clean(code).Split('\n').Select(line => $"  | {line}"))).Append('\n');
        return this;
    }

    /// <summary>A list of names.</summary>
    public QuestionText Names(string label, IEnumerable<string> names)
    {
        var quoted = names.Select(Quote).ToList();
        if (quoted.Count > 0)
            text.Append(label).Append(" (").Append(quoted.Count).Append("): ").AppendJoin(", ", quoted).Append('\n');
        return this;
    }

    /// <summary>The thing with its id.</summary>
    public QuestionText Thing(string kind, string name, string id) => Fact(kind, Text.Cut(Text.Clean(name), LongestName)).Fact($"{kind} id", id.Length > 0 ? id : null);

    public override string ToString() => text.ToString().TrimEnd();

    /// <summary>What a person types: the verb and the name, or the beginning of the id where the name is odd.</summary>
    public static string Phrase(string verb, string name, string id) =>
        Ordinary().IsMatch(name) && name.Trim() == name ? $"{verb} {name}" : $"{verb} {(id.Length > 8 ? id[..8] : id.Length > 0 ? id : "it")}";

    /// <summary>One value, short, for a list of changes.</summary>
    public static string? Value(JsonNode? node) => node is null ? null : node is JsonValue value ? value.ToString() : Canonical.Of(node);

    /// <summary>Others' text on one line of ours, without quotes of its own.</summary>
    public static string Quote(string value) => $"\"{Text.Cut(Text.Clean(value).ReplaceLineEndings(" ").Replace('"', '\u201d'), Longest)}\"";

    [GeneratedRegex(@"\A[\w .-]{1,40}\z", RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Ordinary();
}
