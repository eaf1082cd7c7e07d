using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>All SQL on the lines of run logs.</summary>
internal static class RunLogTable
{
    private const string Matches = @"FROM run_log WHERE run_id = @run AND (@pattern IS NULL OR lower(text) LIKE @pattern ESCAPE '\')";

    /// <summary>Number of the last line; 0 for an empty log.</summary>
    public static long Last(StoreSession session, string runId) =>
        session.One("SELECT coalesce(max(line), 0) FROM run_log WHERE run_id = @run", row => row.GetInt64(0), ("@run", runId));

    public static void Append(StoreSession session, string runId, RunLogLine line) => session.Execute(
        "INSERT INTO run_log (run_id, line, at, level, text) VALUES (@run, @line, @at, @level, @text)",
        ("@run", runId), ("@line", line.Line), ("@at", line.At), ("@level", line.Level), ("@text", line.Text));

    /// <summary>The last lines, or the first ones after a line; only those that contain a text where it is given.</summary>
    public static RunLog Read(StoreSession session, string runId, int limit, long? after, string? contains)
    {
        // As lower() in SQL does it: beyond ASCII it leaves letters as they are.
        var folded = contains is null ? null : string.Concat(contains.Select(letter => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter));
        var pattern = folded is null ? null : $"%{folded.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
        var total = session.One($"SELECT count(*) {Matches}", row => row.GetInt64(0), ("@run", runId), ("@pattern", pattern));
        var lines = session.Query(
            after is null ? $"SELECT line, at, level, text {Matches} ORDER BY line DESC LIMIT @limit" : $"SELECT line, at, level, text {Matches} AND line > @after ORDER BY line LIMIT @limit",
            row => new RunLogLine(row.GetInt64(0), row.Time(1)!.Value, row.GetString(2), row.GetString(3)),
            ("@run", runId), ("@pattern", pattern), ("@limit", limit), ("@after", after));
        if (after is null)
            lines.Reverse();
        return new RunLog { Total = total, Last = lines.Count > 0 ? lines[^1].Line : after ?? 0, Lines = lines };
    }
}
