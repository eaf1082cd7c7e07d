using System.Text;

namespace SyncMcp.Client.Replicate;

internal enum TokenKind
{
    Word,
    QuotedName,
    Text,
    Blob,
    Number,
    Symbol,
    End,
}

internal readonly record struct Token(TokenKind Kind, string Value, int Position)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Word && Value.Equals(word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Cuts a statement into words, quoted names, texts, numbers and symbols. Comments are refused: a reviewer must see all that runs.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Symbols = ["<>", "!=", "<=", ">=", "||", "(", ")", ",", ".", "=", "<", ">", "+", "-", "*", "/", "%", ";"];
    private int at;

    public static List<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        var start = at;
        if (at == text.Length)
            return new(TokenKind.End, "", start);
        var c = text[at];
        switch (c)
        {
            case '[':
                return new(TokenKind.QuotedName, Quoted(']', "name"), start);
            case '"' or '`':
                return new(TokenKind.QuotedName, Quoted(c, "name"), start);
            case '\'':
                return new(TokenKind.Text, Quoted('\'', "text"), start);
            case 'x' or 'X' when at + 1 < text.Length && text[at + 1] == '\'':
                at++;
                var hex = Quoted('\'', "blob");
                if (hex.Length % 2 != 0 || !hex.All(char.IsAsciiHexDigit))
                    throw new ReplicateSyntaxException(text, start, "expected pairs of hexadecimal digits, as in X'00ff'.");
                return new(TokenKind.Blob, hex, start);
        }

        if (char.IsLetter(c) || c == '_')
        {
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$'))
                at++;
            return new(TokenKind.Word, text[start..at], start);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
            return Number(start);
        if (Starts("--") || Starts("/*"))
            throw new ReplicateSyntaxException(text, start, "comments are not allowed in a REPLICATE statement.");
        foreach (var symbol in Symbols)
        {
            if (!Starts(symbol))
                continue;
            at += symbol.Length;
            return new(TokenKind.Symbol, symbol, start);
        }

        throw new ReplicateSyntaxException(text, start, $"unexpected character {Show(c)}.");
    }

    private Token Number(int start)
    {
        Digits();
        if (at < text.Length && text[at] == '.')
        {
            at++;
            Digits();
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            if (at == text.Length || !char.IsAsciiDigit(text[at]))
                throw new ReplicateSyntaxException(text, at, "expected the digits of an exponent.");
            Digits();
        }

        if (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_'))
            throw new ReplicateSyntaxException(text, at, "expected the end of the number.");
        return new(TokenKind.Number, text[start..at], start);
    }

    private void Digits()
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
    }

    private string Quoted(char close, string what)
    {
        var start = at++;
        var value = new StringBuilder();
        for (; at < text.Length; at++)
        {
            if (text[at] == '\0')
                throw new ReplicateSyntaxException(text, at, "a zero character cannot stand in a statement.");
            if (text[at] != close)
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == close)
            {
                value.Append(close);
                at++;
            }
            else
            {
                at++;
                return what == "name" && value.Length == 0 ? throw new ReplicateSyntaxException(text, start, "expected a name between the quotes.") : value.ToString();
            }
        }

        throw new ReplicateSyntaxException(text, start, $"expected {close} at the end of this {what}.");
    }

    private bool Starts(string symbol) => string.CompareOrdinal(text, at, symbol, 0, symbol.Length) == 0;

    private static string Show(char c) => char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : $"`{c}`";
}
