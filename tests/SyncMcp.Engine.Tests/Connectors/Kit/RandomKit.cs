using System.Globalization;
using System.Text;
using CsCheck;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>Random tables that every connector can hold, and random changes to them.</summary>
public static class RandomKit
{
    private const int MostColumns = 6;

    private static readonly string[] Names = ["a", "B", "with space", "select", "order", "x.y", "it's", "日本", "ünïcode", "quo\"te", "semi;colon", "per%cent", "1st", "comma,d"];

    private static readonly LogicalType[] Types =
    [
        LogicalType.Int16, LogicalType.Int32, LogicalType.Int64, LogicalType.Real, LogicalType.Decimal(6, 2), LogicalType.Decimal(15, 15), LogicalType.Decimal(18, 0), LogicalType.Decimal(20, 4), LogicalType.UnboundDecimal,
        LogicalType.Text, LogicalType.TextOf(5), LogicalType.Bytes, LogicalType.Boolean, LogicalType.Date, LogicalType.Time, LogicalType.Timestamp, LogicalType.TimestampTz, LogicalType.Uuid, LogicalType.Json,
    ];

    private static readonly string[] Texts = ["", "a", "A", " ", "  x ", "NULL", "null", "\\N", "\"", "'", ",", ";", "\t", "\r\n", "\n", "0", "007", "1e3", "true", "日本😀", "e\u0301", "\u202e", "\ufeff", "\\x00", "=1+1", "2024-01-01", "\u0001", "a,b\r\n\"c\""];

    private static readonly string[] Documents = ["null", "1", "1.50", "\"x\"", "[]", "{\"b\":1,\"a\":[true,null]}", " {\"a\" : 1 } ", "1e400", "{\"a\":1,\"a\":2}"];

    /// <summary>A table with rows, and the rows after a change: some as they were, some changed, some new.</summary>
    public static Gen<(KitTable Before, KitTable After)> Tables { get; } = Gen.Select(
        Gen.Shuffle(Names),
        Gen.Int[0, Types.Length - 1].Array[1, MostColumns],
        Gen.Int[0, 25],
        Gen.Int[0, 8],
        Gen.Bool,
        Gen.UInt).Select((names, types, count, more, keyed, seed) =>
        {
            var columns = types.Select((type, i) => new KitColumn(names[i], Types[type])).Prepend(new KitColumn("id", LogicalType.Int64)).ToList();
            var random = new Random((int)seed);
            List<string?[]> Rows(int from, int to) => [.. Enumerable.Range(from, Math.Max(0, to - from)).Select(i => columns.Select((column, c) => c == 0 ? KitTable.Text(i * 3L - 20) : Value(column.Type, random)).ToArray())];
            var rows = Rows(0, count);
            var table = new KitTable("t", columns, keyed ? ["id"] : [], rows);
            var changed = rows.Select(row => random.Next(3) > 0 ? row : Rows(0, 1)[0].Skip(1).Prepend(row[0]).ToArray()).Concat(Rows(count, count + more)).ToList();
            return (table, table.With(changed));
        });

    /// <summary>A value of the type, in the spelling of docs/types.md; null sometimes.</summary>
    public static string? Value(LogicalType type, Random random)
    {
        if (random.Next(5) == 0)
            return null;
        return type.Kind switch
        {
            LogicalKind.Integer => KitTable.Text(Integer(type.Size, random)),
            LogicalKind.Real => Real(random).ToString("R", CultureInfo.InvariantCulture),
            LogicalKind.Decimal => Decimal(type, random),
            LogicalKind.Text => Text(type.Size, random),
            LogicalKind.Bytes => "\\x" + Convert.ToHexStringLower(Bytes(random)),
            LogicalKind.Boolean => random.Next(2) == 0 ? "0" : "1",
            LogicalKind.Date => Day(random).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            LogicalKind.Time => Clock(random),
            LogicalKind.Timestamp => $"{Day(random):yyyy-MM-dd} {Clock(random)}",
            LogicalKind.TimestampTz => $"{Day(random):yyyy-MM-dd} {Clock(random)}+00:00",
            LogicalKind.Uuid => new Guid(Bytes(random, 16)).ToString(),
            _ => Documents[random.Next(Documents.Length)],
        };
    }

    private static long Integer(int bits, Random random) => random.Next(4) switch
    {
        0 => long.MinValue >> (64 - bits),
        1 => long.MaxValue >> (64 - bits),
        2 => random.Next(-3, 4),
        _ => random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits),
    };

    private static double Real(Random random) => random.Next(4) switch
    {
        0 => new[] { 0.0, 1, -1.5, 0.1, double.MaxValue, double.MinValue, double.Epsilon, 9007199254740993, 1e22, -1e-7 }[random.Next(10)],
        1 => random.NextDouble(),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()) is var bits && double.IsFinite(bits) ? bits : 1,
    };

    private static string Decimal(LogicalType type, Random random)
    {
        var scale = type.Size == 0 ? random.Next(30) : type.Scale;
        var whole = type.Size == 0 ? random.Next(40) : type.Size - type.Scale;
        var digits = new StringBuilder();
        for (var i = random.Next(whole + 1); i > 0; i--)
            digits.Append((char)('0' + random.Next(digits.Length == 0 ? 1 : 0, 10)));
        if (digits.Length == 0)
            digits.Append('0');
        if (scale > 0 && random.Next(4) > 0)
        {
            digits.Append('.');
            for (var i = random.Next(1, scale + 1); i > 0; i--)
                digits.Append((char)('0' + random.Next(10)));
        }

        var number = digits.ToString();
        return random.Next(2) == 0 && number.AsSpan().ContainsAnyInRange('1', '9') ? "-" + number : number;
    }

    private static string Text(int length, Random random)
    {
        var text = random.Next(3) > 0 ? Texts[random.Next(Texts.Length)] : new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)random.Next(' ', 0x2ff))]);
        return length == 0 ? text : string.Concat(text.EnumerateRunes().Take(length));
    }

    private static byte[] Bytes(Random random, int? length = null)
    {
        var bytes = new byte[length ?? random.Next(9)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static DateOnly Day(Random random) => random.Next(4) switch
    {
        0 => DateOnly.MinValue,
        1 => DateOnly.MaxValue,
        _ => DateOnly.FromDayNumber(random.Next(DateOnly.MaxValue.DayNumber)),
    };

    private static string Clock(Random random)
    {
        var time = $"{random.Next(24):00}:{random.Next(60):00}:{random.Next(60):00}";
        return random.Next(2) == 0 ? time : $"{time}.{random.Next(1, 1_000_000):000000}".TrimEnd('0');
    }
}
