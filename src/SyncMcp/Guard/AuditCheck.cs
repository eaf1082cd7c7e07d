using System.Text.Json.Nodes;

namespace SyncMcp.Guard;

/// <summary>Something that is wrong with the log, and where.</summary>
/// <param name="Kind"><c>unreadable</c>, <c>edited</c>, <c>removed</c>, <c>reordered</c>, <c>repeated</c>, <c>forked</c>, <c>truncated</c> or <c>replaced</c>.</param>
/// <param name="Line">Line of the file, from 1; the one behind the last where the end is missing.</param>
/// <param name="Entry">Number of the entry that it is about.</param>
/// <param name="Text">In words.</param>
internal sealed record AuditTrouble(string Kind, int Line, long Entry, string Text)
{
    public JsonObject ToJson() => new() { ["kind"] = Kind, ["line"] = Line, ["entry"] = Entry, ["text"] = Text };
}

/// <summary>
/// Follows the chain of the log: every line names the MAC of the one before it, so that each way of tampering leaves another trace. An edit breaks the line's own
/// MAC; a line taken out leaves a gap in the numbers; a line put elsewhere follows one that is not before it; two programs that wrote without knowing of each other
/// leave two lines that follow the same one; a cut end lacks what the head counted.
/// </summary>
internal sealed class AuditCheck(Func<JsonObject, bool> isSealed, string first)
{
    private sealed record Entry(int Line, long Number, string Previous, string Mac, bool IsSealed, JsonObject Body);

    private readonly List<AuditTrouble> trouble = [];

    /// <summary>Checks all lines against the head that was counted.</summary>
    public (IReadOnlyList<JsonObject> Lines, IReadOnlyList<AuditTrouble> Trouble) Run(IEnumerable<string> lines, long headNumber, string headMac)
    {
        var entries = Read(lines);
        var numbers = entries.Select(entry => entry.Number).ToHashSet();
        var byMac = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var followed = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var (last, mac) = (0L, first);
        foreach (var entry in entries)
        {
            if (!entry.IsSealed)
                Add("edited", entry, $"line {entry.Line} was changed: entry {entry.Number} is not as it was written");
            if (byMac.TryGetValue(entry.Mac, out var same))
            {
                Add("repeated", entry, $"line {entry.Line} repeats entry {entry.Number} of line {same.Line}");
                continue;
            }

            if (entry.Previous != mac || entry.Number != last + 1)
                Place(entry, last, numbers, byMac, followed);
            followed.TryAdd(entry.Previous, entry);
            byMac.Add(entry.Mac, entry);
            (last, mac) = (entry.Number, entry.Mac);
        }

        End(entries, headNumber, headMac, byMac.ContainsKey(headMac));
        return ([.. entries.Select(entry => entry.Body)], [.. trouble.OrderBy(one => one.Line)]);
    }

    // It does not follow the line above it. What it does follow tells why.
    private void Place(Entry entry, long last, HashSet<long> numbers, Dictionary<string, Entry> byMac, Dictionary<string, Entry> followed)
    {
        if (followed.TryGetValue(entry.Previous, out var other))
        {
            Add("forked", entry, $"lines {other.Line} and {entry.Line} both follow entry {entry.Number - 1}: two programs wrote without knowing of each other, or an older log was put back and went on");
            return;
        }

        var missing = Range(last + 1, entry.Number - 1).Where(number => !numbers.Contains(number)).ToList();
        if (missing.Count > 0)
            Add("removed", entry, $"{Entries(missing)} missing before line {entry.Line}");
        else if (entry.Number <= last || entry.Number > last + 1)
            Add("reordered", entry, $"line {entry.Line} is out of order: entry {entry.Number} stands after entry {last}");
        else if (!byMac.ContainsKey(entry.Previous) && entry.IsSealed)
            Add("replaced", entry, $"line {entry.Line} does not follow the one before it: entry {last} is not the one that entry {entry.Number} was written after");
    }

    private void End(List<Entry> entries, long headNumber, string headMac, bool hasHead)
    {
        var most = entries.Count == 0 ? 0 : entries.Max(entry => entry.Number);
        var line = (entries.Count == 0 ? 0 : entries[^1].Line) + 1;
        if (most < headNumber)
            trouble.Add(new("truncated", line, most + 1, $"{Entries([.. Range(most + 1, headNumber)])} missing at the end"));
        else if (headNumber > 0 && !hasHead)
            trouble.Add(new("replaced", line - 1, headNumber, $"entry {headNumber} is not the one that was counted: an older log was put back, or another program's took its place"));
    }

    private List<Entry> Read(IEnumerable<string> lines)
    {
        var entries = new List<Entry>();
        var at = 0;
        foreach (var text in lines)
        {
            at++;
            if (AuditLog.Parse(text) is { } line)
                entries.Add(new(at, (long)line["n"]!, line["prev"]?.ToString() ?? "", line["mac"]!.ToString(), isSealed(line), line));
            else
                trouble.Add(new("unreadable", at, 0, $"line {at} is no entry"));
        }

        return entries;
    }

    private void Add(string kind, Entry entry, string text) => trouble.Add(new(kind, entry.Line, entry.Number, text));

    private static string Entries(List<long> numbers) =>
        numbers.Count == 1 ? $"entry {numbers[0]} is" : $"entries {numbers[0]} to {numbers[^1]} are";

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var number = from; number <= to; number++)
            yield return number;
    }
}
