using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>What is wrong at the source is said in the run, with its name and the way out, and nothing half-written stays.</summary>
public sealed class BadSourceTests
{
    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("no database", "is not an SQLite database")]
    [InlineData("a folder", "shop.db")]
    public async Task A_source_file_that_cannot_be_read_ends_the_run_in_words(string trouble, string says)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        File.Delete(shop.SourceFile);
        if (trouble == "no database")
            await File.WriteAllTextAsync(shop.SourceFile, new string('x', 5_000), TestContext.Current.CancellationToken);
        else if (trouble == "a folder")
            Directory.CreateDirectory(shop.SourceFile);

        var run = await shop.RunAsync(job);

        Assert.NotEqual("Successful", (string?)run["status"]);
        Assert.Contains(says, (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("shop.db", (string?)run["details"], StringComparison.Ordinal);
        Assert.False(File.Exists(shop.DestinationFile), "a destination was begun");
    }

    [Fact]
    public async Task A_source_outside_the_allowed_folders_is_refused_even_after_a_yes()
    {
        using var elsewhere = new TempFolder();
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        File.Copy(shop.SourceFile, elsewhere["private.db"]);
        await SmallShop.ConnectAsync(session, "private", elsewhere["private.db"]);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["source_connection"] = "private" }, "customers");
        session.Person.Confirms();

        var run = await shop.RunAsync(job);

        Assert.Contains("private.db", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal("Error", (string?)run["status"]);
        Assert.Contains("outside the allowed folders", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("syncmcp allow", (string?)run["details"], StringComparison.Ordinal);
        Assert.False(File.Exists(shop.DestinationFile));
    }

    [Fact]
    public async Task A_link_out_of_the_folder_is_no_way_out()
    {
        using var elsewhere = new TempFolder();
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        File.Copy(shop.SourceFile, elsewhere["private.db"]);
        File.CreateSymbolicLink(session.File("innocent.db"), elsewhere["private.db"]);
        await SmallShop.ConnectAsync(session, "innocent", "innocent.db");
        session.Person.Confirms();

        (await session.CallAsync("list_connection_tables", new { connection_id = "innocent" })).Refused("invalid_request").Naming("innocent.db", "outside the allowed folders");
    }

    [Fact]
    public async Task A_locked_source_is_waited_for_while_everything_else_is_served()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        using (Sql.LockWhole(shop.SourceFile))
        {
            (await session.CallAsync("execute_job", new { job_id = job })).Ok();
            Assert.Equal("default", (await session.CallAsync("get_workspace")).Ok().Id);
            Assert.Null((await session.CallAsync("get_job_status", new { job_id = job })).Ok().Result["finished_at"]);
        }

        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
    }

    [Fact]
    public async Task A_table_without_a_key_is_mirrored_and_never_doubled()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, "CREATE TABLE notes (text); INSERT INTO notes VALUES ('a'), ('a'), (NULL)");
        var job = await shop.JobAsync("notes");

        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "INSERT INTO notes VALUES ('b')");
        await shop.RunWellAsync(job);

        Assert.Equal(["NULL", "a", "a", "b"], Sql.Rows(shop.DestinationFile, "SELECT text FROM notes ORDER BY text"));
    }

    [Fact]
    public async Task A_column_whose_type_changed_between_runs_is_named_and_nothing_is_written()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);
        var before = Sql.Rows(shop.DestinationFile, "SELECT * FROM orders");
        Sql.Run(shop.SourceFile, "DROP TABLE orders; CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount TEXT, updated_at TEXT); INSERT INTO orders VALUES (9, 1, 'much', '2026-03-01')");

        var run = await shop.RunAsync(job);

        Assert.Contains("Failed", (string?)run["status"], StringComparison.Ordinal);
        Assert.Contains("type_changed", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("amount", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(before, Sql.Rows(shop.DestinationFile, "SELECT * FROM orders"));
    }
}
