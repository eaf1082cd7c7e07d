using System.Buffers.Text;
using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// The type that all values of a column have, found by a look at the whole file: a sample would be wrong at the row behind it.
/// Only spellings that a value of the type gives back count: <c>007</c>, <c>+1</c>, <c>1E5</c> are texts, and so is a column with one of them.
/// </summary>
internal sealed class TypeDetection
{
    // Doubles hold so many digits of any number.
    private const int RealDigits = 15;

    private readonly Candidates[] columns;

    [Flags]
    private enum Candidates : byte
    {
        None = 0,
        Integer = 1,
        Real = 2,
        Boolean = 4,
        Date = 8,
        Timestamp = 16,
        TimestampTz = 32,
        All = 63,
        Unseen = 64,
    }

    private TypeDetection(int width) => Array.Fill(columns = new Candidates[width], Candidates.All | Candidates.Unseen);

    /// <summary>Looks at all rows, or the first ones for a quick answer; rows of another width are passed over, whoever reads them says so.</summary>
    public static TypeDetection Of(CsvTable table, CancellationToken ct, long most = long.MaxValue)
    {
        var detection = new TypeDetection(table.Columns.Count);
        var rows = table.Rows(table.RowsOffset, table.RowsLine);
        for (long row = 0; row < most && rows.Read(); row++)
        {
            if ((row & 4095) == 0)
                ct.ThrowIfCancellationRequested();
            for (var i = 0; rows.Count == detection.columns.Length && i < rows.Count; i++)
            {
                if (detection.columns[i] != Candidates.None && !table.IsNull(rows, i))
                    detection.columns[i] &= Of(rows[i]);
            }
        }

        return detection;
    }

    /// <summary>The type in words that every destination knows; null for text.</summary>
    public string? this[int column] => columns[column] switch
    {
        var unseen when unseen.HasFlag(Candidates.Unseen) => null,
        var found when found.HasFlag(Candidates.Integer) => "bigint",
        var found when found.HasFlag(Candidates.Real) => "double precision",
        var found when found.HasFlag(Candidates.Boolean) => "boolean",
        var found when found.HasFlag(Candidates.Date) => "date",
        var found when found.HasFlag(Candidates.Timestamp) => "timestamp",
        var found when found.HasFlag(Candidates.TimestampTz) => "timestamp with time zone",
        _ => null,
    };

    private static Candidates Of(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return Candidates.None;
        if (value[0] is (byte)'t' or (byte)'T' or (byte)'f' or (byte)'F')
            return Ascii.EqualsIgnoreCase(value, "true"u8) || Ascii.EqualsIgnoreCase(value, "false"u8) ? Candidates.Boolean : Candidates.None;
        if (value.Length >= 10 && value[4] == '-')
            return OfTime(value);
        return OfNumber(value);
    }

    private static Candidates OfTime(ReadOnlySpan<byte> value)
    {
        if (!IsoTime.TryRead(value, out var time))
            return Candidates.None;
        if (value.Length == 10)
            return Candidates.Date;
        return time.Offset is null ? Candidates.Timestamp : Candidates.TimestampTz;
    }

    private static Candidates OfNumber(ReadOnlySpan<byte> value)
    {
        var number = value[0] == '-' ? value[1..] : value;
        if (number.IsEmpty || !IsDigit(number[0]) || (number[0] == '0' && number.Length > 1 && number[1] != '.'))
            return Candidates.None;
        var point = number.IndexOf((byte)'.');
        if (number.IndexOfAnyExceptInRange((byte)'0', (byte)'9') != point || (point >= 0 && number[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0) || point == number.Length - 1)
            return Candidates.None;
        var real = number.Length - (point < 0 ? 0 : 1) <= RealDigits ? Candidates.Real : Candidates.None;
        if (point >= 0)
            return real;
        return value is [(byte)'-', (byte)'0'] ? Candidates.None : real | (Utf8Parser.TryParse(value, out long _, out var used) && used == value.Length ? Candidates.Integer : Candidates.None);
    }

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
