using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Refuses to compare a text of a file with a number: as texts, 9 is greater than 10, and nobody means that.</summary>
internal static class TextComparison
{
    private static readonly string[] Operators = ["=", "<>", "<", "<=", ">", ">="];

    public static void Refuse(Expression value, IReadOnlySet<string> texts)
    {
        switch (value)
        {
            case Expression.Binary { Left: var left, Right: var right } binary:
                if (Operators.Contains(binary.Operator))
                    Pair(left, right);
                Refuse(left, texts);
                Refuse(right, texts);
                break;
            case Expression.Between between:
                Pair(between.Value, between.Low);
                Pair(between.Value, between.High);
                break;
            case Expression.In list:
                foreach (var item in list.Items)
                    Pair(list.Value, item);
                break;
            case Expression.Unary unary:
                Refuse(unary.Operand, texts);
                break;
            case Expression.Call call:
                foreach (var argument in call.Arguments)
                    Refuse(argument, texts);
                break;
            case Expression.Cast cast:
                Refuse(cast.Value, texts);
                break;
            case Expression.Case cases:
                foreach (var (when, then) in cases.Branches)
                {
                    Refuse(when, texts);
                    Refuse(then, texts);
                }

                if (cases.Otherwise is { } otherwise)
                    Refuse(otherwise, texts);
                break;
        }

        void Pair(Expression one, Expression other)
        {
            if ((one, other) is (Expression.Column column, Expression.Number) && texts.Contains(column.Name))
                throw Trap(column.Name);
            if ((one, other) is (Expression.Number, Expression.Column second) && texts.Contains(second.Name))
                throw Trap(second.Name);
        }
    }

    private static ReplicationException Trap(string column) => new(
        "comparison_refused",
        $"\"{column}\" is text in this file and the query compares it with a number; as texts, 9 is greater than 10. Compare CAST([{column}] AS REAL), or give the column a type in the query: REPLICATE [t] ([{column}] bigint) SELECT ….");
}
