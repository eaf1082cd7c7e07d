using SyncMcp.Filters;

namespace SyncMcp.Commands.Live;

/// <summary>Rows in columns that fit a width: the first column that gives way is cut, then the last ones are left out.</summary>
internal static class Grid
{
    private const string Gap = "  ";
    private const int Least = 8;

    /// <summary>The lines, a heading first.</summary>
    /// <param name="width">Columns of the screen.</param>
    /// <param name="heads">Headings, the most important first.</param>
    /// <param name="flexible">Which column is cut where there is no room.</param>
    /// <param name="rows">Others' words among them: made harmless here.</param>
    public static IReadOnlyList<string> Lines(int width, IReadOnlyList<string> heads, int flexible, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var cells = rows.Select(row => row.Select(Plain).ToList()).Prepend([.. heads]).ToList();
        var count = heads.Count;
        while (true)
        {
            var widths = Enumerable.Range(0, count).Select(column => cells.Max(row => row[column].Length)).ToList();
            var over = widths.Sum() + Gap.Length * (count - 1) - width;
            var gives = over > 0 && flexible < count && widths[flexible] - over >= Math.Min(Least, widths[flexible]);
            if (over > 0 && !gives && count > 1)
            {
                count--;
                continue;
            }

            if (gives)
                widths[flexible] -= over;
            return [.. cells.Select(row => string.Join(Gap, Enumerable.Range(0, count).Select(column => Fit(row[column], widths[column]))).TrimEnd())];
        }
    }

    /// <summary>One line without control characters and what hides or reorders text.</summary>
    public static string Plain(string text) => Text.Clean(text).ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Fit(string text, int width) => text.Length <= width ? text.PadRight(width) : width < 2 ? text[..width] : string.Concat(text.AsSpan(0, width - 1), "…");
}
