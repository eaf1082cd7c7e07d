namespace SyncMcp.Diagnosis;

/// <summary>A cause and the signs that give it away in a line of text.</summary>
/// <param name="Cause">What the line says.</param>
/// <param name="Signs">Any of them is enough. Case does not matter; <c>*</c> stands for anything between two pieces, in that order.</param>
internal sealed record Rule(Cause Cause, params string[] Signs)
{
    private readonly string[][] pieces = [.. Signs.Select(sign => sign.Split('*', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The line holds one of the signs.</summary>
    public bool Fits(string line) => pieces.Any(sign => Holds(line, sign));

    // A sign that begins or ends with a digit is a number: 1205 is not part of 312059.
    private static bool Holds(string line, string[] sign)
    {
        var from = 0;
        foreach (var piece in sign)
        {
            int at;
            while ((at = line.IndexOf(piece, from, StringComparison.OrdinalIgnoreCase)) >= 0 && CutsNumber(line, at, piece.Length))
                from = at + 1;
            if (at < 0)
                return false;
            from = at + piece.Length;
        }

        return true;
    }

    private static bool CutsNumber(string line, int at, int length) =>
        (char.IsAsciiDigit(line[at]) && at > 0 && char.IsAsciiLetterOrDigit(line[at - 1]))
        || (char.IsAsciiDigit(line[at + length - 1]) && at + length < line.Length && char.IsAsciiLetterOrDigit(line[at + length]));
}
