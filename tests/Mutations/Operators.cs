using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Mutations;

/// <summary>What is changed, as in the standard set of Stryker: a wrong operator, a condition turned round, a text or a list emptied, a statement or a block taken out.</summary>
internal static class Operators
{
    private static readonly Dictionary<SyntaxKind, SyntaxKind[]> Binary = new()
    {
        [SyntaxKind.AddExpression] = [SyntaxKind.SubtractExpression],
        [SyntaxKind.SubtractExpression] = [SyntaxKind.AddExpression],
        [SyntaxKind.MultiplyExpression] = [SyntaxKind.DivideExpression],
        [SyntaxKind.DivideExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.ModuloExpression] = [SyntaxKind.MultiplyExpression],
        [SyntaxKind.GreaterThanExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanOrEqualExpression],
        [SyntaxKind.LessThanExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanOrEqualExpression],
        [SyntaxKind.GreaterThanOrEqualExpression] = [SyntaxKind.LessThanExpression, SyntaxKind.GreaterThanExpression],
        [SyntaxKind.LessThanOrEqualExpression] = [SyntaxKind.GreaterThanExpression, SyntaxKind.LessThanExpression],
        [SyntaxKind.EqualsExpression] = [SyntaxKind.NotEqualsExpression],
        [SyntaxKind.NotEqualsExpression] = [SyntaxKind.EqualsExpression],
        [SyntaxKind.LogicalAndExpression] = [SyntaxKind.LogicalOrExpression],
        [SyntaxKind.LogicalOrExpression] = [SyntaxKind.LogicalAndExpression],
        [SyntaxKind.BitwiseAndExpression] = [SyntaxKind.BitwiseOrExpression],
        [SyntaxKind.BitwiseOrExpression] = [SyntaxKind.BitwiseAndExpression],
        [SyntaxKind.ExclusiveOrExpression] = [SyntaxKind.BitwiseAndExpression],
        [SyntaxKind.LeftShiftExpression] = [SyntaxKind.RightShiftExpression],
        [SyntaxKind.RightShiftExpression] = [SyntaxKind.LeftShiftExpression],
    };

    private static readonly Dictionary<SyntaxKind, SyntaxKind> Assignments = new()
    {
        [SyntaxKind.AddAssignmentExpression] = SyntaxKind.SubtractAssignmentExpression,
        [SyntaxKind.SubtractAssignmentExpression] = SyntaxKind.AddAssignmentExpression,
        [SyntaxKind.MultiplyAssignmentExpression] = SyntaxKind.DivideAssignmentExpression,
        [SyntaxKind.AndAssignmentExpression] = SyntaxKind.OrAssignmentExpression,
        [SyntaxKind.OrAssignmentExpression] = SyntaxKind.AndAssignmentExpression,
        [SyntaxKind.CoalesceAssignmentExpression] = SyntaxKind.SimpleAssignmentExpression,
    };

    private static readonly Dictionary<SyntaxKind, SyntaxKind> Unary = new()
    {
        [SyntaxKind.PreIncrementExpression] = SyntaxKind.PreDecrementExpression,
        [SyntaxKind.PreDecrementExpression] = SyntaxKind.PreIncrementExpression,
        [SyntaxKind.PostIncrementExpression] = SyntaxKind.PostDecrementExpression,
        [SyntaxKind.PostDecrementExpression] = SyntaxKind.PostIncrementExpression,
    };

    private static readonly Dictionary<string, string> Methods = new(StringComparer.Ordinal)
    {
        ["All"] = "Any",
        ["Any"] = "All",
        ["First"] = "Last",
        ["Last"] = "First",
        ["FirstOrDefault"] = "LastOrDefault",
        ["LastOrDefault"] = "FirstOrDefault",
        ["Single"] = "First",
        ["SingleOrDefault"] = "FirstOrDefault",
        ["Skip"] = "Take",
        ["Take"] = "Skip",
        ["SkipWhile"] = "TakeWhile",
        ["TakeWhile"] = "SkipWhile",
        ["Min"] = "Max",
        ["Max"] = "Min",
        ["MinBy"] = "MaxBy",
        ["MaxBy"] = "MinBy",
        ["Sum"] = "Max",
        ["Concat"] = "Except",
        ["Except"] = "Concat",
        ["Union"] = "Intersect",
        ["Intersect"] = "Union",
        ["OrderBy"] = "OrderByDescending",
        ["OrderByDescending"] = "OrderBy",
        ["ThenBy"] = "ThenByDescending",
        ["ThenByDescending"] = "ThenBy",
        ["Order"] = "OrderDescending",
        ["OrderDescending"] = "Order",
        ["Append"] = "Prepend",
        ["Prepend"] = "Append",
        ["StartsWith"] = "EndsWith",
        ["EndsWith"] = "StartsWith",
        ["TrimStart"] = "TrimEnd",
        ["TrimEnd"] = "TrimStart",
        ["IndexOf"] = "LastIndexOf",
        ["LastIndexOf"] = "IndexOf",
        ["ToUpperInvariant"] = "ToLowerInvariant",
        ["ToLowerInvariant"] = "ToUpperInvariant",
        ["PadLeft"] = "PadRight",
        ["PadRight"] = "PadLeft",
    };

