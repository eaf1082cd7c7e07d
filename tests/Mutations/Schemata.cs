using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Mutations;

/// <summary>
/// All mutants of a file in one text: each member holds its body once for each of its mutants, and asks at its beginning which of them is on. Whole bodies
/// rather than expressions, since patterns and local names may stand only once in a body; and a mutant that does not compile spoils nothing but its copy.
/// </summary>
internal sealed class Schemata(Func<int, bool> isDropped)
{
    /// <summary>The class that the program gets besides.</summary>
    public const string Switch = """
        namespace SyncMcp;

        internal static class Mutants
        {
            public static int Active = int.Parse(System.Environment.GetEnvironmentVariable("MUTANT") ?? "-1");
            public static System.Action<int>? Touched;

            public static int In(int point, int first, int count)
            {
                Touched?.Invoke(point);
                var at = Active - first;
                return at >= 0 && at < count ? at : -1;
            }
        }
        """;

    private readonly List<Mutant> mutants = [];
    private int nextPoint;

    /// <summary>Those of all files so far, with those that were dropped.</summary>
    public IReadOnlyList<Mutant> Mutants => mutants;

    /// <summary>The text of a file with all of its mutants.</summary>
    public string Rewritten(string file, string text)
    {
        var root = CSharpSyntaxTree.ParseText(text, new(LanguageVersion.Preview)).GetCompilationUnitRoot();
        var edits = root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>().SelectMany(member => Edits(file, member)).OrderBy(edit => edit.Span.Start);
        var built = new StringBuilder();
        var from = 0;
        foreach (var (span, replacement) in edits)
        {
            built.Append(text, from, span.Start - from).Append(replacement);
            from = span.End;
        }

        return built.Append(text, from, text.Length - from).ToString();
    }

    private IEnumerable<(Microsoft.CodeAnalysis.Text.TextSpan Span, string Text)> Edits(string file, MemberDeclarationSyntax member)
    {
        switch (member)
        {
            case BaseMethodDeclarationSyntax method when method.Body is not null || method.ExpressionBody is not null:
                var result = (method as MethodDeclarationSyntax)?.ReturnType ?? (method as OperatorDeclarationSyntax)?.ReturnType ?? (method as ConversionOperatorDeclarationSyntax)?.Type;
                var isVoid = result is null or PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
                    || (method.Modifiers.Any(SyntaxKind.AsyncKeyword) && result is IdentifierNameSyntax { Identifier.Text: "Task" or "ValueTask" });
                if (result is not RefTypeSyntax)
                    yield return Body(file, Name(method), method.Body, method.ExpressionBody, method.SemicolonToken, isVoid, accessor: false);
                break;
            case BasePropertyDeclarationSyntax property:
                var name = property is PropertyDeclarationSyntax named ? named.Identifier.Text : "this[]";
                if (property.Type is RefTypeSyntax)
                    break;
                var arrow = (property as PropertyDeclarationSyntax)?.ExpressionBody ?? (property as IndexerDeclarationSyntax)?.ExpressionBody;
                var end = (property as PropertyDeclarationSyntax)?.SemicolonToken ?? (property as IndexerDeclarationSyntax)?.SemicolonToken ?? default;
                if (arrow is not null)
                    yield return Body(file, name, null, arrow, end, isVoid: false, accessor: true);
                foreach (var accessor in property.AccessorList?.Accessors ?? [])
                {
                    if (accessor.Body is not null || accessor.ExpressionBody is not null)
                        yield return Body(file, name, accessor.Body, accessor.ExpressionBody, accessor.SemicolonToken, !accessor.IsKind(SyntaxKind.GetAccessorDeclaration), accessor: false);
                }

                if ((property as PropertyDeclarationSyntax)?.Initializer?.Value is { } initial && Value(file, name, initial) is { } changed)
                    yield return (initial.Span, changed);
                break;
            case FieldDeclarationSyntax field when !field.Modifiers.Any(SyntaxKind.ConstKeyword):
                foreach (var variable in field.Declaration.Variables)
                {
                    if (variable.Initializer?.Value is { } value && Value(file, variable.Identifier.Text, value) is { } other)
                        yield return (value.Span, other);
                }

                break;
        }
    }

