using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Sending;

/// <summary>What a server says went wrong, out of any of the shapes that error bodies have (sync-api-v2 1.5).</summary>
/// <param name="Text">Its words, cleaned and cut; null where it says nothing.</param>
/// <param name="Code">Its code, where it gives one.</param>
/// <param name="IsJson">It is JSON, so the application itself answered and not something before it.</param>
/// <param name="IsPage">It is an HTML page, so something before the application answered.</param>
internal sealed record ServerWords(string? Text, string? Code, bool IsJson, bool IsPage)
{
    private const int Most = 500;
    private static readonly string[] Texts = ["message", "error_description", "detail", "title", "value"];

    /// <summary>Reads a body.</summary>
    public static ServerWords Read(byte[] body, string? mediaType)
    {
        var text = Encoding.UTF8.GetString(body).Trim('\uFEFF', ' ', '\r', '\n', '\t');
        if (text.StartsWith('{') && Parse(text) is { } members)
            return FromJson(members);
        if (mediaType == "text/html" || text.StartsWith("<!doctype", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase))
            return new(Clean(Title(text)), null, IsJson: false, IsPage: true);
        return new(Clean(text), null, IsJson: false, IsPage: false);
    }

    /// <summary>Text of somebody else in one line: without control and invisible characters, cut at 500.</summary>
    public static string? Clean(string? text)
    {
        if (text is null)
            return null;
        var clean = new StringBuilder(Math.Min(text.Length, Most));
        foreach (var rune in text.EnumerateRunes())
        {
            var blank = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (blank && (clean.Length == 0 || clean[^1] == ' '))
                continue;
            if (!blank && Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.Format)
                continue;
            if (clean.Length + rune.Utf16SequenceLength > Most)
            {
                // Not in the middle of a word: half an address or key looks like none, and would not be masked.
                var words = clean.ToString().LastIndexOf(' ');
                clean.Length = words > 0 ? words : clean.Length;
                break;
            }

            clean.Append(blank ? " " : rune.ToString());
        }

        var result = clean.ToString().TrimEnd();
        return result.Length == 0 ? null : result;
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // {"error": {"code", "message"}} (OData: message may be {"value"}), {"error": "text"}, {"message": "text"}.
    private static ServerWords FromJson(JsonObject members)
    {
        var error = members["error"] as JsonObject ?? members;
        var words = members["error"] is JsonValue text ? text.ToString() : Words(error);
        return new(Clean(words), Clean((error["code"] as JsonValue)?.ToString()), IsJson: true, IsPage: false);
    }

    private static string? Words(JsonObject error)
    {
        foreach (var name in Texts)
        {
            switch (error[name])
            {
                case JsonValue text:
                    return text.ToString();
                case JsonObject inner:
                    return Words(inner);
            }
        }

        return null;
    }

    private static string Title(string page)
    {
        var open = page.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var close = open < 0 ? -1 : page.IndexOf("</title>", open, StringComparison.OrdinalIgnoreCase);
        return close < 0 ? "an HTML page" : "an HTML page: " + System.Net.WebUtility.HtmlDecode(page[(open + 7)..close]);
    }
}
