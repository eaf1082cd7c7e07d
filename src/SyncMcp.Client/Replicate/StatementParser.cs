using System.Globalization;

namespace SyncMcp.Client.Replicate;

/// <summary>The statement around the expressions.</summary>
internal static class StatementParser
{
    private static readonly string[] BeyondOneTable = ["JOIN", "INNER", "LEFT", "CROSS", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT"];

    public static ReplicateStatement Parse(string text)
    {
        if (text.Length > Limits.Code)
            throw new ReplicateSyntaxException(text, 0, $"the statement has {text.Length:N0} characters; {Limits.Code:N0} are allowed.");
        var tokens = new TokenReader(text);
        if (tokens.TryWord("CHECKCACHE"))
            return Check(tokens);
        tokens.Word("REPLICATE");
        var destination = tokens.Table("a destination table");
        var (types, key) = tokens.TrySymbol("(") ? Definitions(tokens) : ([], []);
        var options = tokens.TryWord("WITH") ? Options(tokens) : new();
        var statement = new ReplicateStatement { DestinationTable = destination, SourceTable = destination, ColumnTypes = types, PrimaryKey = key, Options = options };
        if (tokens.TryWord("SELECT"))
            statement = Select(tokens, statement);
        tokens.TrySymbol(";");
        if (tokens.Current.Kind != TokenKind.End)
            throw tokens.Expected(Continuation(statement));
        return statement;
    }

    private static ReplicateStatement Check(TokenReader tokens)
    {
        var destination = tokens.Table("a destination table");
        tokens.Word("AGAINST");
        var source = tokens.Table("a source table");
        var check = new CacheCheck();
        if (tokens.TryWord("WITH"))
        {
            tokens.Word("REPAIR");
            check = check with { Repair = true };
        }

        if (tokens.TryWord("SKIP"))
        {
            tokens.Word("DELETED");
            check = check with { SkipDeleted = true };
        }

        if (tokens.TryWord("START"))
            check = check with { Start = Bound(tokens) };
        if (tokens.TryWord("END"))
            check = check with { End = Bound(tokens) };
        tokens.TrySymbol(";");
        if (tokens.Current.Kind != TokenKind.End)
            throw tokens.Expected("WITH REPAIR, SKIP DELETED, START, END, each once and in this order, or the end of the statement");
        return new() { DestinationTable = destination, SourceTable = source, Check = check };
    }

    private static string Bound(TokenReader tokens)
    {
        var sign = tokens.TrySymbol("-") ? "-" : "";
        return tokens.Current.Kind switch
        {
            TokenKind.Number => sign + tokens.Take().Value,
            TokenKind.Text when sign.Length == 0 => tokens.Take().Value,
            _ => throw tokens.Expected("a date in quotes or an integer"),
        };
    }

    private static string Continuation(ReplicateStatement statement) => statement switch
    {
        { Where: not null } => "the end of the statement",
        { Columns: null } when statement.SourceTable == statement.DestinationTable => "SELECT, WITH or the end of the statement",
        _ => "WHERE or the end of the statement",
    };

    private static ReplicateStatement Select(TokenReader tokens, ReplicateStatement statement)
    {
        var qualifiers = new List<(Token At, string Name)>();
        void Qualifier(Token at, string name) => qualifiers.Add((at, name));

        if (tokens.Current.IsWord("DISTINCT"))
            throw tokens.Error(tokens.Current, "DISTINCT is not supported in a REPLICATE statement; it copies rows of one table.");
        List<SelectedColumn>? columns = null;
        if (!tokens.TrySymbol("*"))
        {
            columns = [];
            do
                columns.Add(Column(tokens, Qualifier, columns));
            while (tokens.TrySymbol(","));
        }

        tokens.Word("FROM");
        var source = tokens.Table("a source table");
        if (tokens.Current is { Kind: TokenKind.Symbol, Value: "," } || BeyondOneTable.Any(tokens.Current.IsWord))
            throw tokens.Error(tokens.Current, $"`{tokens.Current.Value}` is not supported: a REPLICATE statement reads one table or view as it is.");
        var where = tokens.TryWord("WHERE") ? ExpressionParser.Parse(tokens, Qualifier) : null;
        if (BeyondOneTable.Any(tokens.Current.IsWord))
            throw tokens.Error(tokens.Current, $"`{tokens.Current.Value}` is not supported: a REPLICATE statement reads one table or view as it is.");
        foreach (var (at, name) in qualifiers)
        {
            if (!name.Equals(source, StringComparison.OrdinalIgnoreCase))
                throw tokens.Error(at, $"`{name}` is not the source table; columns come from [{source}].");
        }

        return statement with { SourceTable = source, Columns = columns, Where = where };
    }

    private static SelectedColumn Column(TokenReader tokens, Action<Token, string> qualifier, List<SelectedColumn> before)
    {
        var start = tokens.Current;
        if (start.Is("*"))
            throw tokens.Error(start, "* stands alone: either all columns or a list.");
        var value = ExpressionParser.Parse(tokens, qualifier);
        var nameAt = tokens.Current;
        string name;
        if (tokens.TryWord("AS"))
        {
            nameAt = tokens.Current;
            name = tokens.Name("a name for the column");
        }
        else
        {
            name = value is Expression.Column column ? column.Name : throw tokens.Error(tokens.Current, "a computed column needs a name: expected AS and a name.");
            nameAt = start;
        }

        if (before.Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw tokens.Error(nameAt, $"column `{name}` stands twice in the list.");
        return new(value, name);
    }

    private static (List<ColumnType> Types, List<string> Key) Definitions(TokenReader tokens)
    {
        var types = new List<ColumnType>();
        var key = new List<string>();
        do
        {
            var start = tokens.Current;
            if (tokens.TryWord("PRIMARY"))
            {
                tokens.Word("KEY");
                tokens.Symbol("(");
                if (key.Count > 0)
                    throw tokens.Error(start, "PRIMARY KEY stands twice.");
                do
                    key.Add(tokens.Name("a key column"));
                while (tokens.TrySymbol(","));
                tokens.Symbol(")");
                continue;
            }

            var name = tokens.Name("a column or PRIMARY KEY");
            if (types.Any(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw tokens.Error(start, $"column `{name}` stands twice in the list.");
            types.Add(new(name, Type(tokens)));
        }
        while (tokens.TrySymbol(","));
        tokens.Symbol(")");
        return (types, key);
    }

    private static string Type(TokenReader tokens)
    {
        var words = new List<string>();
        while (tokens.Current.Kind == TokenKind.Word && tokens.Current.Value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            if (words.Count == 4 || tokens.Current.IsWord("PRIMARY") || tokens.Current.IsWord("NOT") || tokens.Current.IsWord("DEFAULT") || tokens.Current.IsWord("REFERENCES"))
                throw tokens.Expected("`,` or `)`: a column has a name and a type only");
            words.Add(tokens.Take().Value);
        }

        if (words.Count == 0)
            throw tokens.Expected("a type");
        var type = string.Join(' ', words);
        if (!tokens.TrySymbol("("))
            return type;
        var numbers = new List<string>();
        do
            numbers.Add(tokens.Current.Kind == TokenKind.Number && numbers.Count < 2 && int.TryParse(tokens.Current.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? tokens.Take().Value : throw tokens.Expected("a length"));
        while (tokens.TrySymbol(","));
        tokens.Symbol(")");
        return $"{type}({string.Join(',', numbers)})";
    }

    private static ReplicateOptions Options(TokenReader tokens)
    {
        var options = new ReplicateOptions();
        do
        {
            var at = tokens.Current;
            var name = tokens.Name("an option");
            options = name.ToUpperInvariant() switch
            {
                "DROPTABLE" => options with { DropTable = Flag(tokens) },
                "TRUNCATETABLE" or "TRUNCATETABLEDATA" => options with { TruncateTable = Flag(tokens) },
                "ALTERSCHEMA" => options with { AlterSchema = Flag(tokens) },
                "SKIPDELETED" => options with { SkipDeleted = Flag(tokens) },
                "BATCHSIZE" => options with { BatchSize = Size(tokens) },
                "CHECKCOLUMN" => options with { CheckColumn = ColumnName(tokens) },
                _ => throw tokens.Error(at, $"unknown option `{name}`; there are {string.Join(", ", ReplicateOptions.Names)}."),
            };
        }
        while (tokens.TrySymbol(","));
        return options;
    }

    private static bool Flag(TokenReader tokens)
    {
        if (!tokens.TrySymbol("="))
            return true;
        var value = tokens.Current.Value.ToUpperInvariant();
        if (value is not ("TRUE" or "FALSE" or "1" or "0"))
            throw tokens.Expected("true or false");
        tokens.Take();
        return value is "TRUE" or "1";
    }

    private static int Size(TokenReader tokens)
    {
        tokens.Symbol("=");
        if (!int.TryParse(tokens.Current.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size is < 1 or > 1_000_000)
            throw tokens.Expected("a number from 1 to 1000000");
        tokens.Take();
        return size;
    }

    private static string ColumnName(TokenReader tokens)
    {
        tokens.Symbol("=");
        return tokens.Current.Kind == TokenKind.Text ? tokens.Take().Value : tokens.Name("a column");
    }
}
