using System.Text;
using System.Text.Unicode;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>How one file is written: as the connection says, and else as the file that is there.</summary>
internal sealed record CsvLayout(byte Delimiter, byte? Quote, IReadOnlyList<byte[]> Nulls, CsvCharset Charset, byte[] Mark, byte[] LineEnd)
{
    public static CsvLayout Of(CsvDialect dialect, string path, CsvTable? existing) => new(
        dialect.DelimiterOf(path),
        dialect.Quote,
        dialect.Nulls,
        existing?.File.Charset ?? dialect.Charset,
        existing is null ? dialect.Charset.Mark : existing.File.MarkLength > 0 ? existing.File.Charset.Mark : [],
        dialect.LineEnd ?? existing?.LineEnd ?? [(byte)'\n']);

    /// <summary>Why a text cannot stand in the file and be read again as it is; null where it can.</summary>
    public string? Trouble(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
            return "a text that is not valid UTF-8";
        if (Quote is null)
        {
            if (text.IsEmpty || IsNullText(text))
                return "a text that reads as null where the connection's Quote Character is None";
            if (text.IndexOfAny(Delimiter, (byte)'\r', (byte)'\n') >= 0)
                return "a text with the delimiter or a line end, which cannot be written where the connection's Quote Character is None";
        }

        if (text.Length > RecordReader.MostBytes / 4)
            return $"a text longer than {RecordReader.MostBytes / 4 >> 20} MB";
        if (Charset.Encoding is not { } encoding || Ascii.IsValid(text))
            return null;
        try
        {
            _ = encoding.GetByteCount(Encoding.UTF8.GetString(text));
            return null;
        }
        catch (EncoderFallbackException)
        {
            return $"a text with characters that {Charset.Name} does not have";
        }
    }

    private bool IsNullText(ReadOnlySpan<byte> text)
    {
        foreach (var known in Nulls)
        {
            if (text.SequenceEqual(known))
                return true;
        }

        return false;
    }
}
