using SyncMcp.Engine.Connectors;
using SyncMcp.Testing;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>What can be wrong with a server, its rights, its tables and its values. Each error names the thing and the way out.</summary>
public sealed class PgBadInputTests : IDisposable
{
    private readonly Lab lab = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("SELECT", "GRANT SELECT")]
    [InlineData("USAGE", "GRANT SELECT")]
    public async Task A_source_without_the_right_to_read_says_which_one_is_missing(string missing, string hint)
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(id int PRIMARY KEY)", "REVOKE ALL ON SCHEMA public FROM PUBLIC");
        var user = await UserAsync(place);
        if (missing == "SELECT")
            await place.ExecuteAsync($"GRANT USAGE ON SCHEMA public TO {user}");
        var error = lab.Fails(lab.Plan("t") with { Source = place.Connection(user: user, password: "plain") });
        Assert.Equal("rights_missing", error.Code);
        Assert.Contains("permission denied for", error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_destination_without_the_right_to_make_tables_says_so_and_holds_nothing()
    {
        await using var place = await PgPlace.NewAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        var user = await UserAsync(place);
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var error = lab.Fails(lab.Plan("t") with { Destination = place.Connection(user: user, password: "plain") });
        Assert.Equal("rights_missing", error.Code);
        Assert.Contains("schema public", error.Message, StringComparison.Ordinal);
        Assert.Empty(await place.RowsAsync("SELECT relname FROM pg_class WHERE relname LIKE '\\_syncmcp%'"));
    }

    [Fact]
    public async Task A_wrong_password_ends_the_run_and_is_not_echoed()
    {
        await using var place = await PgPlace.NewAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var error = lab.Fails(lab.Plan("t") with { Destination = place.Connection(password: "wr0ng-c4nary") });
        Assert.Equal("password_refused", error.Code);
        Assert.DoesNotContain("c4nary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_is_not_there_is_named_with_the_nearest()
    {
        await using var place = await PgPlace.NewAsync("CREATE SCHEMA warehouse");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var error = lab.Fails(lab.Plan("t") with { Destination = place.Connection(), Settings = new() { DestinationSchema = "warehause" } });
        Assert.Equal("schema_missing", error.Code);
        Assert.Contains("\"warehause\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("\"warehouse\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_the_job_gets_the_table_and_our_own_tables()
    {
        await using var place = await PgPlace.NewAsync("CREATE SCHEMA warehouse");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
        Assert.Equal(2, lab.Run(lab.Plan("t") with { Destination = place.Connection(), Settings = new() { DestinationSchema = "warehouse" } }).RecordsAffected);
        Assert.Equal(["(1)", "(2)"], await place.RowsAsync("SELECT * FROM warehouse.t"));
        Assert.Equal(["(_syncmcp_checkpoint)", "(_syncmcp_dead_letter)", "(_syncmcp_table)", "(t)"], await place.RowsAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'warehouse'"));
        Assert.Empty(await place.RowsAsync("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Theory]
    [InlineData("price numeric(5,2)", "1234.5", "more than 3 digits before the point")]
    [InlineData("price numeric(5,2)", "1.234", "more than 2 digits behind the point")]
    [InlineData("price real", "0.1", "more digits than a real of four bytes holds")]
    [InlineData("price smallint", "70000", "beyond 16 bits")]
    public async Task A_number_beyond_the_columns_type_is_refused_with_its_row(string column, string value, string why)
    {
        await using var place = await PgPlace.NewAsync($"CREATE TABLE t(id int PRIMARY KEY, {column})");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, price)", $"INSERT INTO t VALUES (1, 1), (2, {value})");
        var plan = Adopt(place, "t");
        var error = lab.Fails(plan);
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("the row with id=2", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
        Assert.Empty(await place.RowsAsync("SELECT * FROM t"));
    }

    [Theory]
    [InlineData("float8", "'NaN'", "a number that is not finite")]
    [InlineData("float8", "'-Infinity'", "a number that is not finite")]
    [InlineData("numeric", "'NaN'", "a text that is no decimal number")]
    [InlineData("timestamptz", "'infinity'", "a text that is no time")]
    [InlineData("date", "'0044-03-15 BC'", "a text that is no time")]
    [InlineData("time", "'24:00:00'", "a text that is no time of day")]
    public async Task What_only_this_server_knows_is_refused_by_another_kind(string type, string value, string why)
    {
        await using var place = await PgPlace.NewAsync($"CREATE TABLE t(id int PRIMARY KEY, v {type})", $"INSERT INTO t VALUES (1, NULL), (2, {value})");
        var error = lab.Fails(lab.Plan("t") with { Source = place.Connection() });
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("the row with id=2", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CHECK (v <> 'bad')", "'bad'", "violates check constraint")]
    [InlineData("UNIQUE", "'one'", "duplicate key value violates unique constraint")]
    [InlineData("NOT NULL", "NULL", "violates not-null constraint")]
    [InlineData("", "'a' || char(0) || 'b'", "a text with a zero character")]
    public async Task A_row_that_the_table_refuses_is_named_or_put_aside(string rule, string value, string why)
    {
        await using var place = await PgPlace.NewAsync($"CREATE TABLE t(id int PRIMARY KEY, v text {rule})");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", $"INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, {value}), (4, 'four')");
        var plan = Adopt(place, "t");
        var error = lab.Fails(plan);
        Assert.True(error.Code is "row_refused" or "value_refused", error.Code);
        Assert.Contains("the row with id=3", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Empty(await place.RowsAsync("SELECT * FROM t"));

        Assert.Equal(3, lab.Run(plan with { Settings = new() { ContinueOnError = true } }).RecordsAffected);
        Assert.Equal(["(1)", "(2)", "(4)"], await place.RowsAsync("SELECT id FROM t"));
        Assert.Equal(["(id=3,t)"], await place.RowsAsync("SELECT row_key, table_name FROM _syncmcp_dead_letter"));
        // Rows that came by another way are there already when the next one is refused.
        lab.AtSource("INSERT INTO t VALUES (5, 'five')");
        Assert.Equal(1, lab.Run(plan with { RunId = "next", Settings = new() { ContinueOnError = true } }).RecordsAffected);
    }

    [Fact]
    public async Task Many_refused_rows_among_good_ones_are_all_found()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(id int PRIMARY KEY, v int CHECK (v % 1000 <> 0))");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v INTEGER)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO t SELECT i, i FROM n");
        var result = lab.Run(Adopt(place, "t") with { Settings = new() { ContinueOnError = true } });
        Assert.Equal(9_990, result.RecordsAffected);
        Assert.Equal(["(10)"], await place.RowsAsync("SELECT count(*) FROM _syncmcp_dead_letter"));
    }

    [Fact]
    public async Task A_table_that_another_session_locks_ends_the_run_in_time_and_a_cancel_at_once()
    {
        await using var place = await PgPlace.NewAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a')");
        var plan = lab.Plan("t") with { Destination = place.Connection() };
        lab.Run(plan);
        lab.AtSource("UPDATE t SET v = 'b'");
        await using var holder = await place.OpenAsync();
        await PostgresServer.ExecuteAsync(holder, "BEGIN; LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE");

        var error = lab.Fails(plan with { RunId = "second", Settings = new() { CommandTimeout = 1 } });
        Assert.Equal("locked", error.Code);

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = lab.Start(plan with { RunId = "third" }, cancel.Token);
        for (var waits = false; !waits; await Task.Yield())
            waits = (await place.RowsAsync("SELECT 1 FROM pg_stat_activity WHERE application_name = 'syncmcp' AND wait_event_type = 'Lock'")).Count > 0;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);

        await PostgresServer.ExecuteAsync(holder, "COMMIT");
        Assert.Equal(1, lab.Run(plan with { RunId = "fourth" }).RecordsAffected);
    }

    [Fact]
    public async Task A_source_table_that_is_locked_ends_the_run_in_time()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(id int PRIMARY KEY)");
        await using var holder = await place.OpenAsync();
        await PostgresServer.ExecuteAsync(holder, "BEGIN; LOCK TABLE t");
        Assert.Equal("locked", lab.Fails(lab.Plan("t") with { Source = place.Connection(), Settings = new() { CommandTimeout = 1 } }).Code);
    }

    [Fact]
    public async Task A_source_that_computes_for_ever_is_ended_by_a_cancel_and_by_the_timeout()
    {
        await using var place = await PgPlace.NewAsync("CREATE VIEW slow AS SELECT i, CASE WHEN i > 100000 THEN pg_sleep(600)::text END AS v FROM generate_series(1, 200000) AS i");
        var plan = lab.Plan("slow") with { Source = place.Connection() };
        Assert.Equal("command_timeout", lab.Fails(plan with { Settings = new() { CommandTimeout = 1 } }).Code);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var run = lab.Start(plan with { RunId = "second" }, cancel.Token);
        for (var works = false; !works; await Task.Yield())
            works = (await place.RowsAsync("SELECT 1 FROM pg_stat_activity WHERE application_name = 'syncmcp' AND query LIKE 'COPY%' AND wait_event = 'PgSleep'")).Count > 0;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task Of_two_jobs_that_make_one_table_at_once_one_is_told_of_the_other()
    {
        await using var place = await PgPlace.NewAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
        var plan = lab.Plan("t") with { Destination = place.Connection() };
        var runs = Enumerable.Range(1, 6).Select(number => lab.Start(plan with { JobId = $"job {number}" }, Ct)).ToList();
        foreach (var run in runs)
            await Record.ExceptionAsync(() => run);
        Assert.Equal(1, runs.Count(run => run.IsCompletedSuccessfully));
        Assert.All(runs.Where(run => run.IsFaulted), run => Assert.Equal("table_not_owned", Assert.IsType<ReplicationException>(run.Exception!.InnerException).Code));
        Assert.Equal(["(1)", "(2)"], await place.RowsAsync("SELECT * FROM t"));
        Assert.Equal(["(1)"], await place.RowsAsync("SELECT count(*) FROM _syncmcp_checkpoint"));
    }

    [Fact]
    public async Task Two_approved_jobs_into_one_table_lose_nothing()
    {
        await using var place = await PgPlace.NewAsync("CREATE TABLE t(id int PRIMARY KEY, v text)");
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'v' || i FROM n");
        var plan = Adopt(place, "t") with { Settings = new() { BatchSize = 100 } };
        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => lab.Start(plan with { JobId = $"job {number}" }, Ct)));
        Assert.Equal(["(5000,5000)"], await place.RowsAsync("SELECT count(*), count(DISTINCT v) FROM t"));
    }

    [Fact]
    public async Task A_name_longer_than_the_server_keeps_is_refused()
    {
        await using var place = await PgPlace.NewAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var error = lab.Fails(lab.Plan(query: $"REPLICATE [{new string('n', 64)}] SELECT * FROM [t]") with { Destination = place.Connection() });
        Assert.Equal("name_refused", error.Code);
        Assert.Contains("63 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_that_stands_on_the_table_keeps_it_from_being_dropped()
    {
        await using var place = await PgPlace.NewAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        var plan = lab.Plan("t") with { Destination = place.Connection() };
        lab.Run(plan);
        await place.ExecuteAsync("CREATE VIEW v AS SELECT * FROM t");
        Assert.Equal("table_in_use", lab.Fails(plan with { RunId = "second", Settings = new() { DropTable = true } }).Code);
        Assert.Equal(["(1)"], await place.RowsAsync("SELECT * FROM v"));
    }

    private TaskPlan Adopt(PgPlace place, string table) => lab.Plan(table) with { Destination = place.Connection(), AdoptedTables = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { table } };

    private static async Task<string> UserAsync(PgPlace place)
    {
        var user = $"plain_{place.Database}";
        await place.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD 'plain'");
        return user;
    }
}
