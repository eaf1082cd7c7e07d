using System.Buffers.Binary;
using System.Buffers.Text;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Puts values from the wire into the columns of a batch, in the forms of docs/types.md.</summary>
internal static class WireReader
{
    public static void Add(Wire wire, ReadOnlySpan<byte> value, BatchColumn to)
    {
        switch (wire)
        {
            case Wire.Int2:
                to.Add((long)BinaryPrimitives.ReadInt16BigEndian(value));
                break;
            case Wire.Int4:
                to.Add((long)BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case Wire.Int8:
                to.Add(BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case Wire.Float4:
                to.Add((double)BinaryPrimitives.ReadSingleBigEndian(value));
                break;
            case Wire.Float8:
                to.Add(BinaryPrimitives.ReadDoubleBigEndian(value));
                break;
            case Wire.Bool:
                to.Add((long)value[0]);
                break;
            case Wire.Bytea:
                to.Add(CellKind.Blob, value);
                break;
            case Wire.Jsonb:
                to.Add(CellKind.Text, value[1..]); // behind the version of the format
                break;
            case Wire.Text or Wire.Json or Wire.Cast:
                to.Add(CellKind.Text, value);
                break;
            default:
                AddSpelled(wire, value, to);
                break;
        }
    }

    private static void AddSpelled(Wire wire, ReadOnlySpan<byte> value, BatchColumn to)
    {
        Span<byte> text = stackalloc byte[128];
        if (wire == Wire.Numeric && NumericText.MaxLength(value) is var most && most > text.Length)
            text = new byte[most];
        var length = 0;
        switch (wire)
        {
            case Wire.Numeric:
                length = NumericText.Write(text, value);
                break;
            case Wire.Date:
                length = TimeText.WriteDate(text, BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case Wire.Time:
                length = TimeText.WriteTime(text, BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case Wire.Timestamp or Wire.TimestampTz:
                length = TimeText.WriteTimestamp(text, BinaryPrimitives.ReadInt64BigEndian(value), zone: wire == Wire.TimestampTz);
                break;
            case Wire.Uuid:
                _ = Utf8Formatter.TryFormat(new Guid(value, bigEndian: true), text, out length, 'D');
                break;
        }

        to.Add(CellKind.Text, text[..length]);
    }
}
