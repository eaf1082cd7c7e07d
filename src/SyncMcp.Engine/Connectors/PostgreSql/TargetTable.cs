using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The destination table as it is or was made, and which of the source's columns go into it.</summary>
internal sealed class TargetTable
{
    private TargetTable(TableShape shape, IReadOnlyList<ColumnShape> columns, IReadOnlyList<int> carried, IReadOnlyList<string> key) =>
        (Shape, Columns, CarriedColumns, Key) = (shape, columns, carried, key);

    public TableShape Shape { get; }

    public string Name => Shape.Name;

    /// <summary>With its schema, in quotes.</summary>
    public string Qualified => SourceSql.Qualified(Shape);

    /// <summary>Columns written, in the order of <see cref="CarriedColumns"/>.</summary>
    public IReadOnlyList<ColumnShape> Columns { get; }

    /// <summary>Their places in the source's batch.</summary>
    public IReadOnlyList<int> CarriedColumns { get; }

    /// <summary>Names of the key as the table has them; empty where the content is replaced.</summary>
    public IReadOnlyList<string> Key { get; }

    /// <summary>Rows can go straight into it: the server needs to convert no value.</summary>
    public bool TakesWires => Columns.All(column => column.Wire != Wire.Cast);

    public static string Quote(string name) => SqlDialect.PostgreSql.Name(name);

    /// <summary>Lays the source's columns on the table's. Columns that the server computes are left out.</summary>
    public static TargetTable Of(TableShape table, SourceShape source, IReadOnlyList<int> carried)
    {
        var places = carried.Where(index => !table.Find(source.Columns[index].Name)!.IsComputed).ToList();
        return new(table, [.. places.Select(index => table.Find(source.Columns[index].Name)!)], places, [.. source.Key.Select(name => table.Find(name)?.Name ?? name)]);
    }
}
