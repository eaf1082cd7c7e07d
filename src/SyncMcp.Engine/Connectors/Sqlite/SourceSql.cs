using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>A query with the values of its parameters.</summary>
internal sealed record Query(string Sql, IReadOnlyList<Cell> Values);

/// <summary>The queries over the rows of a statement, for the source's own connection (schema main) and for one that has it attached (schema src).</summary>
internal sealed class SourceSql(SourceChoice choice, ColumnShape? check, SourceWish wish)
{
    private static readonly SqlDialect Dialect = SqlDialect.Sqlite;

    private readonly string columns = string.Join(", ", choice.Selected.Select(column => Dialect.Render(column.Value)).Concat(choice.Hidden));

    /// <summary>The carried columns and the hidden ones.</summary>
    public Query Rows(string schema, RowRange range, bool few) => Select(schema, columns, range, upTo: null, few, range.Limit is { } limit ? $" LIMIT {limit}" : "");

    /// <summary>Some of the carried columns up to a position, included; null for the end. The row number comes first where it is wanted.</summary>
    public Query Carried(string schema, RowRange range, IReadOnlyList<Cell>? upTo, bool few, IReadOnlyList<int> places, bool numbered)
    {
        var what = places.Select(place => Dialect.Render(choice.Selected[place].Value));
        return Select(schema, string.Join(", ", numbered ? what.Prepend(choice.Hidden[0]) : what), range, upTo, few, "");
    }

    /// <summary>The number of rows as far as the limit, and the position of the last of them where the key is one column.</summary>
    public Query Count(string schema, RowRange range, bool few)
    {
        var key = choice.Order is [var only] ? Ordered(only) : "1";
        var (rows, values) = Select(schema, $"{key} AS k", range, upTo: null, few, $" LIMIT {range.Limit ?? -1}");
        return new($"SELECT count(*), max(k) FROM ({rows})", values);
    }

    /// <summary>The position of the last row that the limit lets in.</summary>
    public Query Last(string schema, RowRange range, bool few) =>
        Select(schema, string.Join(", ", choice.Order.Select(Name)), range, upTo: null, few, $" LIMIT 1 OFFSET {range.Limit!.Value - 1}");

    /// <summary>One row for each row in the check column's range, as far as the limit.</summary>
    public Query Probe(string schema, RowRange range, int limit)
    {
        var (where, values) = Where(range with { After = null }, upTo: null, few: true);
        return new($"SELECT count(*) FROM (SELECT 1 FROM {Table(schema)} WHERE {where} LIMIT {limit})", values);
    }

    public string Table(string schema) => $"{schema}.{Dialect.Name(choice.Table.Name)}";

    public static string Name(ColumnShape column) => Dialect.Name(column.Name);

    private Query Select(string schema, string what, RowRange range, IReadOnlyList<Cell>? upTo, bool few, string limit)
    {
        var (where, values) = Where(range, upTo, few);
        return new($"SELECT {what} FROM {Table(schema)} WHERE {where}{OrderBy(few)}{limit}", values);
    }

    // WHERE always stands, since INSERT … SELECT … ON CONFLICT would else be read as a join.
    private (string Sql, IReadOnlyList<Cell> Values) Where(RowRange range, IReadOnlyList<Cell>? upTo, bool few)
    {
        var parts = new List<string>();
        var values = new List<Cell>();
        if (choice.Statement.Where is { } where)
            parts.Add(Dialect.Render(where));
        parts.AddRange(choice.NotNull.Select(column => $"{Name(column)} IS NOT NULL"));
        if (check is not null && (range.Low ?? range.Below) is not null)
        {
            // A plus keeps the index out: with many rows in range, the table's own order is the cheap way.
            var name = few ? Name(check) : "+" + Name(check);
            if (range.Low is { } low)
            {
                values.Add(Marks.Earlier(Cell.Decode(low), range.Exact ? TimeSpan.Zero : wish.Overlap));
                // No null where there can be none: SQLite would walk the whole table for it.
                parts.Add(range.Below is null && !check.NotNull ? $"({name} >= ?{values.Count} OR {name} IS NULL)" : $"{name} >= ?{values.Count}");
            }

            if (range.Below is { } below)
            {
                values.Add(Cell.Decode(below));
                parts.Add($"{name} < ?{values.Count}");
            }
        }

        if (range.After is { } after)
            parts.Add(Compare(">", Positions.Read(after), values, few));
        if (upTo is not null)
            parts.Add(Compare("<=", upTo, values, few));
        return (parts.Count == 0 ? "1" : string.Join(" AND ", parts), values);
    }

    private string Compare(string symbol, IReadOnlyList<Cell> position, List<Cell> values, bool few)
    {
        var names = choice.Order.Select(column => (few ? "+" : "") + Ordered(column)).ToList();
        var parameters = new List<string>();
        foreach (var cell in position)
        {
            values.Add(cell);
            parameters.Add("?" + values.Count);
        }

        return names.Count == 1 ? $"{names[0]} {symbol} {parameters[0]}" : $"({string.Join(", ", names)}) {symbol} ({string.Join(", ", parameters)})";
    }

    private string OrderBy(bool few)
    {
        if (choice.Order.Count > 0)
            return " ORDER BY " + string.Join(", ", choice.Order.Select(column => (few ? "+" : "") + Ordered(column)));
        return choice.Key.Count == 0 && choice.RowNumberName is { } number ? $" ORDER BY {number}" : "";
    }

    private static string Ordered(ColumnShape column) => column.KeyCollation == column.Collation ? Name(column) : $"{Name(column)} COLLATE {Dialect.Name(column.KeyCollation)}";
}
