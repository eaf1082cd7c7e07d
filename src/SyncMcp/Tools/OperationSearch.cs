using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SyncMcp.Client;
using SyncMcp.Filters;

namespace SyncMcp.Tools;

/// <summary>Answers <c>find_operations</c>: the catalogue by words, best matches first, each with what is needed to call it.</summary>
internal static partial class OperationSearch
{
    private const int MostWithSchema = 5;
    private const int InName = 3;

    // What people say for what the API calls otherwise.
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.Ordinal)
    {
        ["run"] = ["execute", "run"],
        ["start"] = ["execute"],
        ["rerun"] = ["execute"],
        ["stop"] = ["cancel"],
        ["abort"] = ["cancel"],
        ["remove"] = ["delete"],
        ["new"] = ["create", "add"],
        ["make"] = ["create"],
        ["change"] = ["update"],
        ["edit"] = ["update"],
        ["show"] = ["get", "list"],
        ["failure"] = ["history", "run", "log"],
        ["failed"] = ["history", "run", "log"],
        ["schedule"] = ["update", "schedule"],
        ["password"] = ["credential"],
        ["source"] = ["connection"],
        ["destination"] = ["connection"],
    };

    /// <summary>The tool's work.</summary>
    public static Task<JsonObject> AnswerAsync(Workbench bench, FindOperations asked, CancellationToken ct) =>
        Task.FromResult(Answer(asked, [.. ToolList.Of(bench.Policy).Where(endpoint => bench.Call.Principal.Refuses(endpoint) is null)]));

    /// <summary>Searches among the operations that may be called.</summary>
    /// <exception cref="ToolException">There is no such area.</exception>
    public static JsonObject Answer(FindOperations asked, IReadOnlyCollection<Endpoint> offered)
    {
        var within = asked.Area is { } area ? [.. Area(area).Endpoints.Where(offered.Contains)] : offered;
        var words = Words(asked.Words ?? "");
        if (words.Count == 0)
            return Listed([.. within], within.Count, withSchema: false);
        var best = Best(asked.Words!.Trim(), words, within);
        return Listed([.. best.Take(MostWithSchema)], best.Count, withSchema: true);
    }

    private static IReadOnlyList<Endpoint> Best(string text, IReadOnlyList<string> words, IReadOnlyCollection<Endpoint> within)
    {
        if (within.FirstOrDefault(endpoint => endpoint.Name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } named)
            return [named];
        // One word with underscores is a name; where no operation has it, it is misspelled.
        if (text.Contains('_', StringComparison.Ordinal) && Near(text, within) is { Count: > 0 } near)
            return near;
        var scored = within.Select(endpoint => (endpoint, score: Score(words, endpoint))).Where(pair => pair.score > 0).OrderByDescending(pair => pair.score).ToList();
        if (scored.Count == 0)
            return Near(text, within);
        // What matches by half as much as the best is what was meant too; the rest is noise.
        return [.. scored.Where(pair => pair.score * 2 >= scored[0].score).Select(pair => pair.endpoint)];
    }

    private static IReadOnlyList<Endpoint> Near(string text, IReadOnlyCollection<Endpoint> within) =>
        [.. Nearest.Of(text, within.Select(endpoint => endpoint.Name), MostWithSchema).Select(name => Catalogue.Find(name)!)];

    // A word in the name tells most; in the description it tells little, since descriptions name their siblings.
    private static int Score(IReadOnlyList<string> words, Endpoint endpoint)
    {
        var name = Words(endpoint.Name);
        var description = Words(endpoint.Description);
        return words.Sum(word => Meanings(word).Max(meaning => name.Contains(meaning) ? InName : description.Contains(meaning) ? 1 : 0));
    }

    private static string[] Meanings(string word) => Synonyms.GetValueOrDefault(word) ?? [word];

    // Without endings, so that "jobs" finds "job".
    private static IReadOnlyList<string> Words(string text) =>
        [.. Letters().Matches(text[..Math.Min(text.Length, 500)]).Select(match => match.Value.ToLowerInvariant()).Select(word => word.Length > 3 && word.EndsWith('s') ? word[..^1] : word)];

    private static Area Area(string name) => Catalogue.Areas.FirstOrDefault(area => area.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ToolException(new("invalid_arguments", $"There is no area {Text.Quote(name)}.{Nearest.Hint(name, [.. Catalogue.Areas.Select(area => area.Name)])}", "Name one of them, or none for all."));

    private static JsonObject Listed(IReadOnlyList<Endpoint> shown, int total, bool withSchema)
    {
        var content = new JsonObject { ["items"] = new JsonArray([.. shown.Select(endpoint => Item(endpoint, withSchema))]), ["total"] = total, ["next_cursor"] = null };
        if (shown.Count == 0)
            content["next"] = "Nothing matches. Other words, or none for the names of all.";
        else if (shown.Count < total)
            content["next"] = "More words, or an area, narrow it.";
        else if (!withSchema)
            content["next"] = "words with a name gives the schema of its arguments.";
        return content;
    }

    private static JsonObject Item(Endpoint endpoint, bool withSchema)
    {
        var item = new JsonObject
        {
            ["operation"] = endpoint.Name,
            ["description"] = withSchema ? endpoint.Description : endpoint.Description.Split(". ")[0].TrimEnd('.'),
            ["call_with"] = Surfaces.CallToolOf(endpoint),
        };
        if (withSchema)
            item["arguments"] = JsonNode.Parse(PublishedTool.Of(endpoint.Name).InputSchema.GetRawText());
        return item;
    }

    [GeneratedRegex(@"\p{L}+", RegexOptions.None, 1000)]
    private static partial Regex Letters();
}