    private (Microsoft.CodeAnalysis.Text.TextSpan, string) Body(string file, string name, BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, SyntaxToken end, bool isVoid, bool accessor)
    {
        SyntaxNode body = block is not null ? block : arrow!.Expression;
        var changes = Operators.In(body).ToList();
        var isIterator = body.DescendantNodes(node => node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).Any(node => node is YieldStatementSyntax);
        if (block is { Statements.Count: > 1 })
        {
            var emptied = isVoid ? "{ }" : "{ return default!; }";
            if (!isIterator)
                changes.Add(new(block, SyntaxFactory.ParseStatement(emptied), "block", emptied));
        }

        var point = nextPoint++;
        var (first, copies) = Copies(file, name, point, body, changes);
        string Braced(string code) => block is not null ? code : arrow!.Expression is ThrowExpressionSyntax ? $"{{ {code}\n; }}" : isVoid ? $"{{ {code}\n; }}" : $"{{ return {code}\n; }}";
        var leave = isVoid || isIterator ? "break;" : ""; // without it the compiler tells of the copy that forgets to return
        var text = new StringBuilder($"{{ switch (global::SyncMcp.Mutants.In({point}, {first}, {changes.Count})) {{\n");
        foreach (var (id, code) in copies)
            text.Append($"/*M{id}*/ case {id - first}: {Braced(code)} {leave}\n");
        text.Append($"/*M-{point}*/ default: {Braced(body.ToFullString())} {leave} }} }}\n");
        var span = Microsoft.CodeAnalysis.Text.TextSpan.FromBounds((block as SyntaxNode ?? arrow!).SpanStart, end.IsKind(SyntaxKind.SemicolonToken) ? end.Span.End : (block as SyntaxNode ?? arrow!).Span.End);
        return (span, accessor ? $"{{ get {text} }}" : text.ToString());
    }

    private string? Value(string file, string name, ExpressionSyntax value)
    {
        var changes = Operators.In(value).ToList();
        if (changes.Count == 0)
            return null;
        var point = nextPoint++;
        var (first, copies) = Copies(file, name, point, value, changes);
        if (copies.Count == 0)
            return null;
        var text = new StringBuilder($"/*F{first}:{changes.Count}*/ global::SyncMcp.Mutants.In({point}, {first}, {changes.Count}) switch {{\n");
        foreach (var (id, code) in copies)
            text.Append($"{id - first} => /*M{id}*/ {code}\n,\n");
        return text.Append($"_ => /*F{first}:{changes.Count}*/ {value} }}").ToString();
    }

    private (int First, List<(int Id, string Code)> Copies) Copies(string file, string name, int point, SyntaxNode body, List<Change> changes)
    {
        var first = mutants.Count;
        var copies = new List<(int, string)>();
        foreach (var change in changes)
        {
            var id = mutants.Count;
            var mutated = change.Old == body ? change.New : body.ReplaceNode(change.Old, change.New.WithTriviaFrom(change.Old));
            var line = change.Old.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            mutants.Add(new(id, file, line, name, change.Kind, Short(change.Old), change.Words ?? Short(change.New), point));
            if (!isDropped(id))
                copies.Add((id, mutated.ToFullString()));
        }

        return (first, copies);
    }

    private static string Name(BaseMethodDeclarationSyntax method) => method switch
    {
        MethodDeclarationSyntax named => named.Identifier.Text,
        ConstructorDeclarationSyntax => "new",
        _ => "operator",
    };

    private static string Short(SyntaxNode node)
    {
        var text = node.WithoutTrivia().NormalizeWhitespace(" ", " ").ToFullString();
        text = string.Join(' ', text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 110 ? text : $"{text[..70]} … {text[^36..]}";
    }
}
