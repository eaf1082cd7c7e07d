namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The statements that write a destination table.</summary>
internal sealed class TargetSql(TargetTable table)
{
    public const string Stage = "temp._syncmcp_stage";

    private readonly string name = TargetTable.Qualified(table.Name);
    private readonly string columns = string.Join(", ", table.Columns.Select(column => TargetTable.Quote(column.Name)));

    /// <summary>One row by parameters.</summary>
    public string Upsert => $"INSERT INTO {name} AS old({columns}) VALUES ({Parameters(table.Columns.Count)}) {OnConflict}";

    /// <summary>Many rows by a query over the same columns.</summary>
    public string UpsertFrom(string query) => $"INSERT INTO {name} AS old({columns}) {query} {OnConflict}";

    /// <summary>A table beside the destination's own that holds the new content; its columns change values as the destination's do.</summary>
    public string MakeStage => $"CREATE TABLE {Stage}(pos INTEGER PRIMARY KEY{string.Concat(table.Columns.Select((column, i) => $", c{i} {(table.Strict && IsAny(column) ? "" : column.Type)}"))})";

    public static string DropStage => $"DROP TABLE IF EXISTS {Stage}";

    /// <summary>One row by parameters: its number or null, then its values.</summary>
    public string StageRow => $"INSERT INTO {Stage} VALUES ({Parameters(table.Columns.Count + 1)})";

    /// <summary>Many rows by a query over the row number (where the source has one) and the columns.</summary>
    public string StageFrom(string query, bool numbered) => $"INSERT INTO {Stage}({(numbered ? "pos, " : "")}{string.Join(", ", table.Columns.Select((_, i) => $"c{i}"))}) {query}";

    /// <summary>Deletes rows that are not in the new content as they are.</summary>
    public string DeleteStale => table.RowNumberName is { } number
        ? $"DELETE FROM {name} AS old WHERE NOT EXISTS (SELECT 1 FROM {Stage} AS new WHERE new.pos = old.{number}{string.Concat(table.Columns.Select((column, i) => $" AND NOT ({Differs(column, $"new.c{i}")})"))})"
        : $"DELETE FROM {name}";

    /// <summary>Inserts the rows that are not there; rows that the table refuses stay behind.</summary>
    public string InsertMissing => table.RowNumberName is { } number
        ? $"INSERT OR IGNORE INTO {name}({number}, {columns}) SELECT * FROM {Stage} AS new WHERE NOT EXISTS (SELECT 1 FROM {name} AS old WHERE old.{number} = new.pos) ORDER BY pos"
        : $"INSERT OR IGNORE INTO {name}({columns}) SELECT {string.Join(", ", table.Columns.Select((_, i) => $"c{i}"))} FROM {Stage} ORDER BY pos";

    /// <summary>The staged rows that are not in the table.</summary>
    public string LeftBehind => table.RowNumberName is { } number
        ? $"SELECT * FROM {Stage} AS new WHERE NOT EXISTS (SELECT 1 FROM {name} AS old WHERE old.{number} = new.pos) ORDER BY pos"
        : $"SELECT * FROM {Stage} WHERE 0";

    /// <summary>One staged row as it is, to learn why the table refuses it.</summary>
    public string InsertOne => $"INSERT INTO {name}({columns}) SELECT {string.Join(", ", table.Columns.Select((_, i) => $"c{i}"))} FROM {Stage} WHERE pos = ?1";

    private string OnConflict
    {
        get
        {
            var changing = table.Columns.Where(column => !IsKey(column) || MayDifferWhereEqual(column)).ToList();
            var target = $"ON CONFLICT({string.Join(", ", table.Key.Select(TargetTable.Quote))})";
            return changing.Count == 0
                ? $"{target} DO NOTHING"
                : $"{target} DO UPDATE SET {string.Join(", ", changing.Select(column => $"{TargetTable.Quote(column.Name)} = excluded.{TargetTable.Quote(column.Name)}"))} WHERE {string.Join(" OR ", changing.Select(column => Differs(column, "excluded." + TargetTable.Quote(column.Name))))}";
        }
    }

    private bool IsKey(ColumnShape column) => table.Key.Contains(column.Name, StringComparer.OrdinalIgnoreCase);

    // IS compares by the column's collation, and 1 with 1.0 as equal: a row that differs only there has changed all the same.
    private static string Differs(ColumnShape column, string value)
    {
        var old = "old." + TargetTable.Quote(column.Name);
        var differs = $"{old}{(column.Collation == "BINARY" ? "" : " COLLATE BINARY")} IS NOT {value}";
        return column.HoldsBothNumbers ? $"({differs} OR typeof({old}) <> typeof({value}))" : differs;
    }

    // Writing a key column anew costs its index; where the column's type turns 1.0 into 1 there is nothing to write.
    private static bool MayDifferWhereEqual(ColumnShape column) => column.KeyCollation != "BINARY" || column.Collation != "BINARY" || column.KeepsValuesAsTheyAre || IsAny(column);

    private static bool IsAny(ColumnShape column) => column.Type.Equals("ANY", StringComparison.OrdinalIgnoreCase);

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => $"?{i}"));
}
