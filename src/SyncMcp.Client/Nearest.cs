namespace SyncMcp.Client;

/// <summary>Finds the names that somebody most likely meant who misspelled one.</summary>
public static class Nearest
{
    // Longer texts are compared by their beginning: the work grows with the square.
    private const int Compared = 100;

    /// <summary>The closest names, best first; none that is not close: at most a third of the letters may differ, or one holds the text.</summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names, int count = 1) =>
    [
        .. names
            .Select(name => (name, distance: Distance(text, name)))
            .Where(pair => IsClose(text, pair.name, pair.distance))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.name, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => pair.name),
    ];

    /// <summary>A sentence for the end of a message, a blank in front: the closest names, or those that there are.</summary>
    public static string Hint(string text, IReadOnlyCollection<string> names, char quote = '`')
    {
        string Quoted(string name) => $"{quote}{name}{quote}";
        if (names.Count == 0)
            return " There are none.";
        return Of(text, names, 3) is { Count: > 0 } near
            ? $" Did you mean {string.Join(" or ", near.Select(Quoted))}?"
            : $" There are {string.Join(", ", names.Take(30).Select(Quoted))}{(names.Count > 30 ? $" and {names.Count - 30} more" : "")}.";
    }

    private static bool IsClose(string text, string name, int distance)
    {
        var longer = Math.Min(Math.Max(text.Length, name.Length), Compared);
        return (distance < longer && distance <= Math.Max(1, longer / 3))
            || (text.Length > 1 && name.Contains(text, StringComparison.OrdinalIgnoreCase))
            || distance == 0;
    }

    /// <summary>Edits (insert, remove, replace, swap neighbours: the commonest slip) between the two, without regard to case.</summary>
    public static int Distance(string left, string right)
    {
        var a = left[..Math.Min(left.Length, Compared)].ToUpperInvariant();
        var b = right[..Math.Min(right.Length, Compared)].ToUpperInvariant();
        int[] before = [], last = [.. Enumerable.Range(0, b.Length + 1)];
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
            }

            (before, last) = (last, row);
        }

        return last[b.Length];
    }
}
