using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>What is wrong at the destination is said in the run, with its name and the way out; what was there stays as it was.</summary>
public sealed class BadDestinationTests
{
    [Fact]
    public async Task A_read_only_destination_is_named_and_left_as_it_is()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE other (id INTEGER PRIMARY KEY); INSERT INTO other VALUES (1)");
        // The file itself says so (write version over 2, SQLite file format 1.3.3): permissions do not bind root, this binds everybody.
        await using (var file = File.Open(shop.DestinationFile, FileMode.Open))
        {
            file.Position = 18;
            file.WriteByte(3);
        }

        var before = await File.ReadAllBytesAsync(shop.DestinationFile, TestContext.Current.CancellationToken);
        var run = await shop.RunAsync(await shop.JobAsync("customers"));

        Assert.NotEqual("Successful", (string?)run["status"]);
        Assert.Contains("read-only", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("warehouse.db", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(shop.DestinationFile, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("a folder")]
    [InlineData("no database")]
    public async Task A_destination_that_is_no_database_is_named_and_left_as_it_is(string trouble)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        if (trouble == "a folder")
            Directory.CreateDirectory(shop.DestinationFile);
        else
            await File.WriteAllTextAsync(shop.DestinationFile, "a letter to the bank, " + new string('x', 5_000), TestContext.Current.CancellationToken);
        session.Person.Confirms(); // what cannot be looked into is asked about

        var run = await shop.RunAsync(await shop.JobAsync("customers"));

        Assert.NotEqual("Successful", (string?)run["status"]);
        Assert.Contains("warehouse.db", (string?)run["details"], StringComparison.Ordinal);
        if (trouble == "a folder")
            Assert.Empty(Directory.GetFileSystemEntries(shop.DestinationFile));
        else
            Assert.StartsWith("a letter to the bank", await File.ReadAllTextAsync(shop.DestinationFile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_not_made()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await SmallShop.ConnectAsync(session, "nowhere", "no/such/place.db");

        var run = await shop.RunAsync(await shop.JobAsync(new JsonObject { ["name"] = "copy", ["destination_connection"] = "nowhere" }, "customers"));

        Assert.NotEqual("Successful", (string?)run["status"]);
        Assert.Contains("no/such", (string?)run["details"], StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.File("no")));
    }

    [Fact]
    public async Task A_full_disk_ends_the_run_in_words_and_keeps_whole_transactions_only()
    {
        using var folder = new TempFolder();
        await using (var first = await SyncSession.StartAsync(folder: folder))
            (await first.CallAsync("list_workspaces")).Ok(); // makes the data directory
        var small = Path.Combine(folder["data"], "files", "small");
        Directory.CreateDirectory(small);
        // A disk of its own for the engine: a temporary file system in a namespace, which needs no rights where the system lets anybody make one.
        using var engine = await EngineProcess.TryStartAsync(folder, "unshare", "-Urm", "sh", "-c", "mount -t tmpfs -o size=400k tmpfs \"$0\" && exec \"$@\"", small);
        Assert.SkipWhen(engine is null, "This system gives no file systems of their own to ordinary users (unshare -Urm).");
        await using var session = await SyncSession.StartAsync(folder: folder);
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile, "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO customers SELECT i, 'customer number ' || i, '2026-02-01' FROM n");
        await SmallShop.ConnectAsync(session, "small", "small/copy.db");
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["destination_connection"] = "small", ["settings"] = new JsonObject { ["batch_size"] = 500 } }, "customers");

        var run = await shop.RunAsync(job);

        Assert.Contains("Failed", (string?)run["status"], StringComparison.Ordinal);
        Assert.Contains("no space left", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("copy.db", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(0, (int)run["records_affected"]! % 500); // whole batches
        (await session.CallAsync("get_run_log", new { job_id = job, history_id = (string?)run["id"] })).Ok();
    }
}
