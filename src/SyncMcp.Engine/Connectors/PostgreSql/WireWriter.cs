using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Rows in the form of binary COPY, in a buffer that grows: what was sent stays here until the chunk has ended well, to be sent once more by another way.</summary>
internal sealed class WireWriter
{
    private byte[] buffer = new byte[1 << 20];

    public int Length { get; private set; }

    /// <summary>Rows in it.</summary>
    public int Rows { get; private set; }

    public ReadOnlySpan<byte> Bytes(int from) => buffer.AsSpan(from, Length - from);

    public void Clear()
    {
        (Length, Rows) = (0, 0);
        if (buffer.Length > 16 << 20)
            buffer = new byte[1 << 20];
    }

    /// <summary>Appends a row. Says which column's value the server cannot hold, and why; the row is then left out.</summary>
    /// <param name="batch">Holds the row.</param>
    /// <param name="row">The row.</param>
    /// <param name="carried">Places of the columns in the batch.</param>
    /// <param name="columns">The columns that they go to.</param>
    public (int Column, string Trouble)? Add(Batch batch, int row, ReadOnlySpan<int> carried, ReadOnlySpan<ColumnShape> columns)
    {
        var start = Length;
        BinaryPrimitives.WriteInt16BigEndian(Reserve(2), (short)carried.Length);
        for (var i = 0; i < carried.Length; i++)
        {
            var column = batch.Columns[carried[i]];
            if (column.Kind(row) == CellKind.Null)
            {
                BinaryPrimitives.WriteInt32BigEndian(Reserve(4), -1);
                continue;
            }

            if (Add(column, row, columns[i]) is { } trouble)
            {
                Length = start;
                return (i, trouble);
            }
        }

        Rows++;
        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (buffer.Length - Length < count)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, Length + count));
        var reserved = buffer.AsSpan(Length, count);
        Length += count;
        return reserved;
    }

    private Span<byte> Field(int length)
    {
        var reserved = Reserve(4 + length);
        BinaryPrimitives.WriteInt32BigEndian(reserved, length);
        return reserved[4..];
    }

    private string? Add(BatchColumn column, int row, ColumnShape to)
    {
        var wire = to.Wire;
        switch (wire)
        {
            case Wire.Int2 or Wire.Int4 or Wire.Int8 or Wire.Bool when column.Kind(row) == CellKind.Integer:
                return AddInteger(column.Integer(row), wire);
            case Wire.Float8 when column.Kind(row) == CellKind.Real:
                BinaryPrimitives.WriteDoubleBigEndian(Field(8), column.Real(row));
                return null;
            case Wire.Float4 when column.Kind(row) == CellKind.Real:
                var real = column.Real(row);
                if ((float)real != real && !double.IsNaN(real))
                    return "a number with more digits than a real of four bytes holds";
                BinaryPrimitives.WriteSingleBigEndian(Field(4), (float)real);
                return null;
            case Wire.Bytea when column.Kind(row) == CellKind.Blob:
                var blob = column.Bytes(row);
                blob.CopyTo(Field(blob.Length));
                return null;
            case Wire.Text or Wire.Json or Wire.Jsonb or Wire.Cast:
                return AddText(column, row, wire);
            default:
                return column.Kind(row) == CellKind.Text ? AddSpelled(column.Bytes(row), to) : $"a value of another kind ({column.Kind(row).ToString().ToLowerInvariant()})";
        }
    }

    private string? AddInteger(long value, Wire wire)
    {
        switch (wire)
        {
            case Wire.Int2 when value == (short)value:
                BinaryPrimitives.WriteInt16BigEndian(Field(2), (short)value);
                return null;
            case Wire.Int4 when value == (int)value:
                BinaryPrimitives.WriteInt32BigEndian(Field(4), (int)value);
                return null;
            case Wire.Int8:
                BinaryPrimitives.WriteInt64BigEndian(Field(8), value);
                return null;
            case Wire.Bool when value is 0 or 1:
                Field(1)[0] = (byte)value;
                return null;
            default:
                return "a number beyond the column's range";
        }
    }

    private string? AddText(BatchColumn column, int row, Wire wire)
    {
        if (column.Kind(row) is CellKind.Integer or CellKind.Real)
        {
            Span<byte> spelled = stackalloc byte[32];
            var length = 0;
            _ = column.Kind(row) == CellKind.Integer
                ? column.Integer(row).TryFormat(spelled, out length, default, CultureInfo.InvariantCulture)
                : column.Real(row).TryFormat(spelled, out length, "R", CultureInfo.InvariantCulture);
            return AddText(spelled[..length], wire);
        }

        return column.Kind(row) == CellKind.Text ? AddText(column.Bytes(row), wire) : "bytes";
    }

    private string? AddText(ReadOnlySpan<byte> text, Wire wire)
    {
        if (text.Contains((byte)0))
            return "a text with a zero character, which PostgreSQL cannot store";
        var field = Field(text.Length + (wire == Wire.Jsonb ? 1 : 0));
        if (wire == Wire.Jsonb)
            field[0] = 1; // version of the format
        text.CopyTo(field[(field.Length - text.Length)..]);
        return null;
    }

    private string? AddSpelled(ReadOnlySpan<byte> text, ColumnShape to)
    {
        string? trouble;
        switch (to.Wire)
        {
            case Wire.Numeric:
                Span<byte> numeric = text.Length <= 200 ? stackalloc byte[NumericText.MaxWire(200)] : new byte[NumericText.MaxWire(text.Length)];
                trouble = NumericText.Read(text, numeric, out var length);
                if (trouble is null)
                    numeric[..length].CopyTo(Field(length));
                return trouble;
            case Wire.Date:
                trouble = TimeText.ReadDate(text, out var days);
                if (trouble is null)
                    BinaryPrimitives.WriteInt32BigEndian(Field(4), days);
                return trouble;
            case Wire.Time:
                trouble = TimeText.ReadTime(text, out var time) ?? Unrounded(time, to);
                if (trouble is null)
                    BinaryPrimitives.WriteInt64BigEndian(Field(8), time);
                return trouble;
            case Wire.Timestamp or Wire.TimestampTz:
                trouble = TimeText.ReadTimestamp(text, out var microseconds) ?? Unrounded(microseconds, to);
                if (trouble is null)
                    BinaryPrimitives.WriteInt64BigEndian(Field(8), microseconds);
                return trouble;
            case Wire.Uuid:
                if (!Utf8Parser.TryParse(text, out Guid uuid, out var used, 'D') || used != text.Length)
                    return "a text that is no UUID";
                _ = uuid.TryWriteBytes(Field(16), bigEndian: true, out _);
                return null;
            default:
                return "a text";
        }
    }

    // Columns may hold fewer digits of a second than six; the server would round.
    private static string? Unrounded(long microseconds, ColumnShape to)
    {
        if (to.Modifier is < 0 or > 5 || microseconds is long.MaxValue or long.MinValue)
            return null;
        var unit = 1;
        for (var digits = to.Modifier; digits < 6; digits++)
            unit *= 10;
        return microseconds % unit == 0 ? null : $"a time with more than {to.Modifier} digits of a second";
    }
}
