namespace SyncMcp.Runs;

/// <summary>What somebody looks for in a log: plain words, <c>*</c> for anything between, <c>|</c> between alternatives. Each line costs its length, whatever the pattern: it is no regular expression.</summary>
internal sealed class LinePattern
{
    private readonly string[][] alternatives;

    public LinePattern(string text) => alternatives =
        [.. text.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(one => one.Split('*', StringSplitOptions.RemoveEmptyEntries)).Where(pieces => pieces.Length > 0)];

    /// <summary>It names nothing to look for.</summary>
    public bool IsEmpty => alternatives.Length == 0;

    /// <summary>The line holds one of the alternatives, in any case.</summary>
    public bool Fits(string line) => Array.Exists(alternatives, pieces => Holds(line, pieces));

    private static bool Holds(string line, string[] pieces)
    {
        var from = 0;
        foreach (var piece in pieces)
        {
            var at = line.IndexOf(piece, from, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return false;
            from = at + piece.Length;
        }

        return true;
    }
}
