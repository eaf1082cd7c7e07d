using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class CountTableRowsTests
{
    [Fact]
    public async Task Rows_are_counted_up_to_a_bound_and_views_are_not()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, "CREATE VIEW good AS SELECT * FROM customers; CREATE TABLE many (id INTEGER PRIMARY KEY); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100001) INSERT INTO many SELECT i FROM n");

        Assert.Equal("""{"rows":4,"precision":"exact"}""", await CountAsync(session, "shop", "orders"));
        Assert.Equal("""{"rows":100000,"precision":"at_least"}""", await CountAsync(session, "shop", "many"));
        Assert.Equal("""{"precision":"not_counted"}""", await CountAsync(session, "shop", "good"));
        (await session.CallAsync("count_table_rows", new { connection_id = "shop", table_name = "order" })).Refused("invalid_request").Naming("orders");
        (await session.CallAsync("count_table_rows", new { connection_id = "shop" })).Refused("invalid_arguments").Naming("`table_name`");
        (await session.CallAsync("count_table_rows", new { connection_id = "nowhere", table_name = "orders" })).Refused("not_found");
    }

    [Fact]
    public async Task A_csv_file_is_counted_without_its_header_and_a_large_one_by_its_size()
    {
        await using var session = await SyncSession.StartAsync();
        Directory.CreateDirectory(session.File("in"));
        await File.WriteAllTextAsync(session.File("in/small.csv"), "id,name\n1,Ann\n2,\"Zo\n\u00eb\"\n", TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(session.File("in/large.csv"), Enumerable.Range(1_000_000, 150_000).Select(i => $"{i},x").Prepend("id,name"), TestContext.Current.CancellationToken);
        (await session.CallAsync("create_connection", new JsonObject { ["name"] = "folder", ["connector"] = "CSV", ["properties"] = new JsonObject { ["URI"] = "in" } })).Ok();

        Assert.Equal("""{"rows":2,"precision":"exact"}""", await CountAsync(session, "folder", "small.csv"));
        Assert.Equal("""{"rows":150000,"precision":"estimate"}""", await CountAsync(session, "folder", "large.csv"));
    }

    [Fact]
    public async Task PostgreSQL_counts_in_a_schema_and_believes_its_statistics_beyond_the_bound()
    {
        var (server, database) = await PostgreSql.NewDatabaseAsync(
            "CREATE SCHEMA sales", "CREATE TABLE sales.orders AS SELECT generate_series(1, 7) AS id", "CREATE VIEW seen AS SELECT 1 AS one",
            "CREATE TABLE many AS SELECT generate_series(1, 120000) AS id", "ANALYZE many", "CREATE TABLE unseen AS SELECT generate_series(1, 120000) AS id");
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", server, database))).Ok();

        Assert.Equal("""{"rows":7,"precision":"exact"}""", await CountAsync(session, "crm", "orders", "sales"));
        Assert.Single(session.Person.Questions); // a first contact like any other
        Assert.Equal("""{"rows":120000,"precision":"estimate"}""", await CountAsync(session, "crm", "many"));
        Assert.Equal("""{"precision":"not_counted"}""", await CountAsync(session, "crm", "seen"));
        Assert.StartsWith("""{"rows":1""", await CountAsync(session, "crm", "unseen"), StringComparison.Ordinal); // the server may have looked by itself
    }

    [Fact]
    public async Task A_server_without_the_route_says_so()
    {
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On("GET /connections/44444444-0000-0000-0000-000000000001", new JsonObject { ["id"] = "44444444-0000-0000-0000-000000000001", ["name"] = "db", ["connector"] = "Oracle", ["properties"] = new JsonObject { ["Server"] = "db.example" } });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        (await session.CallAsync("count_table_rows", new { connection_id = "44444444-0000-0000-0000-000000000001", table_name = "orders" })).Refused("not_on_this_server");
    }

    private static async Task<string> CountAsync(SyncSession session, string connection, string table, string? schema = null) =>
        (await session.CallAsync("count_table_rows", new { connection_id = connection, table_name = table, schema })).Ok().Result.ToJsonString();
}
