using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>Makes the lines of a log short enough to read: long ones are cut, and one that repeats stands once with its count.</summary>
internal static class LogLines
{
    private const int Longest = 500;

    /// <summary>Changes the log in place; what came first of a repetition stays, with <c>repeats</c> and the number of its last line.</summary>
    public static void Tidy(JsonObject log)
    {
        if (log["lines"] is not JsonArray lines)
            return;
        JsonObject? before = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i] is not JsonObject line || line["text"] is not JsonValue text)
            {
                before = null;
                continue;
            }

            if (before is not null && JsonNode.DeepEquals(before["text"], text) && JsonNode.DeepEquals(before["level"], line["level"]))
            {
                before["repeats"] = ((int?)before["repeats"] ?? 1) + 1;
                before["last_line"] = line["line"]?.DeepClone();
                lines.RemoveAt(i--);
                continue;
            }

            before = line;
        }

        foreach (var line in lines.OfType<JsonObject>())
        {
            if (line["text"]?.GetValueKind() == System.Text.Json.JsonValueKind.String)
                line["text"] = Text.Cut(line["text"]!.GetValue<string>(), Longest);
        }
    }
}