    // These leave out one step of a chain.
    private static readonly HashSet<string> Steps = new(["Where", "Distinct", "DistinctBy", "Reverse", "Trim", "OfType", "DefaultIfEmpty"], StringComparer.Ordinal);

    /// <summary>Every change of a body or a value.</summary>
    public static IEnumerable<Change> In(SyntaxNode body) => body.DescendantNodesAndSelf(node => node is not AttributeListSyntax).SelectMany(node => Of(node, body)).Where(change => change.Old != body || body is ExpressionSyntax);

    private static IEnumerable<Change> Of(SyntaxNode node, SyntaxNode body) => node switch
    {
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } coalesce => Coalesce(coalesce),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } add when IsText(add.Left) || IsText(add.Right) => [],
        BinaryExpressionSyntax binary when Binary.TryGetValue(binary.Kind(), out var others) => others.Select(other => new Change(binary, Swapped(binary, other), "operator")),
        AssignmentExpressionSyntax assignment when Assignments.TryGetValue(assignment.Kind(), out var other) && !(other == SyntaxKind.SubtractAssignmentExpression && IsText(assignment.Right)) =>
            [new(assignment, AssignmentExpression(other, assignment.Left, assignment.Right), "assignment")],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => [new(not, not.Operand, "negation")],
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression } minus => [new(minus, minus.Operand, "sign")],
        PrefixUnaryExpressionSyntax unary when Unary.TryGetValue(unary.Kind(), out var other) => [new(unary, PrefixUnaryExpression(other, unary.Operand), "step")],
        PostfixUnaryExpressionSyntax unary when Unary.TryGetValue(unary.Kind(), out var other) => [new(unary, PostfixUnaryExpression(other, unary.Operand), "step")],
        LiteralExpressionSyntax literal => Literal(literal),
        InterpolatedStringExpressionSyntax { Contents.Count: > 0 } text => [new(text, Text(""), "text")],
        IsPatternExpressionSyntax matches => [new(matches, matches.WithPattern(Negated(matches.Pattern)), "pattern")],
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression } matches => [new(matches, Not(matches), "pattern")],
        BinaryPatternSyntax pattern => [new(pattern, Swapped(pattern), "pattern")],
        RelationalPatternSyntax pattern => Relational(pattern),
        IfStatementSyntax { Condition: var condition } when IsNegatable(condition) => [new(condition, Not(condition), "condition")],
        WhileStatementSyntax { Condition: var condition } when IsNegatable(condition) => [new(condition, Not(condition), "condition")],
        ConditionalExpressionSyntax { Condition: var condition } when IsNegatable(condition) => [new(condition, Not(condition), "condition")],
        InvocationExpressionSyntax call => Call(call),
        CollectionExpressionSyntax { Elements.Count: > 0 } list => [new(list, CollectionExpression(), "list")],
        InitializerExpressionSyntax { Expressions.Count: > 0 } list => [new(list, list.WithExpressions([]), "list")],
        BlockSyntax block when block != body => Block(block),
        StatementSyntax statement => Statement(statement),
        _ => [],
    };

    private static IEnumerable<Change> Coalesce(BinaryExpressionSyntax coalesce)
    {
        if (coalesce.Right is not ThrowExpressionSyntax)
            yield return new(coalesce, Parenthesized(coalesce.Right), "coalesce");
        yield return new(coalesce, Parenthesized(coalesce.Left), "coalesce");
    }

    private static IEnumerable<Change> Literal(LiteralExpressionSyntax literal)
    {
        if (literal.Parent is ConstantPatternSyntax or CaseSwitchLabelSyntax or AttributeArgumentSyntax || IsOfAConstant(literal))
            yield break;
        switch (literal.Kind())
        {
            case SyntaxKind.TrueLiteralExpression:
                yield return new(literal, LiteralExpression(SyntaxKind.FalseLiteralExpression), "truth");
                break;
            case SyntaxKind.FalseLiteralExpression:
                yield return new(literal, LiteralExpression(SyntaxKind.TrueLiteralExpression), "truth");
                break;
            case SyntaxKind.StringLiteralExpression:
                yield return new(literal, Text(literal.Token.ValueText.Length == 0 ? "mutated" : ""), "text");
                break;
            case SyntaxKind.Utf8StringLiteralExpression:
                yield return new(literal, ParseExpression("\"\"u8"), "text");
                break;
        }
    }

    private static IEnumerable<Change> Relational(RelationalPatternSyntax pattern)
    {
        SyntaxKind[] others = pattern.OperatorToken.Kind() switch
        {
            SyntaxKind.GreaterThanToken => [SyntaxKind.LessThanToken, SyntaxKind.GreaterThanEqualsToken],
            SyntaxKind.LessThanToken => [SyntaxKind.GreaterThanToken, SyntaxKind.LessThanEqualsToken],
            SyntaxKind.GreaterThanEqualsToken => [SyntaxKind.LessThanToken, SyntaxKind.GreaterThanToken],
            _ => [SyntaxKind.GreaterThanToken, SyntaxKind.LessThanToken],
        };
        return others.Select(other => new Change(pattern, pattern.WithOperatorToken(Token(other)), "pattern"));
    }

    private static IEnumerable<Change> Call(InvocationExpressionSyntax call)
    {
        var name = call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            _ => null,
        };
        if (name is null)
            yield break;
        if (Methods.TryGetValue(name.Identifier.Text, out var other))
            yield return new(call, call.ReplaceToken(name.Identifier, Identifier(other)), "call", $"{other}(…)");
        if (Steps.Contains(name.Identifier.Text) && call.Expression is MemberAccessExpressionSyntax step)
            yield return new(call, step.Expression, "call", $"without {name.Identifier.Text}");
    }

    private static IEnumerable<Change> Block(BlockSyntax block)
    {
        if (block.Statements.Count == 0 || (block.Statements.Count == 1 && IsRemovable(block.Statements[0])) || block.Parent is LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or CatchClauseSyntax)
            yield break;
        yield return new(block, SyntaxFactory.Block(), "block", "{ }");
    }

    private static IEnumerable<Change> Statement(StatementSyntax statement)
    {
        if (IsRemovable(statement))
            yield return new(statement, EmptyStatement(), "statement", ";");
    }

    private static bool IsRemovable(StatementSyntax statement) => statement is ReturnStatementSyntax or BreakStatementSyntax or ContinueStatementSyntax or ThrowStatementSyntax
        or YieldStatementSyntax or ExpressionStatementSyntax or GotoStatementSyntax && statement is not BreakStatementSyntax { Parent: SwitchSectionSyntax };

    private static BinaryExpressionSyntax Swapped(BinaryExpressionSyntax binary, SyntaxKind other)
    {
        // What bound tighter before must go on doing so.
        var swapped = BinaryExpression(other, binary.Left, binary.Right);
        return swapped.WithLeft(Parenthesized(binary.Left)).WithRight(Parenthesized(binary.Right));
    }

    private static ParenthesizedPatternSyntax Swapped(BinaryPatternSyntax pattern) => ParenthesizedPattern(pattern.IsKind(SyntaxKind.OrPattern)
        ? BinaryPattern(SyntaxKind.AndPattern, ParenthesizedPattern(pattern.Left), ParenthesizedPattern(pattern.Right))
        : BinaryPattern(SyntaxKind.OrPattern, ParenthesizedPattern(pattern.Left), ParenthesizedPattern(pattern.Right)));

    private static PatternSyntax Negated(PatternSyntax pattern) => pattern is UnaryPatternSyntax { OperatorToken.RawKind: (int)SyntaxKind.NotKeyword } not ? not.Pattern : UnaryPattern(ParenthesizedPattern(pattern));

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax condition) => PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(condition));

    // Where another change says the same already.
    private static bool IsNegatable(ExpressionSyntax condition) => condition is not (IsPatternExpressionSyntax or PrefixUnaryExpressionSyntax or LiteralExpressionSyntax
        or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression or (int)SyntaxKind.IsExpression });

    private static ExpressionSyntax Parenthesized(ExpressionSyntax expression) =>
        expression is LiteralExpressionSyntax or IdentifierNameSyntax or InvocationExpressionSyntax or MemberAccessExpressionSyntax or ParenthesizedExpressionSyntax or CollectionExpressionSyntax or ThrowExpressionSyntax
            ? expression
            : ParenthesizedExpression(expression);

    private static bool IsText(ExpressionSyntax expression) => expression is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression }
        || expression is BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } add && (IsText(add.Left) || IsText(add.Right))
        || expression is ParenthesizedExpressionSyntax { Expression: var inner } && IsText(inner);

    private static bool IsOfAConstant(SyntaxNode node) => node.Ancestors().Any(above => above is LocalDeclarationStatementSyntax { IsConst: true });

    private static LiteralExpressionSyntax Text(string text) => LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(text));
}
