using System.Globalization;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The queries over the rows of a statement. COPY takes no parameters: values stand in them as quoted texts, cast to their column's type.</summary>
internal sealed class SourceSql(SourceChoice choice, ColumnShape? check, SourceWish wish)
{
    private static readonly SqlDialect Dialect = SqlDialect.PostgreSql;

    /// <summary>The carried columns and the hidden ones of a range, without its limit: whoever reads stops there.</summary>
    public string Rows(RowRange range)
    {
        var columns = choice.Selected.Select((column, i) => Sent(Render(column.Value), choice.Shapes[i])).Concat(choice.Hidden.Select(column => Sent(Name(column), column)));
        var order = choice.Order.Count > 0 ? " ORDER BY " + string.Join(", ", choice.Order.Select(column => "_rows." + Name(column))) : "";
        // A bare name in ORDER BY means a column of the result first, and a cast of a column is called as the column is.
        return $"SELECT {string.Join(", ", columns)} FROM {Qualified(choice.Table)} AS _rows{Where(range)}{order}";
    }

    /// <summary>The key alone of the rows of a range.</summary>
    public string Keys(IReadOnlyList<int> places, RowRange range)
    {
        var columns = places.Select(place => Sent(Render(choice.Selected[place].Value), choice.Shapes[place]));
        return $"SELECT {string.Join(", ", columns)} FROM {Qualified(choice.Table)}{Where(range)}";
    }

    /// <summary>The check column's highest or lowest value, as text; what is no number or no time does not count.</summary>
    public string Mark(string function)
    {
        var name = Name(check!);
        var real = check!.Wire switch
        {
            // Texts of later years do not sort as the times do.
            Wire.Date or Wire.Timestamp or Wire.TimestampTz => $" WHERE {name} > '-infinity' AND {name} < '10000-01-01'",
            Wire.Numeric or Wire.Float4 or Wire.Float8 => $" WHERE {name} <> 'NaN'",
            _ => "",
        };
        return $"SELECT {function}({name}{(check.Wire == Wire.Text ? " COLLATE \"C\"" : "")})::text FROM {Qualified(choice.Table)}{real}";
    }

    public static string Qualified(TableShape table) => $"{Dialect.Name(table.Schema)}.{Dialect.Name(table.Name)}";

    public static string Name(ColumnShape column) => Dialect.Name(column.Name);

    /// <summary>An expression in the server's words.</summary>
    /// <exception cref="ReplicationException">Code <c>query_invalid</c>: it holds what no server takes.</exception>
    public static string Render(Expression expression)
    {
        var sql = Dialect.Render(expression);
        return sql.Contains('\0', StringComparison.Ordinal) ? throw new ReplicationException("query_invalid", "the query holds a zero character, which PostgreSQL does not take.") : sql;
    }

    /// <summary>A value as a literal of its column's type.</summary>
    public static string Literal(Cell value, ColumnShape column)
    {
        var text = value.Kind switch
        {
            CellKind.Blob => "\\x" + Convert.ToHexStringLower(value.Bytes!),
            // Our texts for booleans are numbers.
            CellKind.Integer when column.Wire == Wire.Bool => value.Integer == 1 ? "true" : "false",
            _ => value.ToString(),
        };
        return $"{SqlDialect.Text(text)}::{column.Type}";
    }

    private static string Sent(string expression, ColumnShape column) => column.Wire == Wire.Cast ? $"({expression})::text" : expression;

    private string Where(RowRange range)
    {
        var parts = new List<string>();
        if (choice.Statement.Where is { } where)
            parts.Add(Render(where));
        if (check is not null && range.Low is { } low)
            parts.Add(range.Below is null && !check.NotNull ? $"({Name(check)} >= {From(low, range.Exact)} OR {Name(check)} IS NULL)" : $"{Name(check)} >= {From(low, range.Exact)}");
        if (check is not null && range.Below is { } below)
            parts.Add($"{Name(check)}{Collated} < {Literal(Cell.Decode(below), check)}");
        if (range.After is { } after)
            parts.Add(Behind(Positions.Read(after)));
        return parts.Count == 0 ? "" : " WHERE " + string.Join(" AND ", parts);
    }

    private string Collated => check!.Wire == Wire.Text ? " COLLATE \"C\"" : "";

    /// <summary>Where a pass begins: rows may have been stamped before the last high mark and committed after it.</summary>
    private string From(string low, bool exact)
    {
        var mark = Cell.Decode(low);
        var overlap = exact ? TimeSpan.Zero : wish.Overlap;
        if (check!.Wire is not (Wire.Date or Wire.Timestamp or Wire.TimestampTz))
            return Literal(Marks.Earlier(mark, overlap), check) + Collated;
        return overlap == TimeSpan.Zero ? Literal(mark, check) : string.Create(CultureInfo.InvariantCulture, $"{Literal(mark, check)} - '{overlap.TotalSeconds} seconds'::interval");
    }

    private string Behind(IReadOnlyList<Cell> position)
    {
        var names = choice.Order.Select(Name).ToList();
        var values = position.Select((cell, i) => Literal(cell, choice.Order[i])).ToList();
        return names.Count == 1 ? $"{names[0]} > {values[0]}" : $"({string.Join(", ", names)}) > ({string.Join(", ", values)})";
    }
}
