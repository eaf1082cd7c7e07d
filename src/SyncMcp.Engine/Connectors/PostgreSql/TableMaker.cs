using System.Text;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The DDL of a destination table: types, NOT NULL and key. Defaults, checks, foreign keys and other indexes are the source's business.</summary>
internal static class TableMaker
{
    // The server cuts longer names without a word, and the next run would not find them.
    private const int MostNameBytes = 63;

    public static string Create(string schema, SourceShape source, TargetPlan plan, TargetTypes names)
    {
        var columns = source.Columns.Select(column => Column(column, names) + (column.NotNull || source.Key.Contains(column.Name) ? " NOT NULL" : "")).ToList();
        if (source.Key.Count > 0)
            columns.Add($"PRIMARY KEY({string.Join(", ", source.Key.Select(TargetTable.Quote))})");
        return $"CREATE TABLE {TargetTable.Quote(schema)}.{Name(plan.Table)}({string.Join(", ", columns)})";
    }

    /// <summary>Adds columns that are new at the source. Without NOT NULL: the rows that are there get their values in the transactions that follow.</summary>
    public static string Add(TableShape table, IEnumerable<SourceColumn> columns, TargetTypes names) =>
        $"ALTER TABLE {SourceSql.Qualified(table)} {string.Join(", ", columns.Select(column => "ADD COLUMN " + Column(column, names)))}";

    private static string Column(SourceColumn column, TargetTypes names) => $"{Name(column.Name)} {names.Declared(column)}";

    private static string Name(string name) => Encoding.UTF8.GetByteCount(name) <= MostNameBytes && !name.Contains('\0', StringComparison.Ordinal) ? TargetTable.Quote(name)
        : throw new ReplicationException("name_refused", $"\"{name}\" is longer than the {MostNameBytes} bytes that PostgreSQL takes for a name; give it another one in the task's query.");
}
