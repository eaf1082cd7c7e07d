using System.Globalization;
using System.Numerics;
using CsCheck;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>
/// Values that fit their column or do not, at random: of each row either all values arrive without loss, as told by means of its own here, or it is put aside. Nothing is cut, rounded or lost on the way.
/// </summary>
public sealed class LossTests : IDisposable
{
    private const int Cases = 30;
    private const int Rows = 40;

    private static readonly LogicalType[] Types =
    [
        LogicalType.Int16, LogicalType.Int32, LogicalType.Int64, LogicalType.Real, LogicalType.Decimal(6, 2), LogicalType.Decimal(18, 0), LogicalType.Decimal(20, 4), LogicalType.UnboundDecimal, LogicalType.Text, LogicalType.TextOf(5),
        LogicalType.Bytes, LogicalType.Boolean, LogicalType.Date, LogicalType.Time, LogicalType.Timestamp, LogicalType.TimestampTz, LogicalType.Uuid, LogicalType.Json, LogicalType.Any,
    ];

    private static readonly string[] Texts =
    [
        "", " ", "a", "abcdef", "日本😀", "0", "1", "2", "-1", "007", "+7", "-0", "0.0", "1.5", ".5", "5.", "1e3", "1E-3", "1e400", "32768", "2147483648", "9223372036854775807", "9223372036854775808", "9007199254740993", "1234.56",
        "1234.567", "12345.6", "0.1234567890123456789", "NaN", "Infinity", "true", "f", "yes", "2024-02-29", "2023-02-29", "2024-02-29 12:30", "2024-02-29T12:30:00.1234567", "2024-02-29 12:30:00+02:00", "2024-02-29 00:00:00Z",
        "2024-02-29 12:30:00.123456789", "9999-12-31 23:59:59-05:00", "12:30", "24:00", "12:30:00.000001", "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5bd9cb469fa16570867728950e", "{}", "{", "[1, 2.50]", "\\x00ff", "\\x0", "a,b", "\"q\"", "\r\n", "NULL",
    ];

    private static readonly Gen<object?> Value = Gen.Frequency(
        (1, Gen.Const((object?)null)),
        (8, Gen.OneOf(Texts).Select(text => (object?)text)),
        (2, Gen.OneOf(-3L, -1, 0, 1, 2, 40_000L, 3_000_000_000, 9_007_199_254_740_993, long.MinValue, long.MaxValue).Select(number => (object?)number)),
        (2, Gen.OneOf(0.5, 1, -0.0, 1e20, 0.1, 0.30000000000000004, 1234.56, double.MaxValue, double.Epsilon, double.PositiveInfinity, 9.2233720368547758e18).Select(real => (object?)real)),
        (1, Gen.Byte.Array[0, 4].Select(bytes => (object?)bytes)));

