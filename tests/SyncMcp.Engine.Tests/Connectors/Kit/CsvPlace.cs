using System.Text;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>A folder of CSV files, written and read here by the plainest means: nulls empty, everything else in quotes.</summary>
public sealed class CsvPlace(Lab lab, string folder) : KitPlace
{
    private readonly string path = Directory.CreateDirectory(Path.Combine(lab.Files, folder)).FullName;

    public override ResolvedConnection Connection => new("CSV", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["URI"] = folder }, lab.Roots);

    public override bool IsTyped => true;

    public override bool KnowsKeys => false;

    public override bool KnowsTypes => false;

    public override bool Resumes => false;

    public override string SourceName(KitTable table) => table.Name + ".csv";

    public override void Make(KitTable table) => Write(table.Name, [.. table.Columns.Select(column => column.Name)], table.Rows);

    public override void Put(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        var (names, there) = Read(table.Name);
        string Key(string?[] row) => string.Join('\0', table.Key.Select(name => row[names.IndexOf(name)]));
        // Rows come with the columns that the test knows.
        var wide = rows.Select(row => names.Select(name => table.Columns.ToList().FindIndex(column => column.Name == name) is >= 0 and var place ? row[place] : null).ToArray()).ToList();
        var keys = wide.Select(Key).ToHashSet(StringComparer.Ordinal);
        Write(table.Name, names, [.. table.Key.Count == 0 ? there : there.Where(row => !keys.Contains(Key(row))), .. wide]);
    }

    public override void Delete(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        var (names, there) = Read(table.Name);
        string Key(string?[] row) => string.Join('\0', table.Key.Select(name => row[names.IndexOf(name)]));
        var gone = rows.Select(row => string.Join('\0', table.KeyPlaces.Select(place => row[place]))).ToHashSet(StringComparer.Ordinal);
        Write(table.Name, names, [.. there.Where(row => !gone.Contains(Key(row)))]);
    }

    public override void AddColumn(KitTable table, KitColumn column)
    {
        var (names, rows) = Read(table.Name);
        Write(table.Name, [.. names, column.Name], [.. rows.Select(row => row.Append(null).ToArray())]);
    }

    public override void DropColumn(KitTable table, string column)
    {
        var (names, rows) = Read(table.Name);
        var place = names.IndexOf(column);
        Write(table.Name, [.. names.Where((_, i) => i != place)], [.. rows.Select(row => row.Where((_, i) => i != place).ToArray())]);
    }

    public override IReadOnlyList<string?[]> Rows(KitTable table)
    {
        if (!File.Exists(PathOf(table.Name)))
            return [];
        var (names, rows) = Read(table.Name);
        return [.. rows.Select(row => table.Columns.Select(column => Spelled(column.Type, row[names.IndexOf(column.Name)])).ToArray())];
    }

    private static string? Spelled(LogicalType type, string? text) => type.Kind == LogicalKind.Boolean && text is "true" or "false" ? text == "true" ? "1" : "0" : text;

    private string PathOf(string table) => Path.Combine(path, table + ".csv");

    private void Write(string table, IReadOnlyList<string> names, IReadOnlyList<string?[]> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend([.. names]))
            text.AppendJoin(',', row.Select(value => value is null ? "" : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
        // As editors do: another file takes the old one's place.
        File.WriteAllText(PathOf(table) + ".new", text.ToString());
        File.Move(PathOf(table) + ".new", PathOf(table), overwrite: true);
    }

    private (List<string> Names, List<string?[]> Rows) Read(string table)
    {
        var text = File.ReadAllText(PathOf(table));
        var rows = new List<string?[]>();
        var row = new List<string?>();
        for (var at = 0; at < text.Length;)
        {
            string? value = null;
            if (text[at] == '"')
            {
                var quoted = new StringBuilder();
                for (at++; at < text.Length && (text[at] != '"' || (at + 1 < text.Length && text[at + 1] == '"')); at++)
                {
                    quoted.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }

                at++;
                value = quoted.ToString();
            }
            else
            {
                var end = text.AsSpan(at).IndexOfAny(',', '\r', '\n');
                var bare = end < 0 ? text[at..] : text.Substring(at, end);
                value = bare.Length == 0 ? null : bare;
                at += bare.Length;
            }

            row.Add(value);
            if (at < text.Length && text[at] == ',')
            {
                at++;
                // A null at the end of the last line.
                if (at == text.Length)
                    row.Add(null);
                else if (text[at] is not ('\r' or '\n'))
                    continue;
                else
                    row.Add(null);
            }

            at += at < text.Length && text[at] == '\r' ? 1 : 0;
            at += at < text.Length && text[at] == '\n' ? 1 : 0;
            rows.Add([.. row]);
            row.Clear();
        }

        return ([.. rows[0].Select(name => name!)], rows[1..]);
    }
}
