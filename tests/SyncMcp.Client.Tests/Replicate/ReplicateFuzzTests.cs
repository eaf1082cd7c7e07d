using CsCheck;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Client.Tests.Replicate;

public sealed class ReplicateFuzzTests
{
    private static readonly string[] Pieces =
    [
        "REPLICATE ", "CHECKCACHE ", "AGAINST ", "REPAIR ", "SKIP DELETED ", "START ", "[D] ", "D ", "SELECT ", "* ", "a ", "\"b\"\"\" ", "AS ", ", ", "FROM ", "S ", "WHERE ", "( ", ") ", "AND ", "OR ", "NOT ", "IS ", "NULL ", "IN ", "BETWEEN ", "LIKE ", "'x' ", "'",
        "1 ", "-2.5e3 ", "= ", "<> ", "+ ", "- ", "|| ", "UPPER( ", "CASE ", "WHEN ", "THEN ", "END ", "CAST( ", "TEXT ", "WITH ", "DropTable ", "PRIMARY ", "KEY ", "INTEGER ", "; ", "]", "\0", "é ", "\ud800",
    ];

    private static readonly Gen<string> Name = Gen.String[Gen.Char["ab]\"`'.é\u4e2d -"], 1, 6];

    private static readonly Gen<Expression> Leaf = Gen.OneOf(
        Name.Select(name => (Expression)new Expression.Column(name)),
        Gen.Long.Select(value => (Expression)new Expression.Number(value.ToString(System.Globalization.CultureInfo.InvariantCulture))),
        Gen.String[Gen.Char["a'\"\\%_é\n"], 0, 8].Select(value => (Expression)new Expression.Text(value)),
        Gen.OneOf<Expression>(new Expression.Constant("NULL"), new Expression.Constant("TRUE"), new Expression.Blob("00ff"), new Expression.Number("1.5e-3")));

    private static readonly Gen<Expression> Tree = Gen.Recursive<Expression>((depth, inner) => depth > 4 ? Leaf : Gen.OneOf(
        Leaf,
        Gen.Select(Gen.OneOf("AND", "OR", "=", "<>", "<", ">=", "+", "-", "*", "/", "%", "||"), inner, inner).Select(t => (Expression)new Expression.Binary(t.Item1, t.Item2, t.Item3)),
        inner.Select(operand => (Expression)new Expression.Unary("NOT", operand)),
        Gen.Select(inner, Gen.Bool).Select(t => (Expression)new Expression.IsNull(t.Item1, t.Item2)),
        Gen.Select(inner, inner.List[1, 3], Gen.Bool).Select(t => (Expression)new Expression.In(t.Item1, t.Item2, t.Item3)),
        Gen.Select(inner, inner, inner).Select(t => (Expression)new Expression.Between(t.Item1, t.Item2, t.Item3, Negated: false)),
        Gen.Select(inner, inner, Gen.Bool).Select(t => (Expression)new Expression.Like(t.Item1, t.Item2, "!", t.Item3)),
        inner.Select(argument => (Expression)new Expression.Call(SqlFunction.All["UPPER"], [argument])),
        inner.Select(value => (Expression)new Expression.Cast(value, "TEXT")),
        Gen.Select(inner, inner, inner).Select(t => (Expression)new Expression.Case([(t.Item1, t.Item2)], t.Item3))));

    [Fact]
    public void Whatever_is_typed_either_parses_or_points_at_a_place_inside_the_text() =>
        Gen.OneOf(Pieces).List[0, 25].Select(parts => string.Concat(parts)).Sample(text =>
        {
            try
            {
                var statement = ReplicateStatement.Parse(text);
                Assert.Equal(statement.ToString(), ReplicateStatement.Parse(statement.ToString()).ToString());
            }
            catch (ReplicateSyntaxException error)
            {
                Assert.InRange(error.Position, 0, text.Length);
            }
        }, iter: 20_000);

    [Fact]
    public void Every_expression_reads_back_as_it_was_rendered() =>
        Gen.Select(Tree, Name).Sample((where, table) =>
        {
            var statement = new ReplicateStatement { DestinationTable = table, SourceTable = table + "2", Where = where };
            Assert.Equal(statement.ToString(), ReplicateStatement.Parse(statement.ToString()).ToString());
        }, iter: 2_000);
}
