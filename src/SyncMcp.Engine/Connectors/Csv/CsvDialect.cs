using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>How the files of a connection are spelled: delimiter, quote, header, characters, null.</summary>
internal sealed record CsvDialect
{
    /// <summary>As where a connection says nothing.</summary>
    public static readonly CsvDialect Default = new();

    /// <summary>Between values; null = by the file's name: a tab in <c>.tsv</c> and <c>.tab</c>, else a comma.</summary>
    public byte? Delimiter { get; private init; }

    /// <summary>Around values; null for none.</summary>
    public byte? Quote { get; private init; } = (byte)'"';

    /// <summary>The first row names the columns.</summary>
    public bool HasHeader { get; private init; } = true;

    /// <summary>Characters of files without a byte order mark, and of new files.</summary>
    public CsvCharset Charset { get; private init; } = CsvCharset.Utf8;

    /// <summary>Texts that mean null where they stand without quotes, beside the empty one; the first is written.</summary>
    public IReadOnlyList<byte[]> Nulls { get; private init; } = [];

    /// <summary>The line end of new files; null = as in the file that is there, else LF.</summary>
    public byte[]? LineEnd { get; private init; }

    /// <summary>Columns of a new table get the types that all their values have, instead of text.</summary>
    public bool DetectsTypes { get; private init; } = true;

    /// <summary>The same for one file.</summary>
    public byte DelimiterOf(string path) => Delimiter ?? (Path.GetExtension(path).ToUpperInvariant() is ".TSV" or ".TAB" ? (byte)'\t' : (byte)',');

    /// <summary>The same for a file under another name.</summary>
    public CsvDialect For(CsvLayout layout) => this with { Delimiter = layout.Delimiter, Charset = layout.Charset };

    /// <summary>A text that changes when files are read differently.</summary>
    public string Fingerprint => $"{Delimiter}/{Quote}/{HasHeader}/{Charset}/{string.Join(',', Nulls.Select(Convert.ToHexStringLower))}";

    /// <summary>The dialect that a connection's properties describe.</summary>
    /// <exception cref="ReplicationException">Code <c>property_invalid</c>.</exception>
    public static CsvDialect Of(ResolvedConnection connection)
    {
        var dialect = new CsvDialect
        {
            Delimiter = OfFormat(Value("FMT")),
            Quote = Value("Quote Character") is { } quote ? quote.Equals("None", StringComparison.OrdinalIgnoreCase) ? null : Single("Quote Character", quote, "one character, or None") : (byte)'"',
            HasHeader = Flag("Include Column Headers", Value("Include Column Headers")) ?? true,
            Charset = CsvCharset.Parse(Value("Charset")),
            Nulls = [.. (Value("Null Values") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes)],
            LineEnd = OfLine(Value("Row Delimiter")),
            DetectsTypes = OfScheme(Value("Type Detection Scheme")),
        };
        return dialect.Quote is { } same && (same == dialect.Delimiter || (dialect.Delimiter is null && same is (byte)',' or (byte)'\t'))
            ? throw Invalid("Quote Character", "another character than the delimiter")
            : dialect;

        string? Value(string name) => connection.Properties.FirstOrDefault(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } value ? value : null;
    }

    private static byte? OfFormat(string? value) => value switch
    {
        null => null,
        _ when Is(value, "CsvDelimited") => (byte)',',
        _ when Is(value, "TabDelimited") || value == @"\t" => (byte)'\t',
        _ when value.Length == 12 && value.StartsWith("Delimited(", StringComparison.OrdinalIgnoreCase) && value[^1] == ')' => Single("FMT", value[10..11], FormatWanted),
        _ => Single("FMT", value, FormatWanted),
    };

    private static byte[]? OfLine(string? value) => value?.ToUpperInvariant() switch
    {
        null => null,
        "LF" or @"\N" or "\n" => "\n"u8.ToArray(),
        "CRLF" or @"\R\N" or "\r\n" => "\r\n"u8.ToArray(),
        _ => throw Invalid("Row Delimiter", "LF or CRLF (it is for writing; all line ends are read)"),
    };

    private static bool OfScheme(string? value) => value?.ToUpperInvariant() switch
    {
        null or "ROWSCAN" => true,
        "NONE" => false,
        _ => throw Invalid("Type Detection Scheme", "None (all columns are text) or RowScan (the whole file is looked at)"),
    };

    private const string FormatWanted = "CsvDelimited, TabDelimited or one character such as ;";

    private static byte Single(string name, string value, string wanted) =>
        value is [var one] && char.IsAscii(one) && !char.IsAsciiLetterOrDigit(one) && one is not ('\r' or '\n' or '\0') ? (byte)one : throw Invalid(name, wanted);

    private static bool? Flag(string name, string? value) => value?.ToUpperInvariant() switch
    {
        null => null,
        "TRUE" or "YES" or "1" => true,
        "FALSE" or "NO" or "0" => false,
        _ => throw Invalid(name, "true or false"),
    };

    private static bool Is(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static ReplicationException Invalid(string name, string wanted) => new("property_invalid", $"the connection's property {name} wants {wanted}.");
}
