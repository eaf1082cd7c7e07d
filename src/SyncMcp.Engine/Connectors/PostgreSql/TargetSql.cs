namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The statements that write a destination table.</summary>
internal sealed class TargetSql(TargetTable table)
{
    public const string Stage = "pg_temp._syncmcp_stage";
    public const string Numbered = "pg_temp._syncmcp_numbered";

    private readonly string columns = string.Join(", ", table.Columns.Select(SourceSql.Name));

    /// <summary>The table with the columns that are written, as COPY takes it.</summary>
    public string Target => $"{table.Qualified}({columns})";

    /// <summary>Rows of one transaction, before they go into the table. Bounds of types are the table's business; what the server has to convert lies here as text.</summary>
    public string MakeStage => $"CREATE TEMPORARY TABLE _syncmcp_stage({string.Join(", ", table.Columns.Select((column, i) => $"c{i} {Plain(column)}"))}) ON COMMIT DELETE ROWS";

    /// <summary>The staged rows with numbers, in their order, to find the one that is refused.</summary>
    public static string Number(string from) => $"CREATE TEMPORARY TABLE _syncmcp_numbered ON COMMIT DROP AS SELECT row_number() OVER () AS pos, s.* FROM {from} AS s";

    /// <summary>Inserts the staged rows, or those between two numbers ($1 and $2); with a key, rows that are there are changed where they differ.</summary>
    public string Insert(bool numbered) => $"INSERT INTO {table.Qualified} AS old({columns}) OVERRIDING SYSTEM VALUE SELECT {Values} FROM {(numbered ? Range : Stage)}{OnConflict}";

    /// <summary>The values of one numbered row as texts.</summary>
    public string One => $"SELECT {string.Join(", ", table.Columns.Select((_, i) => $"c{i}::text"))} FROM {Numbered} WHERE pos = $1";

    /// <summary>Deletes rows that are not in the new content as they are. Rows are compared by their texts, alike ones by their count.</summary>
    public string DeleteStale => $"""
        DELETE FROM {table.Qualified} AS gone USING (
          SELECT old.part, old.place FROM ({Counted($"SELECT tableoid AS part, ctid AS place, ROW({columns})::text AS line FROM {table.Qualified}", "part, place, ")}) AS old
          WHERE NOT EXISTS (SELECT 1 FROM ({Counted($"SELECT ROW({Values})::text AS line FROM {Stage}", "")}) AS new WHERE new.line = old.line AND new.n = old.n)) AS stale
        WHERE gone.tableoid = stale.part AND gone.ctid = stale.place
        """;

    /// <summary>The staged rows that are not in the table.</summary>
    public string Missing => $"""
        (SELECT s.* FROM {Stage} AS s JOIN ({Counted($"SELECT ctid AS place, ROW({Values})::text AS line FROM {Stage}", "place, ")}) AS new ON s.ctid = new.place
          WHERE NOT EXISTS (SELECT 1 FROM ({Counted($"SELECT ROW({columns})::text AS line FROM {table.Qualified}", "")}) AS old WHERE old.line = new.line AND old.n = new.n))
        """;

    /// <summary>The type of a column without its bounds.</summary>
    public static string Plain(ColumnShape column) => column.Wire switch
    {
        Wire.Cast or Wire.Text => "text",
        Wire.Numeric => "numeric",
        Wire.Time => "time",
        Wire.Timestamp => "timestamp",
        Wire.TimestampTz => "timestamptz",
        _ => column.Type,
    };

    private string Values => string.Join(", ", table.Columns.Select((column, i) => $"c{i}::{column.Type}"));

    // Of rows with one key the last counts, as if they had been written one after the other.
    private string Range => table.Key.Count == 0 ? $"{Numbered} WHERE pos BETWEEN $1 AND $2"
        : $"(SELECT DISTINCT ON ({KeyCells}) * FROM {Numbered} WHERE pos BETWEEN $1 AND $2 ORDER BY {KeyCells}, pos DESC) AS s";

    private string KeyCells => string.Join(", ", table.Key.Select(name => $"c{table.Columns.TakeWhile(column => column.Name != name).Count()}"));

    private string OnConflict
    {
        get
        {
            if (table.Key.Count == 0)
                return "";
            var changing = table.Columns.Where(column => !table.Key.Contains(column.Name)).ToList();
            var target = $" ON CONFLICT ({string.Join(", ", table.Key.Select(TargetTable.Quote))})";
            return changing.Count == 0
                ? $"{target} DO NOTHING"
                : $"{target} DO UPDATE SET {string.Join(", ", changing.Select(column => $"{SourceSql.Name(column)} = excluded.{SourceSql.Name(column)}"))} WHERE ({Compared("old", changing)}) IS DISTINCT FROM ({Compared("excluded", changing)})";
        }
    }

    private static string Compared(string row, IEnumerable<ColumnShape> columns) =>
        string.Join(", ", columns.Select(column => $"{row}.{SourceSql.Name(column)}{(WireTypes.HasEquality(column.Wire) ? "" : "::text")}"));

    private static string Counted(string lines, string more) => $"SELECT {more}line, row_number() OVER (PARTITION BY line) AS n FROM ({lines}) AS lines";
}
