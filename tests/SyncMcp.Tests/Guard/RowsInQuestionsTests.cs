using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Tables stand in a question with the rows that they hold, where the server can count and nobody is contacted for it; an answer does not rest on them.</summary>
public sealed class RowsInQuestionsTests
{
    [Theory]
    [InlineData("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT); INSERT INTO orders (id) VALUES (77)", "\"orders (4 rows) -> orders (1 row)\"", "write (1): \"orders (1 row)\"")]
    [InlineData("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT)", "\"orders (4 rows) -> orders (0 rows)\"", "write (1): \"orders (0 rows)\"")]
    [InlineData("CREATE TABLE orders (id INTEGER PRIMARY KEY); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1204) INSERT INTO orders SELECT i FROM n", "orders (1,204 rows)\"", "write (1): \"orders (1,204 rows)\"")]
    [InlineData("CREATE TABLE orders (id INTEGER PRIMARY KEY); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) INSERT INTO orders SELECT i FROM n", "orders (100,000 rows or more)\"", "write (1): \"orders (100,000 rows or more)\"")]
    [InlineData("CREATE TABLE old (id); CREATE VIEW orders AS SELECT * FROM old", "\"orders (4 rows) -> orders\"", "write (1): \"orders\"")]
    [InlineData("CREATE TABLE other (id)", "\"orders (4 rows) -> orders\"", "DROPPED")]
    public async Task A_question_says_how_many_rows(string destination, string table, string also)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, destination);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");

        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains(table, question, StringComparison.Ordinal);
        Assert.Contains(also, question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_that_come_while_a_question_is_open_make_no_answer_void()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT)");
        var job = await shop.JobAsync("orders");
        session.Person.Confirms();
        session.Person.Reads = () => Sql.Run(shop.DestinationFile, "INSERT INTO orders (id) VALUES (77)");

        await shop.RunWellAsync(job);

        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task A_job_of_many_tables_says_it_of_the_first_and_of_none_where_the_question_would_grow_too_long_by_it()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var tables = Enumerable.Range(0, 30).Select(i => $"t{i:00}").ToArray();
        Sql.Run(shop.SourceFile, string.Concat(tables.Select(table => $"CREATE TABLE {table} (id INTEGER PRIMARY KEY);")));
        Sql.Run(shop.DestinationFile, string.Concat(tables.Select(table => $"CREATE TABLE {table} (id INTEGER PRIMARY KEY);")));
        var job = await shop.JobAsync(tables);

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");

        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains("\"t00 -> t00 (0 rows)\"", question, StringComparison.Ordinal);
        Assert.Contains("\"t29 -> t29\"", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_contacted_for_the_sake_of_rows()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "far",
            ["connector"] = "PostgreSQL",
            ["properties"] = new JsonObject { ["Server"] = "127.0.0.1", ["Port"] = $"{port}", ["Database"] = "d", ["User"] = "u", ["Password"] = "not-sent-81" },
        })).Ok();
        var job = (await session.CallAsync("create_job", new { name = "copy", source_connection = "far", destination_connection = "warehouse" })).Ok().Id;
        (await session.CallAsync("add_job_task", new { job_id = job, table = "orders" })).Ok();

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("not_shown");

        Assert.Contains("\"orders -> orders\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task A_server_that_does_not_say_that_it_counts_is_not_asked()
    {
        await using var server = await LineServer.StartAsync();
        await using var session = await server.SessionAsync(static options => options);

        (await session.CallAsync("execute_job", new { job_id = LineServer.Job })).Refused("not_shown");

        Assert.DoesNotContain("rows)", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.EndsWith("/rows", StringComparison.Ordinal));
    }
}
