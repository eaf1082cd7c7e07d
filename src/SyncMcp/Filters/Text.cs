using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Filters;

/// <summary>Text of others, made harmless to show.</summary>
internal static class Text
{
    /// <summary>Without control, invisible and bidirectional characters, which hide or reorder what a reader sees; line ends and tabs stay.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain) || !NeedsCleaning(text))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var character in text.EnumerateRunes())
        {
            if (!IsHidden(character) && !IsIdleJoiner(character, clean))
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
            if (IsHidden(character) || character.Value is Joiner or NonJoiner)
                return true;
        }

        return false;
    }

    private static bool IsHidden(Rune character) => character.Value switch
    {
        '\n' or '\t' or Joiner or NonJoiner => false,
        '\u2028' or '\u2029' => true,
        // Blank or unseen although they are letters and marks: fillers, selectors of variants (emoji need the last), an empty Braille cell.
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or (>= 0xFE00 and <= 0xFE0E) or (>= 0xE0100 and <= 0xE01EF) => true,
        _ => Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse,
    };

    // Joiners that words and emoji of real languages need; behind a letter of ASCII they only hide.
    private static bool IsIdleJoiner(Rune character, StringBuilder before) =>
        character.Value is Joiner or NonJoiner && (before.Length == 0 || before[^1] < 128 || before[^1] is (char)Joiner or (char)NonJoiner);

    private const int NonJoiner = 0x200C;
    private const int Joiner = 0x200D;
}
