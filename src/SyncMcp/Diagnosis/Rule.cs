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
            return true;
        return (before is '(' or '[' && after is ')' or ']' or ':') || Called.Any(word => line.AsSpan(Math.Max(0, at - word.Length - 3), Math.Min(at, word.Length + 3)).Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static readonly string[] Called = ["sqlstate", "error", "errno", "code", "status", "http", "ora-"];
}
