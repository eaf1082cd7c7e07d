using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A connection is made to a file that is no data: the account's secrets, the system's, the program's own, by its path or by a detour.</summary>
public sealed class FileAttackTests
{
    public static TheoryData<string, string> Elsewhere { get; } = new()
    {
        { "CSV", "~/.ssh" },
        { "CSV", "/proc/self/environ" },
        { "CSV", "/proc/self/cwd/../../etc" },
        { "CSV", "/dev/stdin" },
        { "CSV", "file:///etc" },
        { "CSV", "../operator" },
        { "CSV", "door" },
        { "CSV", "door/../operator" },
        { "SQLite", "~/.ssh/id_ed25519" },
        { "SQLite", "/proc/self/mem" },
        { "SQLite", "file:../engine.db?mode=rw" },
        { "SQLite", "../engine.db" },
        { "SQLite", "./sub/../../engine.db" },
        { "SQLite", "../../operator/state.db" },
        { "SQLite", "door/state.db" },
        { "SQLite", "state-link.db" },
        { "SQLite", "engine-second-name.db" },
        { "SQLite", ":memory:" },
    };

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public async Task No_connector_reads_or_writes_what_is_no_data(string connector, string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "paths and links of Linux");
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms(); // even a person in the chat cannot let it happen
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("delete_workspace", new { workspace_id = "none" })).Refused("not_found"); // there is a state.db now
        Directory.CreateSymbolicLink(session.File("door"), session.Options.OperatorFolder);
        File.CreateSymbolicLink(session.File("state-link.db"), Path.Combine(session.Options.OperatorFolder, "state.db"));
        HardLink(Path.Combine(session.Options.DataDirectory, "engine.db"), session.File("engine-second-name.db"));
        var real = path.Replace("~", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), StringComparison.Ordinal);
        (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "loot",
            ["connector"] = connector,
            ["properties"] = new JsonObject { [connector == "CSV" ? "URI" : "Data Source"] = real },
        })).Ok();

        Assert.False((bool)(await session.CallAsync("test_connection", new { connection_id = "loot" })).Ok().Result["success"]!);
        Assert.True((await session.CallAsync("list_connection_tables", new { connection_id = "loot" })).IsError);
        foreach (var (from, to) in ((string, string)[])[("loot", "warehouse"), ("shop", "loot")])
        {
            var job = (await session.CallAsync("create_job", new { name = $"from-{from}", source_connection = from, destination_connection = to })).Ok().Id;
            (await session.CallAsync("add_job_task", new { job_id = job, table = "orders" })).Ok();
            if ((await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
                Assert.NotEqual("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.False(File.Exists(shop.DestinationFile));
        Assert.DoesNotContain("orders", Sql.Rows(Path.Combine(session.Options.DataDirectory, "engine.db"), "SELECT name FROM sqlite_schema"));
        Assert.DoesNotContain("orders", Sql.Rows(Path.Combine(session.Options.OperatorFolder, "state.db"), "SELECT name FROM sqlite_schema"));
    }

    [Fact]
    public async Task What_is_allowed_beside_reaches_neither_approvals_nor_another_data_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths of Unix");
        using var around = new TempFolder();
        await using (var other = await SyncSession.StartAsync(options => options with { DataDirectory = around["other"], OperatorFolder = around["others-operator"] }))
            await SmallShop.OpenAsync(other);
        await using var session = await SyncSession.StartAsync(options => options with { DataDirectory = around["data"], OperatorFolder = around["operator"] });
        new AllowedPlaces(session.Options).Add(new(around.Path, ReadOnly: false)); // as no command lets anybody
        await SmallShop.OpenAsync(session);

        foreach (var own in (string[])["operator/state.db", "other/engine.db", "other/token", "others-operator/state.db", "data/engine.db"])
        {
            await SmallShop.ConnectAsync(session, own, around[own]);
            (await session.CallAsync("list_connection_tables", new { connection_id = own })).Refused("invalid_request").Naming("is refused: it ");
        }

        await SmallShop.ConnectAsync(session, "data", around["other/files/shop.db"]);
        Assert.Equal(2, (await session.CallAsync("list_connection_tables", new { connection_id = "data" })).Ok().Items.Count);
    }

    [Fact]
    public async Task A_folder_that_was_allowed_and_is_a_link_now_leads_nowhere()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using var around = new TempFolder();
        Directory.CreateDirectory(around["project"]);
        Directory.CreateDirectory(around["home"]);
        Sql.Run(around["home/private.db"], "CREATE TABLE diary (id INTEGER)");
        await using var session = await SyncSession.StartAsync();
        new AllowedPlaces(session.Options).Add(new(around["project"], ReadOnly: false));
        Directory.Delete(around["project"]);
        Directory.CreateSymbolicLink(around["project"], around["home"]);

        await SmallShop.ConnectAsync(session, "loot", around["project/private.db"]);

        (await session.CallAsync("list_connection_tables", new { connection_id = "loot" })).Refused("invalid_request").Naming("is refused: it ");
    }

    [Fact]
    public async Task A_folder_that_is_allowed_for_reading_is_not_written_whatever_a_person_in_the_chat_says()
    {
        using var around = new TempFolder();
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        await SmallShop.OpenAsync(session);
        new AllowedPlaces(session.Options).Add(new(around.Path, ReadOnly: true));
        await SmallShop.ConnectAsync(session, "outside", around["copy.db"]);
        (await session.CallAsync("create_connection", new JsonObject { ["name"] = "outside files", ["connector"] = "CSV", ["properties"] = new JsonObject { ["URI"] = around["csv"] } })).Ok();

        foreach (var destination in (string[])["outside", "outside files"])
        {
            var job = (await session.CallAsync("create_job", new { name = destination, source_connection = "shop", destination_connection = destination })).Ok().Id;
            (await session.CallAsync("add_job_task", new { job_id = job, table = "orders" })).Ok();
            if ((await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
                Assert.NotEqual("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(around.Path));
    }

    [Fact]
    public async Task A_journal_that_came_with_a_database_deletes_no_file_elsewhere()
    {
        using var around = new TempFolder();
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE t (id INTEGER)");
        var victim = around["thesis.txt"];
        await File.WriteAllTextAsync(victim, "three years of work", TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(shop.DestinationFile + "-journal", Journal(victim), TestContext.Current.CancellationToken);
        var job = await shop.JobAsync("orders");
        (await session.CallAsync("create_transformation", new { name = "net", destination_connection = "warehouse" })).Ok();
        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "DELETE FROM t" })).Ok();

        if ((await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
            Assert.NotEqual("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        if ((await session.CallAsync("execute_transformation", new { transformation_id = "net" })) is { IsError: false })
            await session.RunEndedAsync("get_transformation_status", new { transformation_id = "net" });

        Assert.True(File.Exists(victim));
    }

    // The end of a rollback journal names the journal of the transaction over several files that it belongs to; that one is deleted when all are rolled back
    // (https://www.sqlite.org/fileformat.html "The Rollback Journal", pager.c: readSuperJournal, pager_delsuper).
    private static byte[] Journal(string named)
    {
        var name = System.Text.Encoding.ASCII.GetBytes(named);
        var journal = new List<byte> { 1, 1, 1, 1 };
        journal.AddRange(name);
        foreach (var number in (uint[])[(uint)name.Length, (uint)name.Sum(one => one)])
            journal.AddRange([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
        journal.AddRange([0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
        return [.. journal];
    }

    private static void HardLink(string file, string name)
    {
        using var process = System.Diagnostics.Process.Start("ln", [file, name]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
