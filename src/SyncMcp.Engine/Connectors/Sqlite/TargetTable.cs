using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The destination table as it is or will be made, and which of the source's columns go into it.</summary>
internal sealed class TargetTable
{
    private TargetTable(TableShape shape, IReadOnlyList<ColumnShape> columns, IReadOnlyList<int> carried, IReadOnlyList<string> key) =>
        (Name, Strict, Columns, CarriedColumns, Key, RowNumberName) = (shape.Name, shape.Strict, columns, carried, key, shape.WithoutRowid || shape.HasIntegerKey ? null : RowNumber.NameIn(shape));

    public string Name { get; }

    public bool Strict { get; }

    /// <summary>Columns written, in the order of <see cref="CarriedColumns"/>.</summary>
    public IReadOnlyList<ColumnShape> Columns { get; }

    /// <summary>Their places in the source's batch.</summary>
    public IReadOnlyList<int> CarriedColumns { get; }

    /// <summary>Key of the upsert; empty where the content is replaced.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Name of the row number that pairs old rows with new ones where the content is replaced; null when there is none.</summary>
    public string? RowNumberName { get; }

    public static string Quote(string name) => SqlDialect.Sqlite.Name(name);

    public static string Qualified(string table) => "main." + Quote(table);

    /// <summary>Lays the source's columns on the table's.</summary>
    public static TargetTable Of(TableShape table, SourceShape source, IReadOnlyList<int> carried)
    {
        var columns = carried.Select(index => table.Find(source.Columns[index].Name)!).ToList();
        return new(table, columns, carried, source.Key);
    }

    /// <summary>True when the table keeps rows with equal values in these columns apart.</summary>
    public static bool HasUnique(Database database, TableShape table, IReadOnlyList<string> key)
    {
        if (Same(table.Key.Select(column => column.Name), key))
            return true;
        using var indexes = database.Prepare("SELECT name FROM pragma_index_list(?1, 'main') WHERE \"unique\" = 1 AND partial = 0");
        indexes.Bind(1, table.Name);
        while (indexes.Step())
        {
            var columns = new List<string>();
            using var parts = database.Prepare("SELECT name FROM pragma_index_info(?1, 'main')");
            parts.Bind(1, indexes.Text(0));
            while (parts.Step())
                columns.Add(parts.IsNull(0) ? "" : parts.Text(0));
            if (Same(columns, key))
                return true;
        }

        return false;
    }

    private static bool Same(IEnumerable<string> some, IReadOnlyList<string> others) => some.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(others);
}
