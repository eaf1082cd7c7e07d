using SyncMcp.Client;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>What is read of a file: columns, key, and why.</summary>
internal sealed class CsvChoice
{
    private readonly List<string> notes = [];

    public CsvChoice(CsvTable table, ReplicateStatement statement, Func<string, string?>? suggested)
    {
        var names = statement.Columns ?? [.. table.Columns.Select(name => new SelectedColumn(new Expression.Column(name), name))];
        Places = [.. names.Select(column => Find(table, column.SourceColumn!))];
        Columns = [.. names.Select(column => new SourceColumn(column.Name, "text", NotNull: false, "BINARY") { Logical = LogicalType.Text })];
        Key = [.. statement.PrimaryKey.Select(name => Columns.FirstOrDefault(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
            ?? throw new ReplicationException("column_missing", $"PRIMARY KEY names \"{name}\", which the task does not carry.{Nearest.Hint(name, [.. Columns.Select(column => column.Name)], '"')}"))];
        KeyPlaces = [.. Key.Select(name => Columns.ToList().FindIndex(column => column.Name == name))];
        if (Key.Count == 0)
            notes.Add($"The file has no key: every run reads all rows and replaces the content. Name one to merge rows by: REPLICATE [{statement.DestinationTable}] (PRIMARY KEY([…])) SELECT * FROM [{statement.SourceTable}].");
        if (suggested is not null)
            Suggested = name => suggested(table.Columns[Places[Columns.ToList().FindIndex(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))]]);
    }

    /// <summary>For each carried column, its place in the file.</summary>
    public IReadOnlyList<int> Places { get; }

    public IReadOnlyList<SourceColumn> Columns { get; }

    /// <summary>Names at the destination; empty for none.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Places of the key among the carried columns.</summary>
    public IReadOnlyList<int> KeyPlaces { get; }

    /// <summary>The type that all values of a carried column have; null where types are not looked for.</summary>
    public Func<string, string?>? Suggested { get; }

    public IReadOnlyList<string> Notes => notes;

    /// <summary>The place of a column in the file.</summary>
    public static int Find(CsvTable table, string name)
    {
        var place = table.Columns.ToList().FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return place >= 0 ? place : throw new ReplicationException(
            "column_missing", $"{table.File.Path} has no column \"{name}\".{Nearest.Hint(name, table.Columns, '"')} Put it back into the file, or change the task's query.");
    }
}