    private readonly Lab lab = new();
    private int tables;

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("SQLite", "CSV")]
    [InlineData("SQLite", "PostgreSQL")]
    [InlineData("CSV", "SQLite")]
    [InlineData("CSV", "PostgreSQL")]
    public async Task A_row_arrives_without_loss_or_is_put_aside(string from, string to)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        await using var destination = await Places.OpenAsync(to, lab, isSource: false);
        Gen.Select(Gen.Int[0, Types.Length - 1].Array[1, 3], Value.Array[3].List[1, Rows]).Sample((types, rows) => Check([.. types.Select(type => Types[type])], rows, source, destination), iter: Cases, threads: 1);
    }

    private void Check(IReadOnlyList<LogicalType> types, List<object?[]> values, KitPlace source, KitPlace destination)
    {
        // Of a file without types each column that the query gives none gets the one that its values have: that is another test's.
        if (!source.KnowsTypes)
            types = [.. types.Select(type => type.Kind == LogicalKind.Any ? LogicalType.Text : type)];
        var columns = types.Select((type, i) => new KitColumn($"c{i}", type)).Prepend(new("id", LogicalType.Int64)).ToList();
        var table = new KitTable($"t{++tables}", columns, ["id"], []);
        source.Make(table);
        var left = source is SqlitePlace ? FillSqlite(table, values) : FillTexts(source, table, values);
        lab.Run(lab.Plan(query: source.Query(table)) with
        {
            TaskId = table.Name,
            Source = source.Connection,
            Destination = destination.Connection,
            Settings = new() { ContinueOnError = true },
            Path = TransferPath.Batches,
        });
        var aside = lab.Logs.Count(line => line.StartsWith("Error: Put aside", StringComparison.Ordinal));
        lab.Logs.Clear();
        var arrived = destination.Rows(table);
        Assert.Equal(left.Count, arrived.Count + aside);
        foreach (var row in arrived)
        {
            var origin = left[int.Parse(row[0]!)];
            for (var i = 0; i < types.Count; i++)
                Assert.True(IsSame(origin[i], types[i], row[i + 1]), $"{types[i]}: {origin[i]} ({origin[i]?.GetType().Name}) arrived as {row[i + 1]}");
        }
    }

    private static List<object?[]> FillTexts(KitPlace source, KitTable table, List<object?[]> values)
    {
        var texts = values.Select(row => row.Take(table.Columns.Count - 1).Select(value => value as string).ToArray<object?>()).ToList();
        source.Put(table, [.. texts.Select((row, i) => row.Cast<string?>().Prepend(KitTable.Text(i)).ToArray())]);
        return texts;
    }

    /// <summary>Fills it with values of all storage classes; gives them as the file keeps them.</summary>
    private List<object?[]> FillSqlite(KitTable table, List<object?[]> values)
    {
        using var connection = Lab.Open(lab.Source);
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO {table.Name} VALUES ($id, {string.Join(", ", table.Columns.Skip(1).Select((_, i) => $"$v{i}"))})";
        for (var row = 0; row < values.Count; row++)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("$id", row);
            for (var i = 0; i < table.Columns.Count - 1; i++)
                command.Parameters.AddWithValue($"$v{i}", values[row][i] ?? DBNull.Value);
            command.ExecuteNonQuery();
        }

        command.Parameters.Clear();
        command.CommandText = $"SELECT * FROM {table.Name} ORDER BY id";
        using var reader = command.ExecuteReader();
        var kept = new List<object?[]>();
        while (reader.Read())
            kept.Add([.. Enumerable.Range(1, table.Columns.Count - 1).Select(i => reader.IsDBNull(i) ? null : Raw(reader, i))]);
        return kept;
    }

    // By the class of the value alone: the provider would make times and booleans of what the declared type says.
    private static object Raw(SqliteDataReader reader, int column) => SQLitePCL.raw.sqlite3_column_type(reader.Handle!, column) switch
    {
        SQLitePCL.raw.SQLITE_INTEGER => reader.GetInt64(column),
        SQLitePCL.raw.SQLITE_FLOAT => reader.GetDouble(column),
        SQLitePCL.raw.SQLITE_TEXT => reader.GetString(column),
        _ => reader.GetFieldValue<byte[]>(column),
    };

    private static bool IsSame(object? left, LogicalType type, string? arrived)
    {
        if (left is null || arrived is null)
            return left is null && arrived is null;
        return (left, type.Kind) switch
        {
            (byte[] bytes, _) => arrived == "\\x" + Convert.ToHexStringLower(bytes),
            (long number, LogicalKind.Real) => double.Parse(arrived, CultureInfo.InvariantCulture) is var real && (BigInteger)real == number,
            (long number, _) => Number(arrived) == Number(KitTable.Text(number)),
            (double real, LogicalKind.Integer) => (BigInteger)real == BigInteger.Parse(arrived, CultureInfo.InvariantCulture) && double.IsInteger(real),
            // What arithmetic makes of a decimal is that decimal (docs/types.md).
            (double real, LogicalKind.Decimal) when type.Size > 0 && real != 0 && double.IsFinite(real) =>
                double.Parse(arrived, CultureInfo.InvariantCulture) is not 0 and var near && Math.Abs(near - real) <= 4 * (Math.BitIncrement(Math.Abs(real)) - Math.Abs(real)),
            (double real, _) => double.Parse(arrived, CultureInfo.InvariantCulture) == real && double.IsFinite(real),
            (string text, LogicalKind.Real) => double.Parse(text, CultureInfo.InvariantCulture) is var real && double.IsFinite(real) && real == double.Parse(arrived, CultureInfo.InvariantCulture) && text.Count(char.IsAsciiDigit) <= 18,
            (string text, LogicalKind.Decimal) => Number(text) is { } number && number == Number(arrived),
            (string text, LogicalKind.Boolean) => arrived == (text.ToUpperInvariant() is "TRUE" or "T" or "1" ? "1" : text.ToUpperInvariant() is "FALSE" or "F" or "0" ? "0" : "?"),
            (string text, LogicalKind.Date or LogicalKind.Timestamp) => Time(text) is { Zone: null } time && Time(arrived) == time,
            (string text, LogicalKind.TimestampTz) => Time(text) is { } time && Time(arrived) is { Zone: 0 } there && there.Ticks == time.Ticks - ((time.Zone ?? 0) * TimeSpan.TicksPerMinute) && there.More == time.More,
            (string text, LogicalKind.Time) => Time("2000-01-01 " + text) is { Zone: null } time && Time("2000-01-01 " + arrived) == time,
            (string text, LogicalKind.Uuid) => Guid.Parse(text) == Guid.Parse(arrived),
            (string text, _) => text == arrived,
            _ => false,
        };
    }

    /// <summary>A decimal number as digits and a power of ten; null for none.</summary>
    private static (BigInteger Digits, int Power)? Number(string text)
    {
        var parts = text.Split('e', 'E');
        var power = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        power -= point < 0 ? 0 : parts[0].Length - point - 1;
        if (!BigInteger.TryParse(parts[0].Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var digits))
            return null;
        for (; !digits.IsZero && digits % 10 == 0; digits /= 10)
            power++;
        return digits.IsZero ? (digits, 0) : (digits, power);
    }

    /// <summary>A time by the framework's own parser, its digits beyond 100 ns, and its zone in minutes.</summary>
    private static (long Ticks, string More, int? Zone)? Time(string text)
    {
        var zone = text.Length > 10 && text.AsSpan(10).IndexOfAny("+-Z") is >= 0 and var at ? text[(10 + at)..] : "";
        var plain = text[..(text.Length - zone.Length)];
        var rest = "";
        if (plain.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point && plain.Length - point > 8)
            (plain, rest) = (plain[..(point + 8)], plain[(point + 8)..].TrimEnd('0'));
        if (!DateTime.TryParse(plain, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return null;
        int? minutes = zone.Length == 0 ? null : zone == "Z" ? 0 : (int)(DateTimeOffset.Parse("2000-01-01 00:00:00" + zone, CultureInfo.InvariantCulture).Offset.TotalMinutes);
        return (time.Ticks, rest, minutes);
    }
}
