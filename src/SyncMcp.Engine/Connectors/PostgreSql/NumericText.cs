using System.Buffers.Binary;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Decimals between the wire (digits of base 10,000; numeric.c, numeric_send) and their text.</summary>
internal static class NumericText
{
    private const ushort Negative = 0x4000;
    private const ushort NaN = 0xC000;
    private const ushort Infinity = 0xD000;
    private const ushort NegativeInfinity = 0xF000;
    private const int MostBehind = 16_383;
    private const int MostBefore = 131_072;

    /// <summary>Bytes that a value of this size on the wire needs as text at most.</summary>
    public static int MaxLength(ReadOnlySpan<byte> wire) =>
        16 + (Math.Max(BinaryPrimitives.ReadInt16BigEndian(wire[2..]) + 1, 0) * 4) + BinaryPrimitives.ReadUInt16BigEndian(wire[6..]);

    /// <summary>Writes the text; returns its length.</summary>
    public static int Write(Span<byte> to, ReadOnlySpan<byte> wire)
    {
        var count = BinaryPrimitives.ReadInt16BigEndian(wire);
        var weight = BinaryPrimitives.ReadInt16BigEndian(wire[2..]);
        var sign = BinaryPrimitives.ReadUInt16BigEndian(wire[4..]);
        var scale = BinaryPrimitives.ReadUInt16BigEndian(wire[6..]);
        if (sign is NaN or Infinity or NegativeInfinity)
        {
            var word = sign == NaN ? "NaN"u8 : sign == Infinity ? "Infinity"u8 : "-Infinity"u8;
            word.CopyTo(to);
            return word.Length;
        }

        var digits = wire[8..];
        var length = 0;
        if (sign == Negative)
            to[length++] = (byte)'-';
        if (weight < 0)
            to[length++] = (byte)'0';
        for (var group = 0; group <= weight; group++)
        {
            var four = Group(digits, group, count);
            var start = length;
            Four(to[length..], four);
            length += 4;
            if (group > 0)
                continue;
            // The first group without zeros in front.
            var zeros = four >= 1000 ? 0 : four >= 100 ? 1 : four >= 10 ? 2 : 3;
            to.Slice(start + zeros, 4 - zeros).CopyTo(to[start..]);
            length -= zeros;
        }

        if (scale == 0)
            return length;
        to[length++] = (byte)'.';
        var end = length + scale;
        for (var group = weight + 1; length < end; group++)
        {
            Four(to[length..], Group(digits, group, count));
            length += 4;
        }

        return end;
    }

    /// <summary>Writes the wire's form of a text with digits and at most a sign and a point; says what is wrong with it.</summary>
    public static string? Read(ReadOnlySpan<byte> text, Span<byte> to, out int length)
    {
        length = 8;
        to[..8].Clear();
        if (text.SequenceEqual("NaN"u8) || text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8))
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[4..], text[0] == 'N' ? NaN : text[0] == 'I' ? Infinity : NegativeInfinity);
            return null;
        }

        var isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative)
            text = text[1..];
        var point = text.IndexOf((byte)'.');
        var before = (point < 0 ? text : text[..point]).TrimStart((byte)'0');
        var behind = point < 0 ? [] : text[(point + 1)..];
        if (text.Length == 0 || before.ContainsAnyExceptInRange((byte)'0', (byte)'9') || behind.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return "a text that is no decimal number";
        if (before.Length > MostBefore || behind.Length > MostBehind)
            return "a number with more digits than numeric holds";

        var groups = (before.Length + 3) / 4;
        var weight = groups - 1;
        var all = groups + ((behind.Length + 3) / 4);
        int first = -1, last = -1;
        for (var group = 0; group < all; group++)
        {
            var four = 0;
            for (var i = 0; i < 4; i++)
            {
                var place = group < groups ? before.Length - ((groups - group) * 4) + i : ((group - groups) * 4) + i;
                var side = group < groups ? before : behind;
                four = (four * 10) + (place >= 0 && place < side.Length ? side[place] - '0' : 0);
            }

            if (four == 0 && first < 0)
                continue;
            if (first < 0)
                first = group;
            BinaryPrimitives.WriteInt16BigEndian(to[(8 + ((group - first) * 2))..], (short)four);
            if (four != 0)
                last = group;
        }

        var count = last < 0 ? 0 : last - first + 1;
        BinaryPrimitives.WriteInt16BigEndian(to, (short)count);
        BinaryPrimitives.WriteInt16BigEndian(to[2..], (short)(count == 0 ? 0 : weight - first));
        BinaryPrimitives.WriteUInt16BigEndian(to[4..], isNegative && count > 0 ? Negative : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(to[6..], (ushort)behind.Length);
        length = 8 + (count * 2);
        return null;
    }

    /// <summary>Bytes that a text of this length needs on the wire at most.</summary>
    public static int MaxWire(int textLength) => 8 + (((textLength / 4) + 3) * 2);

    private static int Group(ReadOnlySpan<byte> digits, int group, int count) => group < 0 || group >= count ? 0 : BinaryPrimitives.ReadInt16BigEndian(digits[(group * 2)..]);

    private static void Four(Span<byte> to, int number)
    {
        to[0] = (byte)('0' + (number / 1000));
        to[1] = (byte)('0' + (number / 100 % 10));
        to[2] = (byte)('0' + (number / 10 % 10));
        to[3] = (byte)('0' + (number % 10));
    }
}
