namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>Expressions mean the same here as in SQLite.</summary>
public sealed class PgQueryTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("UPPER([name]) || '-' || LOWER([name])")]
    [InlineData("SUBSTR([name], 2, 2)")]
    [InlineData("REPLACE(TRIM([name]), 'e', '\\')")]
    [InlineData("LENGTH([name])")]
    [InlineData("COALESCE(NULLIF([a], 2), -[a] * 10 % 7)")]
    [InlineData("CAST([x] AS INTEGER)")]
    [InlineData("CAST(-[x] AS INTEGER)")]
    [InlineData("CAST([a] AS TEXT)")]
    [InlineData("CAST([a] AS REAL)")]
    [InlineData("ABS([a] - 3)")]
    [InlineData("CASE WHEN [a] IN (1, 3) THEN 'odd' WHEN [a] BETWEEN 2 AND 2 THEN 'two' ELSE NULL END")]
    [InlineData("[a] / 2")]
    [InlineData("X'00ff'")]
    [InlineData("'it''s \\n'")]
    public async Task A_computed_column_is_what_it_is_in_SQLite(string expression)
    {
        string[] rows = ["(1, ' One', 1.5)", "(2, 'two\\_2', 2.7)", "(3, 'THREE%', -3.5)"];
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(a int PRIMARY KEY, name text, x float8)", $"INSERT INTO t VALUES {string.Join(", ", rows)}");
        lab.AtSource("CREATE TABLE t(a INTEGER PRIMARY KEY, name TEXT, x REAL)", $"INSERT INTO t VALUES {string.Join(", ", rows)}");
        var plan = lab.Plan(query: $"REPLICATE [ours] SELECT [a], {expression} AS [v] FROM [t]");
        lab.Run(plan);
        lab.Run(plan with { TaskId = "other", Query = plan.Query!.Replace("[ours]", "[theirs]", StringComparison.Ordinal), Source = place.Connection() });
        Assert.Equal(lab.DestinationRows("ours"), lab.DestinationRows("theirs"));
    }

    [Theory]
    [InlineData("[name] LIKE 't%'")]
    [InlineData("[name] LIKE '%\\_2'")]
    [InlineData("[name] LIKE '%!%' ESCAPE '!'")]
    [InlineData("[name] NOT LIKE '%e%'")]
    [InlineData("[a] >= 2 AND NOT ([x] < 0 OR [name] IS NULL)")]
    [InlineData("ROUND([x], 0) = -4 OR ROUND([x]) = 3")]
    [InlineData("[d] > '2024-01-15' AND [d] <= '2024-12-31'")]
    public async Task A_condition_selects_the_rows_that_it_selects_in_SQLite(string condition)
    {
        string[] rows = ["(1, ' One', 1.5, '2024-01-01')", "(2, 'two\\_2', 2.7, '2024-02-01')", "(3, 'THREE%', -3.6, '2024-03-01')", "(4, NULL, NULL, NULL)"];
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(a int PRIMARY KEY, name text, x float8, d date)", $"INSERT INTO t VALUES {string.Join(", ", rows)}");
        lab.AtSource("CREATE TABLE t(a INTEGER PRIMARY KEY, name TEXT, x REAL, d DATE)", $"INSERT INTO t VALUES {string.Join(", ", rows)}");
        var plan = lab.Plan(query: $"REPLICATE [ours] SELECT [a] FROM [t] WHERE {condition}");
        lab.Run(plan);
        lab.Run(plan with { TaskId = "other", Query = plan.Query!.Replace("[ours]", "[theirs]", StringComparison.Ordinal), Source = place.Connection() });
        Assert.NotEmpty(lab.DestinationRows("ours"));
        Assert.Equal(lab.DestinationRows("ours"), lab.DestinationRows("theirs"));
    }

    [Fact]
    public async Task Functions_and_operators_that_others_put_into_the_database_are_not_used()
    {
        await using var place = await PgPlace.NewAsync(
            "CREATE FUNCTION evil(varchar, varchar) RETURNS text LANGUAGE sql AS $$ SELECT 'evil' $$",
            "CREATE OPERATOR || (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = evil)",
            "CREATE TABLE t(a int PRIMARY KEY, name varchar(10))",
            "INSERT INTO t VALUES (1, 'x')");
        lab.Run(lab.Plan(query: "REPLICATE [t] SELECT [a], [name] || [name] AS [v] FROM [t]") with { Source = place.Connection() });
        Assert.EndsWith(" xx|", lab.DestinationRows("t").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_server_does_not_take_is_its_own_words_and_a_way_out()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(a int PRIMARY KEY, flag bool)");
        var error = lab.Fails(lab.Plan(query: "REPLICATE [t] SELECT [a] FROM [t] WHERE [flag] = 1") with { Source = place.Connection() });
        Assert.Equal("query_refused", error.Code);
        Assert.Contains("boolean = integer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_log_tells_which_column_has_no_index()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(a int PRIMARY KEY, updated_at timestamptz)", "INSERT INTO t VALUES (1, now())");
        var plan = lab.Plan("t") with { Source = place.Connection() };
        lab.Run(plan);
        Assert.Contains(lab.Logs, line => line.Contains("\"updated_at\" has no index", StringComparison.Ordinal) && line.Contains("CREATE INDEX ON \"public\".\"t\" (\"updated_at\")", StringComparison.Ordinal));
        lab.Logs.Clear();
        await place.ExecuteAsync("CREATE INDEX ON t(updated_at)");
        lab.Run(plan with { RunId = "second" });
        Assert.DoesNotContain(lab.Logs, line => line.Contains("has no index", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_of_any_type_and_columns_left_out_of_the_query_still_give_an_order_to_go_on_in()
    {
        await using var place = await PgPlace.NewAsync(
            "CREATE TYPE mood AS ENUM ('sad', 'happy')",
            "CREATE TABLE t(m mood, at timestamptz, n numeric, b bytea, f boolean, v int, PRIMARY KEY(m, at, n, b, f))",
            "INSERT INTO t SELECT (ARRAY['sad', 'happy'])[i % 2 + 1]::mood, '2024-01-01'::timestamptz + i / 10 * interval '1 microsecond', i / 3 + 0.5, int4send(i), i % 3 = 0, i FROM generate_series(1, 3000) AS i");
        var result = lab.Run(lab.Plan(query: "REPLICATE [t] (PRIMARY KEY([v])) SELECT [v] FROM [t]") with { Source = place.Connection(), Settings = new() { BatchSize = 7 } });
        Assert.Equal(3_000, result.RecordsAffected);
        Assert.Equal(3_000, lab.DestinationRows("t").Count);
    }

    [Fact]
    public async Task A_run_goes_on_behind_the_last_key_after_an_interruption()
    {
        await using var place = await PgPlace.NewAsync(
            "CREATE TABLE t(a text COLLATE \"C\", b date, v int, PRIMARY KEY(a, b))",
            "INSERT INTO t SELECT 'it''s ' || i / 10, '2024-01-01'::date + i % 10, i FROM generate_series(0, 9999) AS i");
        var plan = lab.Plan("t") with { Source = place.Connection(), Settings = new() { BatchSize = 100 } };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        lab.Progressed = cancel.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lab.Start(plan, cancel.Token));
        lab.Progressed = null;
        var first = lab.DestinationRows("t").Count;
        Assert.InRange(first, 100, 9_999);
        lab.Run(plan);
        Assert.Equal(10_000, lab.DestinationRows("t").Count);
    }
}
