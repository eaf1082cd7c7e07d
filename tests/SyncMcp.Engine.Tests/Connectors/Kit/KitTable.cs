using System.Globalization;
using System.Text;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>A column by its logical type.</summary>
public sealed record KitColumn(string Name, LogicalType Type);

/// <summary>A table as every connector can hold it: values in the spellings of docs/types.md, bytes as <c>\x00ff</c>, null for null.</summary>
public sealed record KitTable(string Name, IReadOnlyList<KitColumn> Columns, IReadOnlyList<string> Key, IReadOnlyList<string?[]> Rows)
{
    /// <summary>One column of each type, and rows at the ends of what it holds.</summary>
    public static KitTable Everything { get; } = new(
        "everything",
        [
            new("id", LogicalType.Int64), new("small", LogicalType.Int16), new("normal", LogicalType.Int32), new("big", LogicalType.Int64), new("ratio", LogicalType.Real), new("price", LogicalType.Decimal(10, 2)),
            new("exact", LogicalType.Decimal(38, 10)), new("free", LogicalType.UnboundDecimal), new("name", LogicalType.Text), new("code", LogicalType.TextOf(20)), new("data", LogicalType.Bytes), new("flag", LogicalType.Boolean),
            new("day", LogicalType.Date), new("clock", LogicalType.Time), new("at", LogicalType.Timestamp), new("point", LogicalType.TimestampTz), new("ref", LogicalType.Uuid), new("doc", LogicalType.Json),
        ],
        ["id"],
        [
            ["1", "-32768", "-2147483648", "-9223372036854775808", "-1.7976931348623157E+308", "-99999999.99", "-9999999999999999999999999999.9999999999", "-123456789012345678901234567890.000000000000000000001", "a", "a", "\\x00", "0", "0001-01-01", "00:00:00", "0001-01-01 00:00:00", "0001-01-01 00:00:00+00:00", "00000000-0000-0000-0000-000000000000", "null"],
            ["2", "32767", "2147483647", "9223372036854775807", "5E-324", "99999999.99", "9999999999999999999999999999.9999999999", "123456789012345678901234567890.000000000000000000001", "Zoë, \"日本\" 😀\r\nline two; tab\t.", "日本😀", "\\x00ff0a0d22", "1", "9999-12-31", "23:59:59.999999", "9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999+00:00", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{\"a\": [1, 2.50, \"x\"], \"a\": null}"],
            ["3", "0", "0", "0", "0", "0.01", "0.0000000001", "0", "", "", "\\x", "0", "2024-02-29", "12:30:00.5", "2024-02-29 12:30:00.5", "2024-02-29 12:30:00.5+00:00", "0f8fad5b-d9cb-469f-a165-70867728950e", "[]"],
            ["4", .. new string?[17]],
            ["9007199254740993", "1", "1", "9007199254740993", "0.1", "12.3", "12.3", "0.1", "NULL", " x ", "\\x5c78", "1", "1970-01-01", "00:00:01", "2024-03-31 02:30:00", "1970-01-01 00:00:00.000001+00:00", "12345678-9abc-def0-1234-56789abcdef0", "12.50"],
        ]);

    /// <summary>Many rows with a check column, to be interrupted in.</summary>
    public static KitTable Many(int rows) => new(
        "many",
        [new("id", LogicalType.Int64), new("name", LogicalType.Text), new("price", LogicalType.Decimal(10, 2)), new("updated_at", LogicalType.Timestamp)],
        ["id"],
        [.. Enumerable.Range(1, rows).Select(i => new[] { Text(i), $"name {i}", $"{i}.5", Time(i) })]);

    /// <summary>A time so many seconds after the first of 2024.</summary>
    public static string Time(int seconds) => new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(seconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The same values in one spelling: what a connector may spell in several ways (zeros at the end of a decimal, doubles) is no difference.</summary>
    public static string? Plain(LogicalType type, string? value) => value is null ? null : type.Kind switch
    {
        LogicalKind.Decimal when value.Contains('.', StringComparison.Ordinal) => value.TrimEnd('0').TrimEnd('.'),
        LogicalKind.Real => double.Parse(value, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => value,
    };

    /// <summary>The rows as lines, sorted.</summary>
    public IReadOnlyList<string> Lines(IEnumerable<string?[]> rows)
    {
        var lines = rows.Select(row =>
        {
            var line = new StringBuilder();
            for (var i = 0; i < row.Length; i++)
                line.Append(Plain(Columns[i].Type, row[i]) ?? "∅").Append(" | ");
            return line.ToString();
        }).ToList();
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>Places of the key.</summary>
    public IReadOnlyList<int> KeyPlaces => [.. Key.Select(name => Columns.ToList().FindIndex(column => column.Name == name))];

    public KitTable With(IReadOnlyList<string?[]> rows) => this with { Rows = rows };
}
