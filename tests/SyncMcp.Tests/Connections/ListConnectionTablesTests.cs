using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class ListConnectionTablesTests
{
    [Fact]
    public async Task Tables_and_views_are_listed_as_the_source_spells_them()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, "CREATE TABLE [Sales.2026/Q1 \"net\"] (id INTEGER PRIMARY KEY); CREATE VIEW good_customers AS SELECT * FROM customers");

        var all = (await session.CallAsync("list_connection_tables", new { connection_id = "shop" })).Ok();

        Assert.Equal(["Sales.2026/Q1 \"net\"", "customers", "good_customers", "orders"], all.Items.Select(item => (string?)item["name"]));
        Assert.Equal(["TABLE", "TABLE", "VIEW", "TABLE"], all.Items.Select(item => (string?)item["type"]));
        Assert.Contains("/items/*/name", all.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
        var views = (await session.CallAsync("list_connection_tables", new { connection_id = "shop", kind = "views" })).Ok();
        Assert.Equal("good_customers", (string?)Assert.Single(views.Items)["name"]);
    }

    [Fact]
    public async Task A_long_name_is_listed_whole_because_half_a_name_names_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var name = new string('n', 200);
        Sql.Run(shop.SourceFile, $"CREATE TABLE {name} (id INTEGER PRIMARY KEY)");
        var listed = (await session.CallAsync("list_connection_tables", new { connection_id = "shop" })).Ok().Items.Select(table => (string)table["name"]!).Single(listed => listed.StartsWith("nnn", StringComparison.Ordinal));
        Assert.Equal(name, listed);
        Assert.Single((await session.CallAsync("list_table_columns", new { connection_id = "shop", table_name = listed })).Ok().Items);
    }

    [Fact]
    public async Task Pages_hold_every_table_once()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, string.Concat(Enumerable.Range(0, 20).Select(i => $"CREATE TABLE t{i:00} (id INTEGER PRIMARY KEY);")));

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = (await session.CallAsync("list_connection_tables", new { connection_id = "shop", limit = 10, cursor })).Ok(); // null means absent
            seen.AddRange(page.Items.Select(item => (string?)item["name"]));
            Assert.Equal(22, (int?)page.Structured["total"]);
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(22, seen.Count);
        Assert.Equal(22, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_destination_shows_which_job_made_a_table_and_our_own_tables_only_when_asked()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);

        var made = Assert.Single((await session.CallAsync("list_connection_tables", new { connection_id = "warehouse" })).Ok().Items);

        Assert.Equal(job, (string?)made["made_by_job"]);
        var all = (await session.CallAsync("list_connection_tables", new { connection_id = "warehouse", include_system = true })).Ok();
        Assert.Contains("_syncmcp_checkpoint", all.Items.Select(item => (string?)item["name"]));
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_database_is_refused_by_name()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.ConnectAsync(session, "gone", "gone.db");
        await File.WriteAllTextAsync(session.File("text.db"), new string('x', 5_000), TestContext.Current.CancellationToken);
        await SmallShop.ConnectAsync(session, "text", "text.db");

        (await session.CallAsync("list_connection_tables", new { connection_id = "gone" })).Refused("invalid_request").Naming("gone.db", "does not exist");
        (await session.CallAsync("list_connection_tables", new { connection_id = "text" })).Refused("invalid_request").Naming("text.db", "not an SQLite database");
        (await session.CallAsync("list_connection_tables", new { connection_id = "text", kind = "TABLE" })).Refused("invalid_arguments").Naming("`kind`", "TABLES");

        Assert.False(File.Exists(session.File("gone.db"))); // looking makes nothing
    }
}
