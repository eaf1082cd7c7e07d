namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>Between two servers everything arrives as it was.</summary>
public sealed class PgTypeTests : IDisposable
{
    private static readonly (string Type, string[] Values)[] Types =
    [
        ("smallint", ["-32768", "32767"]),
        ("integer", ["-2147483648", "0"]),
        ("bigint", ["-9223372036854775808", "9223372036854775807"]),
        ("real", ["0.1", "NaN", "-Infinity", "3.4028235e+38", "-0"]),
        ("double precision", ["0.1", "NaN", "Infinity", "5e-324", "-0"]),
        ("numeric", ["0", "-0.000", "1e30", "NaN", "Infinity", "123456789012345678901234567890.12345678901234567890", "0.00010000", "10000", "9999.9999", "-1"]),
        ("numeric(10,2)", ["12345678.91", "-0.01"]),
        ("boolean", ["true", "false"]),
        ("text", ["", "Zoë 日本😀", "a\\b\tc"]),
        ("character varying(5)", ["abcde", "日本語日本"]),
        ("character(5)", ["ab", "abcde"]),
        ("bytea", ["\\x", "\\x00ff5c"]),
        ("date", ["2024-02-29", "infinity", "-infinity", "0044-03-15 BC", "4713-01-01 BC", "0001-01-01", "9999-12-31", "5874897-12-31", "1582-10-15"]),
        ("time without time zone", ["00:00:00", "24:00:00", "23:59:59.999999"]),
        ("time with time zone", ["12:00:00+02"]),
        ("timestamp without time zone", ["2024-02-29 12:00:00.5", "infinity", "-infinity", "0044-03-15 12:00:00 BC", "294276-12-31 23:59:59.999999", "1999-12-31 23:59:59.999999"]),
        ("timestamp(0) without time zone", ["2024-02-29 12:00:00"]),
        ("timestamp with time zone", ["2024-02-29 12:00:00.000001+02", "infinity", "4713-01-01 00:00:00+00 BC"]),
        ("uuid", ["0f8fad5b-d9cb-469f-a165-70867728950e"]),
        ("json", ["{\"a\": 1,  \"a\": 2}"]),
        ("jsonb", ["{\"a\": [1, 2.50]}"]),
        ("interval", ["1 year 2 mons 3 days 04:05:06.789", "-1 day"]),
        ("inet", ["192.168.0.1/24"]),
        ("integer[]", ["{1,NULL,3}", "{{1,2},{3,4}}"]),
        ("text[]", ["{a,\"b c\",NULL}"]),
        ("int4range", ["[1,10)"]),
        ("tsvector", ["'cat':1 'rat':2"]),
        ("money", ["$1,234.56"]),
        ("bit varying(8)", ["10101"]),
        ("point", ["(1,2)"]),
        ("xml", ["<a>b</a>"]),
        ("mood", ["sad", "happy"]),
    ];

    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task Every_type_goes_from_server_to_server_as_it_is()
    {
        await using var from = await PgPlace.NewAsync("CREATE TYPE mood AS ENUM ('sad', 'happy')");
        await using var to = await PgPlace.NewAsync("CREATE TYPE mood AS ENUM ('sad', 'happy')");
        var rows = Types.Max(type => type.Values.Length);
        await from.ExecuteAsync($"CREATE TABLE t(id int PRIMARY KEY, {string.Join(", ", Types.Select((type, i) => $"c{i} {type.Type}"))})");
        for (var row = 0; row <= rows; row++)
            await from.ExecuteAsync($"INSERT INTO t VALUES ({row}, {string.Join(", ", Types.Select(type => row < type.Values.Length ? $"'{type.Values[row].Replace("'", "''", StringComparison.Ordinal)}'" : "NULL"))})");
        var plan = lab.Plan("t") with { Source = from.Connection(), Destination = to.Connection() };
        Assert.Equal(rows + 1, lab.Run(plan).RecordsAffected);
        Assert.Equal(await from.RowsAsync("SELECT * FROM t"), await to.RowsAsync("SELECT * FROM t"));
        const string declared = "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 't'::regclass AND attnum > 0";
        Assert.Equal(await from.RowsAsync(declared), await to.RowsAsync(declared));
        Assert.Equal(0, lab.Run(plan with { RunId = "again", FullRefresh = true }).RecordsAffected);

        await from.ExecuteAsync("UPDATE t SET c20 = '{\"b\": 1}', c30 = '<b/>' WHERE id = 1");
        Assert.Equal(1, lab.Run(plan with { RunId = "third" }).RecordsAffected);
        Assert.Equal(await from.RowsAsync("SELECT * FROM t"), await to.RowsAsync("SELECT * FROM t"));
    }

    [Fact]
    public async Task Without_the_fast_types_alone_rows_go_straight_into_the_table()
    {
        await using var from = await PgPlace.NewAsync("CREATE TABLE t(id int PRIMARY KEY, at timestamptz, d date, n numeric, u uuid)", "INSERT INTO t SELECT i, 'epoch'::timestamptz + i * interval '1 day 1 microsecond', '0001-01-01 BC'::date + i * 37, (i * i) / 7.0, gen_random_uuid() FROM generate_series(1, 5000) AS i");
        await using var to = await PgPlace.NewAsync();
        Assert.Equal(5_000, lab.Run(lab.Plan("t") with { Source = from.Connection(), Destination = to.Connection() }).RecordsAffected);
        Assert.Equal(await from.RowsAsync("SELECT * FROM t"), await to.RowsAsync("SELECT * FROM t"));
    }

    [Fact]
    public async Task Computed_columns_and_identities_of_an_approved_table_are_left_to_the_server()
    {
        await using var to = await PgPlace.NewAsync("CREATE TABLE t(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED)");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, a INTEGER, twice INTEGER)", "INSERT INTO t VALUES (7, 1, 99), (8, 2, 99)");
        var plan = lab.Plan("t") with { Destination = to.Connection(), AdoptedTables = new HashSet<string> { "t" } };
        Assert.Equal(2, lab.Run(plan).RecordsAffected);
        lab.AtSource("UPDATE t SET a = 5 WHERE id = 8");
        Assert.Equal(1, lab.Run(plan with { RunId = "second" }).RecordsAffected);
        Assert.Equal(["(7,1,2)", "(8,5,10)"], await to.RowsAsync("SELECT * FROM t"));
    }

    [Fact]
    public async Task An_approved_table_with_a_type_of_its_own_takes_what_it_can_read()
    {
        await using var to = await PgPlace.NewAsync("CREATE TYPE mood AS ENUM ('sad', 'happy')", "CREATE TABLE t(id int PRIMARY KEY, m mood)");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, m TEXT)", "INSERT INTO t VALUES (1, 'sad'), (2, 'angry'), (3, 'happy')");
        var plan = lab.Plan("t") with { Destination = to.Connection(), AdoptedTables = new HashSet<string> { "t" } };
        var error = lab.Fails(plan);
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("id=2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("angry", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, lab.Run(plan with { Settings = new() { ContinueOnError = true } }).RecordsAffected);
    }
}
