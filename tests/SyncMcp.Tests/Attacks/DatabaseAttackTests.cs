using SyncMcp.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A source is built so that reading it writes: what a database's own views and functions do, they do with the rights of whoever reads.</summary>
public sealed class DatabaseAttackTests
{
    private const string Steal =
        """
        CREATE FUNCTION public.steal() RETURNS integer LANGUAGE plpgsql VOLATILE AS $f$
        BEGIN
          IF current_setting('transaction_read_only') = 'off' THEN
            INSERT INTO public.loot VALUES (1);
          END IF;
          PERFORM set_config('default_transaction_read_only', 'off', false);
          RETURN 0;
        END $f$
        """;

    [Theory]
    [InlineData("CREATE VIEW public.v AS SELECT id, timestamp '2026-01-01' + public.steal() * interval '1 s' AS updated_at FROM public.t")]
    [InlineData("CREATE VIEW public.v AS SELECT id, public.steal() AS a, timestamp '2026-01-01' AS updated_at FROM public.t")]
    [InlineData("CREATE VIEW public.v AS WITH d AS (SELECT public.steal() AS s) SELECT t.id, timestamp '2026-01-01' AS updated_at FROM public.t, d WHERE d.s = 0")]
    public async Task A_view_that_turns_read_only_off_still_writes_nothing(string view)
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync(
            "CREATE TABLE public.t (id integer PRIMARY KEY)", "INSERT INTO public.t VALUES (1), (2)", "CREATE TABLE public.loot (id integer)", Steal, view);
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var job = await JobAsync(session, server, database, "REPLICATE [x] (PRIMARY KEY([id])) SELECT * FROM [v]");

        for (var run = 0; run < 2; run++)
        {
            (await session.CallAsync("execute_job", new { job_id = job })).Ok();
            Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.Equal("0", await CountAsync(server, database, "public.loot"));
    }

    [Theory]
    [InlineData("REPLICATE [x] SELECT pg_read_file('/etc/passwd') AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT dblink_exec('', 'DELETE FROM t') AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT id, lo_import('/etc/passwd') AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT * FROM [t]; DELETE FROM t")]
    [InlineData("REPLICATE [x] WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM [d]")]
    [InlineData("REPLICATE [x] SELECT (SELECT usesuper FROM pg_user) AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT U&\"\\0069d\" AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT $$a$$ AS a FROM [t]")]
    [InlineData("REPLICATE [x] SELECT E'\\'; DELETE FROM t; --' AS a FROM [t]")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING")]
    public async Task No_query_reaches_a_function_or_a_statement_of_the_server(string query)
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync("CREATE TABLE public.t (id integer PRIMARY KEY)", "INSERT INTO public.t VALUES (1)");
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms(); // a person who types whatever is asked
        (await session.CallAsync("create_connection", PostgreSql.New("pg", server, database))).Ok();
        await SmallShop.OpenAsync(session);
        var job = (await session.CallAsync("create_job", new { name = "copy", source_connection = "pg", destination_connection = "warehouse" })).Ok().Id;

        if ((await session.CallAsync("add_job_task", new { job_id = job, query })) is { IsError: false }
            && (await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
        {
            Assert.NotEqual("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.Equal("1", await CountAsync(server, database, "public.t"));
    }

    [Theory]
    [InlineData("\"; DROP TABLE public.t; --")]
    [InlineData("t\"\"; DROP TABLE public.t; --")]
    [InlineData("\\\"; DROP TABLE public.t; --")]
    public async Task A_column_whose_name_is_SQL_stays_a_name(string name)
    {
        var quoted = '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        var (server, database) = await PostgreSql.NewDatabaseAsync(
            "CREATE TABLE public.t (id integer PRIMARY KEY)", "INSERT INTO public.t VALUES (1)", $"CREATE TABLE public.s (id integer PRIMARY KEY, {quoted} text)", "INSERT INTO public.s VALUES (1, 'x')");
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_connection", PostgreSql.New("pg", server, database))).Ok();
        await SmallShop.OpenAsync(session);
        foreach (var (from, to) in ((string, string)[])[("pg", "warehouse"), ("warehouse", "pg")])
        {
            var job = (await session.CallAsync("create_job", new { name = $"from {from}", source_connection = from, destination_connection = to, settings = new { table_name_prefix = from == "pg" ? "" : "back_" } })).Ok().Id;
            (await session.CallAsync("add_job_task", new { job_id = job, table = "s" })).Ok();
            (await session.CallAsync("execute_job", new { job_id = job })).Ok();
            Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.Equal("1", await CountAsync(server, database, "public.t"));
        Assert.Equal("1", await CountAsync(server, database, "public.back_s"));
    }

    private static async Task<string> JobAsync(SyncSession session, PostgresServer server, string database, string query)
    {
        (await session.CallAsync("create_connection", PostgreSql.New("pg", server, database))).Ok();
        await SmallShop.OpenAsync(session);
        var job = (await session.CallAsync("create_job", new { name = "copy", source_connection = "pg", destination_connection = "warehouse" })).Ok().Id;
        (await session.CallAsync("add_job_task", new { job_id = job, query, incremental_check_column = "updated_at" })).Ok();
        return job;
    }

    private static async Task<string> CountAsync(PostgresServer server, string database, string table)
    {
        await using var connection = await server.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT count(*)::text FROM {table}";
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
