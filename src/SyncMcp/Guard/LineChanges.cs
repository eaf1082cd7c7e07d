namespace SyncMcp.Guard;

/// <summary>The lines in which two texts differ, each whole: what went behind a minus, what came behind a plus.</summary>
internal static class LineChanges
{
    // Longer texts are told as one change from the first line that differs to the last.
    private const int Most = 400;

    /// <summary>The changed lines in their order, with the number of each in its own text.</summary>
    public static IReadOnlyList<string> Of(string before, string after)
    {
        var (old, now) = (before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'));
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start])
            start++;
        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)])
            end++;
        return old.Length - start - end > Most || now.Length - start - end > Most
            ? [.. Range(start, old.Length - end).Select(i => Gone(old, i)), .. Range(start, now.Length - end).Select(i => Come(now, i))]
            : Walk(old, now, start, end);
    }

    private static List<string> Walk(string[] old, string[] now, int start, int end)
    {
        var (rows, columns) = (old.Length - start - end, now.Length - start - end);
        var common = new int[rows + 1, columns + 1]; // lines in common from here on
        for (var i = rows - 1; i >= 0; i--)
        {
            for (var j = columns - 1; j >= 0; j--)
                common[i, j] = old[start + i] == now[start + j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < rows || j < columns;)
        {
            if (i < rows && j < columns && old[start + i] == now[start + j])
                (i, j) = (i + 1, j + 1);
            else if (i < rows && (j == columns || common[i + 1, j] >= common[i, j + 1]))
                lines.Add(Gone(old, start + i++));
            else
                lines.Add(Come(now, start + j++));
        }

        return lines;
    }

    private static IEnumerable<int> Range(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from));

    private static string Gone(string[] old, int at) => $"- {at + 1}: {old[at]}";

    private static string Come(string[] now, int at) => $"+ {at + 1}: {now[at]}";
}
