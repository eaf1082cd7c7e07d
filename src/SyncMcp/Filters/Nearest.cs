namespace SyncMcp.Filters;

/// <summary>Names that somebody may have meant.</summary>
internal static class Nearest
{
    /// <summary>The closest candidates, best first; none that is not close.</summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> candidates, int count = 1) =>
    [
        .. candidates
            .Select(candidate => (candidate, distance: Distance(text, candidate)))
            .Where(pair => pair.distance <= Math.Max(2, Math.Max(text.Length, pair.candidate.Length) / 3)
                || pair.candidate.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(count)
            .Select(pair => pair.candidate),
    ];

    // Edits (insert, remove, replace, swap neighbours) between the two, without regard to case; long texts are compared by their beginning.
    private static int Distance(string left, string right)
    {
        var a = left[..Math.Min(left.Length, 100)].ToUpperInvariant();
        var b = right[..Math.Min(right.Length, 100)].ToUpperInvariant();
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
