using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;

namespace SyncMcp.Commands;

/// <summary>Calls of the audit log as text. Names in it are others' words, and terminals and spreadsheets obey some of them.</summary>
internal static class AuditText
{
    private const int Longest = 60;
    private static readonly string[] Columns = ["n", "at", "server", "who", "client", "tool", "tier", "via"];
    private static readonly System.Buffers.SearchValues<char> Formula = System.Buffers.SearchValues.Create("=+-@\t");

    /// <summary>First line of the table.</summary>
    public static string CsvHead { get; } = $"{string.Join(',', Columns)},thing,consent,took_ms,outcome,code,run,made";

    /// <summary>One line for a person.</summary>
    public static string Line(AuditEntry entry)
    {
        var via = entry.Text("via") is { Length: > 0 } tool ? $" by {Short(tool)}" : "";
        var thing = Thing(entry) is { Length: > 0 } name ? $" {Text.Quote(name)}" : "";
        var code = entry.Code is { } why ? $" ({Short(why)})" : "";
        var consent = entry.Consent is { } how ? $", confirmed: {Short(how)}" : "";
        return $"{entry.Number,5} {Short(entry.At)} {Short(entry.Tool)} [{Short(entry.Text("tier"))}]{thing}{via}: {Short(entry.Outcome)}{code}, {Short(entry.Who)}{consent}";
    }

    /// <summary>All of it.</summary>
    public static JsonObject Whole(AuditEntry entry)
    {
        var whole = entry.Meant.DeepClone().AsObject();
        foreach (var name in (string[])["prev", "mac"])
            whole.Remove(name);
        if (entry.End is { } end)
            whole["ended"] = new JsonObject { ["n"] = end["n"]?.DeepClone(), ["at"] = end["at"]?.DeepClone() };
        foreach (var name in (string[])["outcome", "code", "run", "made"])
        {
            if ((entry.End ?? entry.Meant)[name] is { } value)
                whole[name] = value.DeepClone();
        }

        whole["outcome"] ??= entry.Outcome;
        return whole;
    }

    /// <summary>One line of the table.</summary>
    public static string Csv(AuditEntry entry) => string.Join(',', Columns.Select(entry.Text)
        .Concat([Thing(entry), entry.Consent ?? "", entry.Meant["consent"]?["took_ms"]?.ToString() ?? "", entry.Outcome, entry.Code ?? "", entry.Run ?? "", entry.Made ?? ""]).Select(Cell));

    private static string Thing(AuditEntry entry) =>
        entry.Meant["before"]?["name"]?.ToString() ?? (entry.Meant["arguments"] as JsonObject)?["name"]?.ToString() ?? "";

    private static string Short(string text) => Text.Cut(Text.Clean(text).ReplaceLineEndings(" "), Longest);

    // A cell that begins like a formula is one for a spreadsheet.
    private static string Cell(string text)
    {
        var cell = Text.Clean(text).ReplaceLineEndings(" ");
        if (cell.Length > 0 && Formula.Contains(cell[0]))
            cell = $"'{cell}";
        return cell.AsSpan().ContainsAny(',', '"') || cell.StartsWith('\'') ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
    }
}
