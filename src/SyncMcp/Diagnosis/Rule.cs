namespace SyncMcp.Diagnosis;

/// <summary>A cause and the signs that give it away in a line of text.</summary>
/// <param name="Cause">What the line says.</param>
/// <param name="Signs">Any of them is enough. Case does not matter; <c>*</c> stands for anything between two pieces, in that order.</param>
internal sealed record Rule(Cause Cause, params string[] Signs)
{
    private readonly string[][] pieces = [.. Signs.Select(sign => sign.Split('*', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The line holds one of the signs.</summary>
    public bool Fits(string line) => pieces.Any(sign => Holds(line, sign));

    private static bool Holds(string line, string[] sign)
    {
        var from = 0;
        foreach (var piece in sign)
        {
            int at;
            while ((at = line.IndexOf(piece, from, StringComparison.OrdinalIgnoreCase)) >= 0 && !Stands(line, at, piece.Length))
                from = at + 1;
            if (at < 0)
                return false;
            from = at + piece.Length;
        }

        return true;
    }

    // 1205 is not part of 312059; and a number alone is a code only where it is called one: "1205 rows" says nothing.
    private static bool Stands(string line, int at, int length)
    {
        var (before, after) = (at > 0 ? line[at - 1] : ' ', at + length < line.Length ? line[at + length] : ' ');
        if ((char.IsAsciiDigit(line[at]) && char.IsAsciiLetterOrDigit(before)) || (char.IsAsciiDigit(line[at + length - 1]) && char.IsAsciiLetterOrDigit(after)))
            return false;
        if (line.AsSpan(at, length).ContainsAnyExceptInRange('0', '9'))
            return !IsPartOfAName(line.AsSpan(at, length), before, after);
        if (Counted.Any(word => line.AsSpan(at + length).StartsWith(word, StringComparison.OrdinalIgnoreCase)))
            return false;
        return (before is '(' or '[' && after is ')' or ']' or ':') || Called.Any(word => CallsIt(line.AsSpan(Math.Max(0, at - word.Length - 3), Math.Min(at, word.Length + 3)), word));
    }

    // A table may be called deadlock_history; codes like ER_LOCK_DEADLOCK are in capitals.
    private static bool IsPartOfAName(ReadOnlySpan<char> sign, char before, char after) => (before == '_' || after == '_') && !sign.ContainsAnyInRange('A', 'Z') && !sign.Contains('_');

    // "error 1205" names a code, "0 errors, 1205" does not.
    private static bool CallsIt(ReadOnlySpan<char> text, string word)
    {
        var at = text.LastIndexOf(word, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (at + word.Length == text.Length || text[at + word.Length] is not ('s' or 'S'));
    }

    private static readonly string[] Counted = [" row", " record", " byte", " ms"];

    private static readonly string[] Called = ["sqlstate", "error", "errno", "code", "status", "http", "ora-"];
}
