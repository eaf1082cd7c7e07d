using System.Globalization;
using System.Text;

namespace SyncMcp.Engine.Connectors;

/// <summary>One value on its own: a cursor, a bound. Rows never travel as cells.</summary>
internal readonly record struct Cell(CellKind Kind, long Integer, double Real, byte[]? Bytes)
{
    public static readonly Cell Null = new(CellKind.Null, 0, 0, null);

    public static Cell Of(long value) => new(CellKind.Integer, value, 0, null);

    public static Cell Of(string value) => new(CellKind.Text, 0, 0, Encoding.UTF8.GetBytes(value));

    public bool IsNull => Kind == CellKind.Null;

    /// <summary>As a person reads it.</summary>
    public override string ToString() => Kind switch
    {
        CellKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        CellKind.Real => Real.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Text => Encoding.UTF8.GetString(Bytes!),
        CellKind.Blob => "x'" + Convert.ToHexStringLower(Bytes!) + "'",
        _ => "null",
    };

    /// <summary>As the checkpoint keeps it: the type's letter, then the value without loss (text as hexadecimal where it is not valid UTF-8).</summary>
    public string Encode() => Kind switch
    {
        CellKind.Integer => "i:" + Integer.ToString(CultureInfo.InvariantCulture),
        CellKind.Real => "r:" + BitConverter.DoubleToInt64Bits(Real).ToString("x16", CultureInfo.InvariantCulture),
        CellKind.Text when IsCleanText() => "t:" + Encoding.UTF8.GetString(Bytes!),
        CellKind.Text => "u:" + Convert.ToHexStringLower(Bytes!),
        CellKind.Blob => "b:" + Convert.ToHexStringLower(Bytes!),
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
            1 when Kind == CellKind.Integer && other.Kind == CellKind.Integer => Integer.CompareTo(other.Integer),
            1 => AsDouble.CompareTo(other.AsDouble),
            2 or 3 => Bytes.AsSpan().SequenceCompareTo(other.Bytes),
            _ => 0,
        };
    }

    /// <summary>0 null, 1 number, 2 text, 3 blob.</summary>
    public int Rank => Kind switch
    {
        CellKind.Integer or CellKind.Real => 1,
        CellKind.Text => 2,
        CellKind.Blob => 3,
        _ => 0,
    };

    private double AsDouble => Kind == CellKind.Integer ? Integer : Real;

    public static Cell Decode(string text) => text[0] switch
    {
        'i' => Of(long.Parse(text.AsSpan(2), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        'r' => new(CellKind.Real, 0, BitConverter.Int64BitsToDouble(long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)), null),
        't' => Of(text[2..]),
        'u' => new(CellKind.Text, 0, 0, Convert.FromHexString(text.AsSpan(2))),
        'b' => new(CellKind.Blob, 0, 0, Convert.FromHexString(text.AsSpan(2))),
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
        CellKind.Real => new(CellKind.Real, 0, column.Real(row), null),
        CellKind.Text => new(CellKind.Text, 0, 0, column.Bytes(row).ToArray()),
        CellKind.Blob => new(CellKind.Blob, 0, 0, column.Bytes(row).ToArray()),
        _ => Cell.Null,
    };
}
