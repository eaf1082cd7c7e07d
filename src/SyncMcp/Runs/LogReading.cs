using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Filters;
using SyncMcp.Redaction;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>The lines of a log, wherever it lies: numbered, each with its time and level where they are known, blocks of keys masked.</summary>
/// <param name="Lines">As get_run_log gives them: line, at, level, text.</param>
/// <param name="IsWhole">The log ends there; else it is longer than anybody reads.</param>
internal sealed record LogReading(IReadOnlyList<JsonObject> Lines, bool IsWhole)
{
    private const int PageSize = 1000;
    private const int MostLines = 50_000;

    private static readonly string[] Levels = ["Error", "Warning", "Warn", "Info", "Transfer", "Verbose", "Debug", "Fatal"];

    /// <summary>The log of a run; embedded engine only.</summary>
    public static async Task<LogReading> OfRunAsync(SyncClient client, ResourceArea area, string owner, string run, Action<string> says, CancellationToken ct)
    {
        var lines = new List<JsonObject>();
        var after = 0L;
        while (lines.Count < MostLines)
        {
            var page = (await client.SendAsync(area.Log, area.Log.Read(new() { [area.Id] = owner, ["history_id"] = run, ["after"] = after, ["tail"] = PageSize }), null, ct)).Body;
            var read = (page["lines"] as JsonArray)?.OfType<JsonObject>().Select(line => line.DeepClone().AsObject()).ToList() ?? [];
            lines.AddRange(read);
            if (read.Count < PageSize || SeenPart.Number(read[^1]["line"]) is not { } last || last <= after)
                return new(Masked(lines), true);
            after = last;
            says($"has read {lines.Count} lines");
        }

        return new(Masked(lines), false);
    }

    /// <summary>The text of a connection's log file.</summary>
    public static async Task<LogReading> OfConnectionAsync(SyncClient client, string connection, string file, CancellationToken ct)
    {
        var endpoint = ConnectionEndpoints.DownloadLog;
        var body = (await client.SendAsync(endpoint, endpoint.Read(new() { ["connection_id"] = connection, ["name"] = file }), null, ct)).Body;
        var all = (body["text"]?.ToString() ?? "").ReplaceLineEndings("\n").Split('\n');
        var count = all.Length > 0 && all[^1].Length == 0 ? all.Length - 1 : all.Length;
        var from = Math.Max(0, count - MostLines);
        return new(Masked([.. all.Take(count).Skip(from).Select((text, i) => Line(from + i + 1, text))]), from == 0);
    }

    /// <summary>When a line was written; null where it does not say.</summary>
    public static DateTimeOffset? At(JsonObject line) => line["at"] is { } at && DateTimeOffset.TryParse(
        at.ToString(), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>It tells of an error.</summary>
    public static bool IsError(JsonObject line)
    {
        var (level, text) = (line["level"]?.ToString(), line["text"]?.ToString() ?? "");
        if (level is "Error" or "Fatal")
            return true;
        return level is null && Errors.Fits(text); // without a level the words decide
    }

    private static readonly LinePattern Errors = new("error|exception|failed|fatal|refused|denied");

    // 2026-11-24T06:00:00.000Z Error text: as our engine and most servers write; other lines stay whole.
    private static JsonObject Line(int number, string text)
    {
        var line = new JsonObject { ["line"] = number };
        var rest = text;
        for (var words = 2; words >= 1; words--) // the time is one word, or a date and a time
        {
            var end = Position(text, words);
            if (Times.Read(text[..end].Trim('[', ']').Replace(',', '.')) is not { } time)
                continue;
            line["at"] = Times.Write(time);
            rest = text[end..].TrimStart();
            break;
        }

        var first = rest[..Position(rest, 1)].Trim('[', ']', ':');
        if (Levels.FirstOrDefault(level => level.Equals(first, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            line["level"] = known;
            rest = rest[Position(rest, 1)..].TrimStart(' ', ':', '-');
        }

        line["text"] = rest;
        return line;
    }

    private static int Position(string text, int words)
    {
        var at = 0;
        for (var word = 0; word < words; word++)
        {
            var next = text.IndexOf(' ', Math.Min(at + (word > 0 ? 1 : 0), text.Length));
            if (next < 0)
                return text.Length;
            at = next;
        }

        return at;
    }

    private static List<JsonObject> Masked(List<JsonObject> lines)
    {
        var array = new JsonArray([.. lines]);
        KeyBlocks.Mask(array);
        lines = [.. array.OfType<JsonObject>()];
        array.Clear();
        return lines;
    }
}
