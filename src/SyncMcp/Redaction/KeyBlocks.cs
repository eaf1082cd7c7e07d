using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;

namespace SyncMcp.Redaction;

/// <summary>Private keys that stand over several lines of a log, each a text of its own: also where the page begins or ends inside of one.</summary>
internal static class KeyBlocks
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Label = "PRIVATE KEY";
    private const int ShortestLine = 60;
    private const int LongestLine = 80;

    private static readonly System.Buffers.SearchValues<char> Base64 = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=");

    /// <summary>Masks their lines in place.</summary>
    public static void Mask(JsonArray? lines)
    {
        var inside = false;
        foreach (var line in lines?.OfType<JsonObject>() ?? [])
        {
            if (line["text"]?.GetValueKind() != JsonValueKind.String)
                continue;
            var text = line["text"]!.GetValue<string>();
            var begins = text.Contains(Begin, StringComparison.Ordinal);
            if (begins)
                inside = text.Contains(Label, StringComparison.Ordinal) && !text.Contains(End, StringComparison.Ordinal);
            else if (inside || IsOfAKey(text))
                line["text"] = Secrets.Mask;
            if (inside && !begins && Ends(text))
                inside = false;
        }
    }

    // Its end, or something else: the log goes on. A time or a level may stand before each line.
    private static bool Ends(string text)
    {
        var last = text.AsSpan().Trim();
        last = last[(last.LastIndexOf(' ') + 1)..];
        return text.Contains(End, StringComparison.Ordinal) || last.IsEmpty || last.ContainsAnyExcept(Base64);
    }

    // A whole line of Base64 as keys have them; a hash in hex is none.
    private static bool IsOfAKey(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length is >= ShortestLine and <= LongestLine && !text.ContainsAnyExcept(Base64)
            && text.ContainsAnyInRange('a', 'z') && text.ContainsAnyInRange('A', 'Z') && text.ContainsAnyInRange('0', '9');
    }
}
