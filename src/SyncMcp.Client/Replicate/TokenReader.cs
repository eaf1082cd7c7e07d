namespace SyncMcp.Client.Replicate;

/// <summary>Walks over the tokens and words the errors.</summary>
internal sealed class TokenReader(string text)
{
    /// <summary>Deeper nesting is refused: the parser recurses, and a stack that overflows ends the process.</summary>
    private const int MaxDepth = 100;
    private const int MaxLinks = 800;

    /// <summary>Words that end or join parts of a statement: as names they must stand in brackets.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IS", "NULL", "IN", "BETWEEN", "LIKE", "ESCAPE", "AS", "WITH", "CASE", "WHEN", "THEN", "ELSE", "END", "PRIMARY",
        "TRUE", "FALSE", "CAST", "DISTINCT", "JOIN", "UNION", "GROUP", "ORDER", "HAVING", "LIMIT",
    };

    private readonly List<Token> tokens = Lexer.Read(text);
    private int at;
    private int depth;
    private int links;

    public Token Current => tokens[at];

    public Token Following => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public Token Take() => tokens[Current.Kind == TokenKind.End ? at : at++];

    public bool TryWord(string word)
    {
        if (!Current.IsWord(word))
            return false;
        at++;
        return true;
    }

    public bool TrySymbol(string symbol)
    {
        if (!Current.Is(symbol))
            return false;
        at++;
        return true;
    }

    public void Word(string word)
    {
        if (!TryWord(word))
            throw Expected(word);
    }

    public void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
            throw Expected($"`{symbol}`");
    }

    public string Name(string what)
    {
        if (Current.Kind == TokenKind.QuotedName)
            return Take().Value;
        if (Current.Kind != TokenKind.Word)
            throw Expected(what);
        if (Reserved.Contains(Current.Value))
            throw Error(Current, $"expected {what}, found the word {Current.Value.ToUpperInvariant()}; a name that is a word of the language stands in brackets: [{Current.Value}].");
        return Take().Value;
    }

    /// <summary>A table name: one part, since the dot belongs to names of files and stands in brackets.</summary>
    public string Table(string what)
    {
        var name = Name(what);
        if (Current.Is("."))
            throw Error(Current, $"a name with a dot stands in brackets: [{name}.{Following.Value}].");
        return name;
    }

    public void Deeper()
    {
        if (++depth > MaxDepth)
            throw Error(Current, $"nested deeper than {MaxDepth} levels.");
        if (depth == 1)
            links = 0;
    }

    /// <summary>Counts one operator of an expression: a long chain is a deep tree, which neither we nor a source can walk.</summary>
    public void Link()
    {
        if (++links > MaxLinks)
            throw Error(Current, $"more than {MaxLinks} operators in one expression; a list of values is shorter with IN (…).");
    }

    public void Shallower() => depth--;

    public ReplicateSyntaxException Expected(string what) => Error(Current, $"expected {what}, found {Show(Current)}.");

    public ReplicateSyntaxException Error(Token token, string problem) => new(text, token.Position, problem);

    private static string Show(Token token) => token.Kind switch
    {
        TokenKind.End => "the end of the statement",
        TokenKind.Text => "a text",
        _ => $"`{(token.Value.Length > 40 ? token.Value[..40] + "…" : token.Value)}`",
    };
}
