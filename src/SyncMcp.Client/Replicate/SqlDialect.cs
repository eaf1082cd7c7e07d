using System.Text;

namespace SyncMcp.Client.Replicate;

/// <summary>How one kind of source spells names and expressions.</summary>
public sealed class SqlDialect
{
    private readonly char open;
    private readonly char close;

    private readonly bool isPostgreSql;

    private SqlDialect(char open, char close, bool isPostgreSql = false) => (this.open, this.close, this.isPostgreSql) = (open, close, isPostgreSql);

    /// <summary>The spelling of REPLICATE statements themselves.</summary>
    public static SqlDialect Replicate { get; } = new('[', ']');

    /// <summary>SQLite; also right for other engines with double quotes around names and SQL-92 expressions.</summary>
    public static SqlDialect Sqlite { get; } = new('"', '"');

    /// <summary>
    /// PostgreSQL, so that an expression means there what it means in SQLite: LIKE looks at neither backslashes nor the case of ASCII letters, UPPER and LOWER change these alone, ROUND goes away from zero and takes digits of any number, CAST to INTEGER cuts the fraction off.
    /// </summary>
    public static SqlDialect PostgreSql { get; } = new('"', '"', isPostgreSql: true);

    /// <summary>A name in quotes.</summary>
    public string Name(string name) => $"{open}{name.Replace(close.ToString(), new string(close, 2), StringComparison.Ordinal)}{close}";

    /// <summary>A text in quotes.</summary>
    public static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>An expression; every operation stands in parentheses, so that precedence cannot differ.</summary>
    public string Render(Expression expression)
    {
        var sql = new StringBuilder();
        Write(sql, expression);
        return sql.ToString();
    }

    private void Write(StringBuilder sql, Expression expression)
    {
        switch (expression)
        {
            case Expression.Column column:
                sql.Append(Name(column.Name));
                break;
            case Expression.Number number:
                sql.Append(number.Digits[0] == '-' ? $"({number.Digits})" : number.Digits);
                break;
            case Expression.Text text:
                sql.Append(Text(text.Value));
                break;
            case Expression.Blob blob:
                sql.Append(isPostgreSql ? $"'\\x{blob.Hex}'::bytea" : $"X'{blob.Hex}'");
                break;
            case Expression.Constant constant:
                sql.Append(constant.Word);
                break;
            case Expression.Unary unary:
                Write(sql, $"({unary.Operator} ", unary.Operand, ")");
                break;
            case Expression.Binary binary:
                Write(sql, "(", binary.Left, $" {binary.Operator} ");
                Write(sql, "", binary.Right, ")");
                break;
            case Expression.IsNull test:
                Write(sql, "(", test.Value, test.Negated ? " IS NOT NULL)" : " IS NULL)");
                break;
            case Expression.In list:
                Write(sql, "(", list.Value, list.Negated ? " NOT IN (" : " IN (");
                WriteList(sql, list.Items);
                sql.Append("))");
                break;
            case Expression.Between range:
                Write(sql, "(", range.Value, range.Negated ? " NOT BETWEEN " : " BETWEEN ");
                Write(sql, "", range.Low, " AND ");
                Write(sql, "", range.High, ")");
                break;
            case Expression.Like like:
                // By the bytes' collation letters beyond ASCII keep their case, as in SQLite.
                Write(sql, isPostgreSql ? "(CAST(" : "(", like.Value, $"{(isPostgreSql ? " AS TEXT) COLLATE \"C\"" : "")} {(like.Negated ? "NOT " : "")}{(isPostgreSql ? "ILIKE" : "LIKE")} ");
                Write(sql, "", like.Pattern, like.Escape is null && !isPostgreSql ? ")" : $" ESCAPE {Text(like.Escape ?? "")})");
                break;
            case Expression.Call { Function.Name: "ROUND", Arguments: [var number, ..] } round when isPostgreSql:
                // Of a double it would round a half to the even number.
                Write(sql, "ROUND(CAST(", number, " AS NUMERIC)");
                if (round.Arguments.Count > 1)
                    Write(sql, ", ", round.Arguments[1], "");
                sql.Append(')');
                break;
            case Expression.Call { Function.Name: "UPPER" or "LOWER", Arguments: [var cased] } change when isPostgreSql:
                Write(sql, $"{change.Function.Name}(CAST(", cased, " AS TEXT) COLLATE \"C\")");
                break;
            case Expression.Call call:
                sql.Append(call.Function.Name).Append('(');
                WriteList(sql, call.Arguments);
                sql.Append(')');
                break;
            case Expression.Cast cast:
                var (before, after) = isPostgreSql ? PostgreSqlCast(cast.Type) : ("CAST(", $" AS {cast.Type})");
                Write(sql, before, cast.Value, after);
                break;
            case Expression.Case cases:
                sql.Append("CASE");
                foreach (var (when, then) in cases.Branches)
                {
                    Write(sql, " WHEN ", when, " THEN ");
                    Write(sql, "", then, "");
                }

                if (cases.Otherwise is not null)
                    Write(sql, " ELSE ", cases.Otherwise, "");
                sql.Append(" END");
                break;
            default:
                throw new InvalidOperationException($"no spelling for {expression.GetType().Name}");
        }
    }

    private static (string Before, string After) PostgreSqlCast(string type) => type switch
    {
        "INTEGER" => ("CAST(TRUNC(CAST(", " AS NUMERIC)) AS BIGINT)"),
        "REAL" => ("CAST(", " AS DOUBLE PRECISION)"),
        "BLOB" => ("CAST(", " AS BYTEA)"),
        _ => ("CAST(", $" AS {type})"),
    };

    private void Write(StringBuilder sql, string before, Expression inner, string after)
    {
        sql.Append(before);
        Write(sql, inner);
        sql.Append(after);
    }

    private void WriteList(StringBuilder sql, IReadOnlyList<Expression> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                sql.Append(", ");
            Write(sql, items[i]);
        }
    }
}
