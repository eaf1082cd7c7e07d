namespace SyncMcp.Client.Replicate;

/// <summary>The allow-list grammar of expressions, loosest binding first: OR, AND, NOT, comparison, + - ||, * / %, sign.</summary>
internal static class ExpressionParser
{
    private static readonly string[] Comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];
    private static readonly string[] Constants = ["NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"];

    public static Expression Parse(TokenReader tokens, Action<Token, string> checkQualifier) => Or(tokens, checkQualifier);

    private static Expression Or(TokenReader tokens, Action<Token, string> qualifier)
    {
        tokens.Deeper();
        var left = And(tokens, qualifier);
        while (tokens.TryWord("OR"))
        {
            tokens.Link();
            left = new Expression.Binary("OR", left, And(tokens, qualifier));
        }

        tokens.Shallower();
        return left;
    }

    private static Expression And(TokenReader tokens, Action<Token, string> qualifier)
    {
        var left = Not(tokens, qualifier);
        while (tokens.TryWord("AND"))
        {
            tokens.Link();
            left = new Expression.Binary("AND", left, Not(tokens, qualifier));
        }

        return left;
    }

    private static Expression Not(TokenReader tokens, Action<Token, string> qualifier)
    {
        if (!tokens.TryWord("NOT"))
            return Comparison(tokens, qualifier);
        tokens.Deeper();
        var operand = Not(tokens, qualifier);
        tokens.Shallower();
        return new Expression.Unary("NOT", operand);
    }

    private static Expression Comparison(TokenReader tokens, Action<Token, string> qualifier)
    {
        var left = Sum(tokens, qualifier);
        while (true)
        {
            if (tokens.Current.Kind == TokenKind.Symbol && Comparisons.Contains(tokens.Current.Value))
            {
                tokens.Link();
                var symbol = tokens.Take().Value;
                left = new Expression.Binary(symbol == "!=" ? "<>" : symbol, left, Sum(tokens, qualifier));
            }
            else if (tokens.TryWord("IS"))
            {
                tokens.Link();
                var negated = tokens.TryWord("NOT");
                tokens.Word("NULL");
                left = new Expression.IsNull(left, negated);
            }
            else if (Predicate(tokens, qualifier, left) is { } predicate)
            {
                tokens.Link();
                left = predicate;
            }
            else
            {
                return left;
            }
        }
    }

    private static Expression? Predicate(TokenReader tokens, Action<Token, string> qualifier, Expression value)
    {
        var negated = tokens.Current.IsWord("NOT") && (tokens.Following.IsWord("IN") || tokens.Following.IsWord("BETWEEN") || tokens.Following.IsWord("LIKE")) && tokens.TryWord("NOT");
        if (tokens.TryWord("IN"))
        {
            tokens.Symbol("(");
            if (tokens.Current.IsWord("SELECT"))
                throw tokens.Error(tokens.Current, "IN takes a list of values; a subquery is not supported in a REPLICATE statement.");
            return new Expression.In(value, List(tokens, qualifier), negated);
        }

        if (tokens.TryWord("BETWEEN"))
        {
            var low = Sum(tokens, qualifier);
            tokens.Word("AND");
            return new Expression.Between(value, low, Sum(tokens, qualifier), negated);
        }

        if (!tokens.TryWord("LIKE"))
            return null;
        var pattern = Sum(tokens, qualifier);
        string? escape = null;
        if (tokens.TryWord("ESCAPE"))
            escape = tokens.Current is { Kind: TokenKind.Text, Value.Length: 1 } ? tokens.Take().Value : throw tokens.Expected("one character in quotes");
        return new Expression.Like(value, pattern, escape, negated);
    }

    private static Expression Sum(TokenReader tokens, Action<Token, string> qualifier)
    {
        var left = Product(tokens, qualifier);
        while (tokens.Current.Is("+") || tokens.Current.Is("-") || tokens.Current.Is("||"))
        {
            tokens.Link();
            left = new Expression.Binary(tokens.Take().Value, left, Product(tokens, qualifier));
        }

        return left;
    }

    private static Expression Product(TokenReader tokens, Action<Token, string> qualifier)
    {
        var left = Sign(tokens, qualifier);
        while (tokens.Current.Is("*") || tokens.Current.Is("/") || tokens.Current.Is("%"))
        {
            tokens.Link();
            left = new Expression.Binary(tokens.Take().Value, left, Sign(tokens, qualifier));
        }

        return left;
    }

    private static Expression Sign(TokenReader tokens, Action<Token, string> qualifier)
    {
        if (!tokens.Current.Is("-") && !tokens.Current.Is("+"))
            return Primary(tokens, qualifier);
        var sign = tokens.Take().Value;
        // The smallest integer has no positive counterpart: the sign belongs to the digits.
        if (sign == "-" && tokens.Current.Kind == TokenKind.Number)
            return new Expression.Number("-" + tokens.Take().Value);
        tokens.Deeper();
        var operand = Sign(tokens, qualifier);
        tokens.Shallower();
        return new Expression.Unary(sign, operand);
    }

    private static Expression Primary(TokenReader tokens, Action<Token, string> qualifier)
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new Expression.Number(tokens.Take().Value);
            case TokenKind.Text:
                return new Expression.Text(tokens.Take().Value);
            case TokenKind.Blob:
                return new Expression.Blob(tokens.Take().Value);
            case TokenKind.Word when Constants.Contains(token.Value, StringComparer.OrdinalIgnoreCase):
                return new Expression.Constant(tokens.Take().Value.ToUpperInvariant());
            case TokenKind.Word when token.IsWord("CASE"):
                return Case(tokens, qualifier);
            case TokenKind.Word when tokens.Following.Is("("):
                return Call(tokens, qualifier);
        }

        if (tokens.TrySymbol("("))
        {
            if (tokens.Current.IsWord("SELECT"))
                throw tokens.Error(tokens.Current, "a subquery is not supported in a REPLICATE statement.");
            var inner = Or(tokens, qualifier);
            tokens.Symbol(")");
            return inner;
        }

        var name = tokens.Name("a column, value or function");
        if (!tokens.TrySymbol("."))
            return new Expression.Column(name);
        qualifier(token, name);
        return new Expression.Column(tokens.Name("a column"));
    }

    private static Expression Call(TokenReader tokens, Action<Token, string> qualifier)
    {
        var name = tokens.Take();
        tokens.Symbol("(");
        if (name.IsWord("CAST"))
        {
            var value = Or(tokens, qualifier);
            tokens.Word("AS");
            var type = SqlFunction.CastTypes.FirstOrDefault(tokens.Current.IsWord) ?? throw tokens.Expected("a type: " + string.Join(", ", SqlFunction.CastTypes));
            tokens.Take();
            tokens.Symbol(")");
            return new Expression.Cast(value, type);
        }

        if (!SqlFunction.All.TryGetValue(name.Value, out var function))
            throw tokens.Error(name, $"function {name.Value} is not supported; there are {string.Join(", ", SqlFunction.All.Keys.Append("CAST"))}.");
        var arguments = tokens.Current.Is(")") ? throw tokens.Expected("an argument") : List(tokens, qualifier);
        if (arguments.Count < function.Least || arguments.Count > function.Most)
            throw tokens.Error(name, $"{function.Name} takes {(function.Least == function.Most ? $"{function.Least}" : $"{function.Least} to {function.Most}")} arguments, not {arguments.Count}.");
        return new Expression.Call(function, arguments);
    }

    private static Expression.Case Case(TokenReader tokens, Action<Token, string> qualifier)
    {
        tokens.Take();
        var branches = new List<(Expression, Expression)>();
        while (tokens.TryWord("WHEN"))
        {
            var when = Or(tokens, qualifier);
            tokens.Word("THEN");
            branches.Add((when, Or(tokens, qualifier)));
        }

        if (branches.Count == 0)
            throw tokens.Expected("WHEN");
        var otherwise = tokens.TryWord("ELSE") ? Or(tokens, qualifier) : null;
        tokens.Word("END");
        return new(branches, otherwise);
    }

    private static List<Expression> List(TokenReader tokens, Action<Token, string> qualifier)
    {
        var items = new List<Expression>();
        do
            items.Add(Or(tokens, qualifier));
        while (tokens.TrySymbol(","));
        tokens.Symbol(")");
        return items;
    }
}
