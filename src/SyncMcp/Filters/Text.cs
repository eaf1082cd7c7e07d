using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>Text of others, made harmless to show.</summary>
internal static class Text
{
    /// <summary>Without control and bidirectional characters, which hide or reorder what a reader sees; line ends and tabs stay.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain) || !NeedsCleaning(text))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
        {
            if (!IsHidden(character))
                clean.Append(character.ToString());
        }

        return clean.ToString();
    }

    /// <summary>Cut to so many characters, with a sign that it was. Of a secret that is cut in two the form would not tell any more what it is.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        text = Redaction.Redactor.Mask(text);
        if (text.Length <= length)
            return text;
        var at = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return string.Concat(text.AsSpan(0, at), "…");
    }

    /// <summary>Quoted inside a sentence of ours: one line, cut, without quotes of its own.</summary>
    public static string Quote(string text) => $"'{Cut(Clean(text).ReplaceLineEndings(" ").Replace('\'', '’'), 60)}'";

    public static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;-_/()[]{}<>=+*?!@#$%&|\"'\\\n\t");

    private static bool NeedsCleaning(string text)
    {
        foreach (var character in text.EnumerateRunes())
        {
            if (IsHidden(character))
                return true;
        }

        return false;
    }

    private static bool IsHidden(Rune character) => character.Value switch
    {
        '\n' or '\t' => false,
        '\r' => true,
        '\u200B' or '\uFEFF' or '\u2028' or '\u2029' => true,
        '\u200C' or '\u200D' => false, // joiners that words and emoji of real languages need
        _ => Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format,
    };
}
