namespace SyncMcp.Client.Replicate;

/// <summary>An expression of the SELECT list or of WHERE. The kinds here are all that there is: what cannot be said with them cannot be asked of a source.</summary>
public abstract record Expression
{
    private Expression()
    {
    }

    /// <summary>A column of the source table.</summary>
    /// <param name="Name">Its name.</param>
    public sealed record Column(string Name) : Expression;

    /// <summary>A number as written, sign included; digits, point and exponent only.</summary>
    /// <param name="Digits">For example <c>-12.5e3</c>.</param>
    public sealed record Number(string Digits) : Expression;

    /// <summary>A text.</summary>
    /// <param name="Value">Without quotes.</param>
    public sealed record Text(string Value) : Expression;

    /// <summary>Bytes, written <c>X'00ff'</c>.</summary>
    /// <param name="Hex">Hexadecimal digits, an even number of them.</param>
    public sealed record Blob(string Hex) : Expression;

    /// <summary><c>NULL</c>, <c>TRUE</c>, <c>FALSE</c>, <c>CURRENT_DATE</c>, <c>CURRENT_TIME</c> or <c>CURRENT_TIMESTAMP</c>.</summary>
    /// <param name="Word">In capitals.</param>
    public sealed record Constant(string Word) : Expression;

    /// <summary><c>NOT</c>, <c>-</c> or <c>+</c>.</summary>
    /// <param name="Operator">In capitals.</param>
    /// <param name="Operand">What it acts on.</param>
    public sealed record Unary(string Operator, Expression Operand) : Expression;

    /// <summary>Arithmetic, comparison, <c>||</c>, <c>AND</c>, <c>OR</c>.</summary>
    /// <param name="Operator">In capitals; inequality is <c>&lt;&gt;</c>.</param>
    /// <param name="Left">Left side.</param>
    /// <param name="Right">Right side.</param>
    public sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

    /// <summary><c>IS NULL</c> and <c>IS NOT NULL</c>.</summary>
    /// <param name="Value">What is tested.</param>
    /// <param name="Negated">True for IS NOT NULL.</param>
    public sealed record IsNull(Expression Value, bool Negated) : Expression;

    /// <summary><c>IN (…)</c> with a list.</summary>
    /// <param name="Value">What is looked for.</param>
    /// <param name="Items">At least one.</param>
    /// <param name="Negated">True for NOT IN.</param>
    public sealed record In(Expression Value, IReadOnlyList<Expression> Items, bool Negated) : Expression;

    /// <summary><c>BETWEEN … AND …</c>.</summary>
    /// <param name="Value">What is tested.</param>
    /// <param name="Low">Lower bound, included.</param>
    /// <param name="High">Upper bound, included.</param>
    /// <param name="Negated">True for NOT BETWEEN.</param>
    public sealed record Between(Expression Value, Expression Low, Expression High, bool Negated) : Expression;

    /// <summary><c>LIKE</c>, with an escape character or without.</summary>
    /// <param name="Value">What is tested.</param>
    /// <param name="Pattern">With % and _.</param>
    /// <param name="Escape">One character; null for none.</param>
    /// <param name="Negated">True for NOT LIKE.</param>
    public sealed record Like(Expression Value, Expression Pattern, string? Escape, bool Negated) : Expression;

    /// <summary>A function of <see cref="SqlFunction.All"/>.</summary>
    /// <param name="Function">The function.</param>
    /// <param name="Arguments">Its arguments.</param>
    public sealed record Call(SqlFunction Function, IReadOnlyList<Expression> Arguments) : Expression;

    /// <summary><c>CAST(… AS type)</c>.</summary>
    /// <param name="Value">What is converted.</param>
    /// <param name="Type">One of <see cref="SqlFunction.CastTypes"/>.</param>
    public sealed record Cast(Expression Value, string Type) : Expression;

    /// <summary><c>CASE WHEN … THEN … ELSE … END</c>.</summary>
    /// <param name="Branches">Condition and value, at least one.</param>
    /// <param name="Otherwise">Value of ELSE; null for none.</param>
    public sealed record Case(IReadOnlyList<(Expression When, Expression Then)> Branches, Expression? Otherwise) : Expression;

    /// <summary>The source columns that the expression reads.</summary>
    public IEnumerable<string> SourceColumns => this switch
    {
        Column column => [column.Name],
        Unary unary => unary.Operand.SourceColumns,
        Binary binary => binary.Left.SourceColumns.Concat(binary.Right.SourceColumns),
        IsNull test => test.Value.SourceColumns,
        In list => list.Items.Prepend(list.Value).SelectMany(item => item.SourceColumns),
        Between range => range.Value.SourceColumns.Concat(range.Low.SourceColumns).Concat(range.High.SourceColumns),
        Like like => like.Value.SourceColumns.Concat(like.Pattern.SourceColumns),
        Call call => call.Arguments.SelectMany(argument => argument.SourceColumns),
        Cast cast => cast.Value.SourceColumns,
        Case cases => cases.Branches.SelectMany(branch => branch.When.SourceColumns.Concat(branch.Then.SourceColumns)).Concat(cases.Otherwise?.SourceColumns ?? []),
        _ => [],
    };
}

/// <summary>A function that every source can compute and that has no effect beside its value.</summary>
/// <param name="Name">In capitals.</param>
/// <param name="Least">Fewest arguments.</param>
/// <param name="Most">Most arguments.</param>
public sealed record SqlFunction(string Name, int Least, int Most)
{
    /// <summary>All functions, by name.</summary>
    public static IReadOnlyDictionary<string, SqlFunction> All { get; } = new SqlFunction[]
    {
        new("UPPER", 1, 1), new("LOWER", 1, 1), new("TRIM", 1, 1), new("LTRIM", 1, 1), new("RTRIM", 1, 1), new("LENGTH", 1, 1),
        new("SUBSTR", 2, 3), new("REPLACE", 3, 3), new("COALESCE", 2, 100), new("NULLIF", 2, 2), new("ABS", 1, 1), new("ROUND", 1, 2),
    }.ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Types that CAST takes.</summary>
    public static IReadOnlyList<string> CastTypes { get; } = ["INTEGER", "REAL", "TEXT", "NUMERIC", "BLOB"];
}
