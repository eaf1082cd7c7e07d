using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class AddJobTaskTests
{
    [Fact]
    public async Task A_task_is_put_where_it_is_wanted()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        var added = (await session.CallAsync("add_job_task", new { job_id = "copy", table = "orders", name = "all orders", position = 1, incremental_check_column = "id" })).Ok();

        Assert.Equal(("executed", "all orders", 1), (added.Outcome, (string?)added.Result["name"], (int?)added.Result["position"]));
        var tasks = (await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items;
        Assert.Equal(["all orders", "customers"], tasks.Select(item => (string?)item["name"]));
        await shop.RunWellAsync(job);
        Assert.Equal("id", (string?)(await session.CallAsync("get_job_task", new { job_id = job, task_id = added.Id })).Ok().Result["check_column_used"]);
    }

    [Fact]
    public async Task A_query_chooses_renames_and_filters()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();

        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [big.orders] SELECT id, amount AS [net amount] FROM [orders] WHERE amount >= 9.5" })).Ok();
        await shop.RunWellAsync(job);

        Assert.Equal(["1|9.5", "2|20"], Sql.Rows(shop.DestinationFile, "SELECT id, \"net amount\" FROM \"big.orders\" ORDER BY id"));
    }

    [Theory]
    [InlineData("Sales.2026")]
    [InlineData("a/b")]
    [InlineData("two words")]
    [InlineData("Straße")]
    public async Task Odd_table_names_are_replicated_as_they_are(string table)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, $"CREATE TABLE \"{table}\" (id INTEGER PRIMARY KEY); INSERT INTO \"{table}\" VALUES (7)");

        await shop.RunWellAsync(await shop.JobAsync(table));

        Assert.Equal(["7"], Sql.Rows(shop.DestinationFile, $"SELECT id FROM \"{table}\""));
    }

    [Theory]
    [InlineData("REPLICATE [x] SELCT * FROM [orders]", 15)]
    [InlineData("REPLICATE [x] SELECT * FROM [orders] WHERE amount >", 52)]
    [InlineData("REPLICATE [x] SELECT * FROM [orders]; DROP TABLE orders", 39)]
    [InlineData("SELECT * FROM orders", 1)]
    [InlineData("REPLICATE [x", 11)]
    public async Task A_syntax_error_is_refused_with_its_place(string query, int position)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();

        (await session.CallAsync("add_job_task", new { job_id = job, query })).Refused("invalid_request").Naming("query", $"position {position}", "^");

        Assert.Empty((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task Neither_table_nor_query_and_a_destination_that_another_task_writes_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");

        (await session.CallAsync("add_job_task", new { job_id = job })).Refused("invalid_request").Naming("`table`", "`query`", "REPLICATE");
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [Orders] SELECT * FROM [customers]" })).Refused("invalid_request").Naming("Orders", "both write");
        (await session.CallAsync("add_job_task", new { job_id = job, table = "customers", position = 0 })).Refused("invalid_arguments").Naming("`position`", "1");

        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task The_same_idempotency_key_adds_one_task()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();

        var first = (await session.CallAsync("add_job_task", new { job_id = job, table = "orders", idempotency_key = "once" })).Ok();
        var second = (await session.CallAsync("add_job_task", new { job_id = job, table = "orders", idempotency_key = "once" })).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
    }
}
