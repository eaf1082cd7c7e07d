namespace SyncMcp.Engine.Api;

/// <summary>Finds the name that somebody most likely meant.</summary>
internal static class Nearest
{
    /// <summary>The nearest name, or null where none is near: at most a third of the letters may differ.</summary>
    public static string? To(string text, IEnumerable<string> names)
    {
        if (text.Length > 100)
            return null;
        string? best = null;
        var least = int.MaxValue;
        foreach (var name in names)
        {
            var distance = Distance(text.ToUpperInvariant(), name.ToUpperInvariant());
            if (distance < least)
                (best, least) = (name, distance);
        }

        return best is not null && least <= Math.Max(1, Math.Max(text.Length, best.Length) / 3) ? best : null;
    }

    /// <summary>A sentence for messages, or nothing.</summary>
    public static string Hint(string text, IReadOnlyCollection<string> names) => To(text, names) is { } near
        ? $" Did you mean `{near}`?"
        : names.Count is > 0 and <= 30 ? $" There are: {string.Join(", ", names)}." : "";

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        var before = new int[b.Length + 1];
        var twoBefore = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            (twoBefore, before, row) = (before, row, twoBefore);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], twoBefore[j - 2] + 1); // neighbours swapped: the commonest slip
            }
        }

        return row[b.Length];
    }
}
