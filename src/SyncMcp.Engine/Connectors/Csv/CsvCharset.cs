using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>How a file spells its characters.</summary>
/// <param name="Name">As <c>Charset</c> takes it.</param>
/// <param name="Encoding">Null for UTF-8, which is read and written as it is.</param>
/// <param name="Mark">The byte order mark that new files get; empty for none.</param>
internal sealed record CsvCharset(string Name, Encoding? Encoding, byte[] Mark)
{
    public static readonly CsvCharset Utf8 = new("UTF-8", null, []);
    public static readonly CsvCharset Utf8WithMark = new("UTF-8-BOM", null, [0xEF, 0xBB, 0xBF]);
    public static readonly CsvCharset Utf16 = new("UTF-16", new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), [0xFF, 0xFE]);
    public static readonly CsvCharset Utf16Big = new("UTF-16BE", new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), [0xFE, 0xFF]);
    public static readonly CsvCharset Latin1 = new("ISO-8859-1", Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback), []);

    private static readonly Lazy<CsvCharset> Western = new(() =>
        new("windows-1252", CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback), []));

    /// <summary>By name; UTF-8 where none is said.</summary>
    /// <exception cref="ReplicationException">Code <c>property_invalid</c>.</exception>
    public static CsvCharset Parse(string? name) => name?.ToUpperInvariant() switch
    {
        null or "UTF-8" or "UTF8" => Utf8,
        "UTF-8-BOM" => Utf8WithMark,
        "UTF-16" or "UTF-16LE" => Utf16,
        "UTF-16BE" => Utf16Big,
        "ISO-8859-1" or "LATIN1" or "LATIN-1" => Latin1,
        "WINDOWS-1252" or "CP1252" => Western.Value,
        _ => throw new ReplicationException("property_invalid", "the connection's property Charset wants UTF-8, UTF-8-BOM, UTF-16, UTF-16BE, ISO-8859-1 or windows-1252."),
    };

    /// <summary>The charset that a byte order mark at the beginning of a file tells; null when there is none.</summary>
    public static CsvCharset? OfMark(ReadOnlySpan<byte> begin) =>
        begin.StartsWith(Utf8WithMark.Mark) ? Utf8WithMark : begin.StartsWith(Utf16.Mark) ? Utf16 : begin.StartsWith(Utf16Big.Mark) ? Utf16Big : null;

    /// <summary>For fingerprints.</summary>
    public override string ToString() => Name;
}
