using System.Globalization;
using System.Text;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>One value on its own: a cursor, a bound. Rows never travel as cells.</summary>
internal readonly record struct Cell(int Type, long Integer, double Real, byte[]? Bytes)
{
    public static readonly Cell Null = new(Native.TypeNull, 0, 0, null);

    public static Cell Of(long value) => new(Native.TypeInteger, value, 0, null);

    public static Cell Of(string value) => new(Native.TypeText, 0, 0, Encoding.UTF8.GetBytes(value));

    public bool IsNull => Type == Native.TypeNull;

    /// <summary>As a person reads it.</summary>
    public override string ToString() => Type switch
    {
        Native.TypeInteger => Integer.ToString(CultureInfo.InvariantCulture),
        Native.TypeReal => Real.ToString("R", CultureInfo.InvariantCulture),
        Native.TypeText => Encoding.UTF8.GetString(Bytes!),
        Native.TypeBlob => "x'" + Convert.ToHexStringLower(Bytes!) + "'",
        _ => "null",
    };

    /// <summary>As the checkpoint keeps it: the type's letter, then the value without loss (text as hexadecimal where it is not valid UTF-8).</summary>
    public string Encode() => Type switch
    {
        Native.TypeInteger => "i:" + Integer.ToString(CultureInfo.InvariantCulture),
        Native.TypeReal => "r:" + BitConverter.DoubleToInt64Bits(Real).ToString("x16", CultureInfo.InvariantCulture),
        Native.TypeText when IsCleanText() => "t:" + Encoding.UTF8.GetString(Bytes!),
        Native.TypeText => "u:" + Convert.ToHexStringLower(Bytes!),
        Native.TypeBlob => "b:" + Convert.ToHexStringLower(Bytes!),
        _ => "n:",
    };

    /// <summary>By SQLite's order of values: null, numbers, texts, blobs; texts and blobs byte by byte.</summary>
    public int Against(in Cell other)
    {
        var (mine, others) = (Rank, other.Rank);
        if (mine != others)
            return mine.CompareTo(others);
        return mine switch
        {
            1 when Type == Native.TypeInteger && other.Type == Native.TypeInteger => Integer.CompareTo(other.Integer),
            1 => AsDouble.CompareTo(other.AsDouble),
            2 or 3 => Bytes.AsSpan().SequenceCompareTo(other.Bytes),
            _ => 0,
        };
    }

    /// <summary>0 null, 1 number, 2 text, 3 blob.</summary>
    public int Rank => Type switch
    {
        Native.TypeInteger or Native.TypeReal => 1,
        Native.TypeText => 2,
        Native.TypeBlob => 3,
        _ => 0,
    };

    private double AsDouble => Type == Native.TypeInteger ? Integer : Real;

    public static Cell Decode(string text) => text[0] switch
    {
        'i' => Of(long.Parse(text.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        'r' => new(Native.TypeReal, 0, BitConverter.Int64BitsToDouble(long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), null),
        't' => Of(text[2..]),
        'u' => new(Native.TypeText, 0, 0, Convert.FromHexString(text.AsSpan(2))),
        'b' => new(Native.TypeBlob, 0, 0, Convert.FromHexString(text.AsSpan(2))),
        _ => Null,
    };

    private bool IsCleanText()
    {
        var text = Encoding.UTF8.GetString(Bytes!);
        return !text.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) == Bytes!.Length && Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(Bytes);
    }
}

/// <summary>Takes single values out of a batch.</summary>
internal static class BatchCells
{
    public static Cell CellAt(this BatchColumn column, int row) => column.Kind(row) switch
    {
        CellKind.Integer => Cell.Of(column.Integer(row)),
        CellKind.Real => new(Native.TypeReal, 0, column.Real(row), null),
        CellKind.Text => new(Native.TypeText, 0, 0, column.Bytes(row).ToArray()),
        CellKind.Blob => new(Native.TypeBlob, 0, 0, column.Bytes(row).ToArray()),
        _ => Cell.Null,
    };
}
