using System.Globalization;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>One expression means one thing, whatever kind of source computes it: the values of two rows, and the rows that a condition lets through.</summary>
public sealed class ExpressionTests : IDisposable
{
    private static readonly KitTable Table = new(
        "t",
        [
            new("id", LogicalType.Int64), new("name", LogicalType.Text), new("n", LogicalType.Int64), new("price", LogicalType.Decimal(10, 2)), new("ratio", LogicalType.Real),
            new("day", LogicalType.Date), new("at", LogicalType.Timestamp),
        ],
        ["id"],
        [["1", " Ann_É\\x ", "7", "12.25", "2.5", "2026-01-31", "2026-01-31 08:00:00"], ["2", null, "-3", "-0.5", "-2.5", null, null]]);

    private static readonly (string Expression, string? First, string? Second)[] Values =
    [
        ("n + 1", "8", "-2"), ("n - 10 * 2", "-13", "-23"), ("-n", "-7", "3"), ("n / 2", "3", "-1"), ("n % 3", "1", "0"), ("n * 1.5", "10.5", "-4.5"), ("price * 2", "24.5", "-1"), ("ratio + 1", "3.5", "-1.5"),
        ("ABS(n)", "7", "3"), ("ROUND(ratio)", "3", "-3"), ("ROUND(price, 1)", "12.3", "-0.5"), ("ROUND(n, 2)", "7", "-3"),
        ("TRIM(name)", "Ann_É\\x", null), ("LTRIM(name)", "Ann_É\\x ", null), ("RTRIM(name)", " Ann_É\\x", null), ("LENGTH(name)", "9", null), ("SUBSTR(name, 2, 3)", "Ann", null), ("SUBSTR(name, 6)", "É\\x ", null),
        ("REPLACE(name, 'n', 'm')", " Amm_É\\x ", null), ("UPPER('abc')", "ABC", "ABC"), ("LOWER('ABC')", "abc", "abc"), ("UPPER('aé')", "Aé", "Aé"),
        ("name || '!'", " Ann_É\\x !", null), ("'a' || 'b' || 'it''s'", "abit's", "abit's"), ("COALESCE(name, 'none')", " Ann_É\\x ", "none"), ("NULLIF(n, 7)", null, "-3"),
        ("CASE WHEN n > 0 THEN 'plus' WHEN n < 0 THEN 'minus' END", "plus", "minus"), ("CASE WHEN name IS NULL THEN 1 ELSE 0 END", "0", "1"),
        ("CAST(n AS TEXT)", "7", "-3"), ("CAST(n AS TEXT) || 'x'", "7x", "-3x"), ("CAST(ratio AS INTEGER)", "2", "-2"), ("CAST('12' AS INTEGER) + 1", "13", "13"), ("CAST(n AS REAL) / 2", "3.5", "-1.5"), ("CAST(price AS NUMERIC) * 4", "49", "-2"),
        ("9223372036854775807", "9223372036854775807", "9223372036854775807"), ("1.5e2", "150", "150"),
    ];

    private static readonly (string Condition, string Ids)[] Conditions =
    [
        ("n > 0", "1"), ("n <> 7", "2"), ("n >= -3 AND n <= 7", "1 2"), ("NOT n = 7", "2"), ("n = 7 OR n = -3", "1 2"), ("n IN (7, 8)", "1"), ("n NOT IN (7, 8)", "2"), ("n BETWEEN -5 AND 0", "2"), ("n NOT BETWEEN -5 AND 0", "1"),
        ("name IS NULL", "2"), ("name IS NOT NULL", "1"), ("name = NULL", ""), ("name LIKE '%ann%'", "1"), ("name LIKE '%ANN%'", "1"), ("name LIKE '%é%'", ""), ("n LIKE '7%'", "1"), ("name NOT LIKE '%bob%'", "1"), ("name LIKE '%n!_%' ESCAPE '!'", "1"), ("name LIKE '%\\x%'", "1"),
        ("name LIKE ' Ann__\\x '", "1"), ("price > 12", "1"), ("price < 0.0", "2"), ("ratio * 2 = 5", "1"), ("day = '2026-01-31'", "1"), ("day < '2026-02-01'", "1"), ("at >= '2026-01-31 08:00:00'", "1"), ("at < '2026-01-31 08:00:00'", ""),
        ("n % 2 = 1", "1"), ("LENGTH(TRIM(name)) = 7", "1"), ("COALESCE(n, 0) < 0 AND (name IS NULL OR n = 5)", "2"), ("TRUE", "1 2"), ("FALSE OR n = 7", "1"), ("CURRENT_DATE > '2020-01-01'", "1 2"),
    ];

    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    [InlineData("CSV")]
    public async Task Values_and_conditions_are_the_same_at_every_source(string from)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        source.Make(Table);
        var cases = Values.Concat(Conditions.Select(test => ($"CASE WHEN {test.Condition} THEN 'yes' ELSE 'no' END", (string?)(test.Ids.Contains('1', StringComparison.Ordinal) ? "yes" : "no"), (string?)(test.Ids.Contains('2', StringComparison.Ordinal) ? "yes" : "no")))).ToList();
        Run(source, $"REPLICATE [v] {Head(source)}SELECT id, {string.Join(", ", cases.Select((test, i) => $"{test.Item1} AS v{i}"))} FROM [{source.SourceName(Table)}]", "v");
        var wrong = new List<string>();
        for (var i = 0; i < cases.Count; i++)
        {
            var (expression, first, second) = cases[i];
            var found = Lab.Rows(lab.Destination, $"SELECT v{i} FROM v WHERE id = 1").Concat(Lab.Rows(lab.Destination, $"SELECT v{i} FROM v WHERE id = 2")).Select(Plain).ToList();
            if (!found.SequenceEqual([first, second]))
                wrong.Add($"{expression}: {string.Join(" and ", found.Select(value => value ?? "null"))}, not {first ?? "null"} and {second ?? "null"}");
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    [InlineData("CSV")]
    public async Task A_condition_lets_the_rows_through_for_which_it_is_true_and_not_those_for_which_it_is_unknown(string from)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        source.Make(Table);
        Run(source, $"REPLICATE [c] {Head(source)}SELECT * FROM [{source.SourceName(Table)}] WHERE NOT (name = 'x') AND n % 2 = 1", "c");
        Assert.Equal(["1"], Lab.Rows(lab.Destination, "SELECT id FROM c").Select(Plain));
    }

    // A file says neither types nor key.
    private static string Head(KitPlace source) => source.KnowsTypes ? "" : "([id] bigint, PRIMARY KEY([id])) ";

    private void Run(KitPlace source, string query, string task) => lab.Run(lab.Plan(query: query) with { TaskId = task, Source = source.Connection });

    // A number in one spelling, whatever type it came in.
    private static string? Plain(string line)
    {
        var cell = line.TrimEnd('|');
        var value = cell[0] switch
        {
            'n' => null,
            'r' => BitConverter.Int64BitsToDouble(long.Parse(cell[1..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture),
            't' => cell[(cell.IndexOf(' ', StringComparison.Ordinal) + 1)..],
            _ => cell[1..],
        };
        return value is not null && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && value.Trim() == value ? (number / 1.0000000000000000000000000000m).ToString("0.############", CultureInfo.InvariantCulture) : value;
    }
}
