using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What runs, runs only in a definition that is plain or that a person approved; repeats are silent, a change asks once.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Drafting_a_first_plain_run_and_its_repeats_ask_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        await shop.RunWellAsync(job);
        await shop.RunWellAsync(job);
        await shop.AddAsync(job, "orders");
        await shop.RunWellAsync(job);
        (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = true, cron = "0 0 2 * * *" } })).Ok();

        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task An_overwrite_takes_a_typed_phrase_once_and_its_repeat_none()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT); INSERT INTO orders VALUES (77, 1, 1, 'x')");
        var job = await shop.JobAsync("orders");
        session.Person.Confirms();

        await shop.RunWellAsync(job);
        await shop.RunWellAsync(job);

        var question = Assert.Single(session.Person.Questions);
        Assert.Equal("Type \"run copy\"", question.RequestedSchema!.Properties["phrase"].Description);
        Assert.Contains("Existing tables that it would write (1): \"orders (1 row)\"", question.Message, StringComparison.Ordinal);
        Assert.Equal([(SmallShop.Orders + 1).ToString()], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task What_drops_or_truncates_takes_a_typed_phrase_and_a_change_of_it_asks_anew()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["truncate_table_data"] = true } }, "orders");
        session.Person.Confirms();

        await shop.RunWellAsync(job);
        await shop.RunWellAsync(job);
        Assert.Contains("DELETED before each run", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);

        (await session.CallAsync("update_job", new { job_id = job, settings = new { batch_size = 7 } })).Ok(); // drafting
        Assert.Single(session.Person.Questions);
        await shop.RunWellAsync(job);
        Assert.Equal(2, session.Person.Questions.Count);
        Assert.Contains("Changed since it was approved", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Contains("\n  rows per batch: (none) -> 7\n", session.Person.Questions[1].Message, StringComparison.Ordinal);

        // The older approval has ended: going back asks.
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = job, ["settings"] = new JsonObject { ["batch_size"] = null } })).Ok();
        await shop.RunWellAsync(job);
        Assert.Equal(3, session.Person.Questions.Count);
    }

    [Fact]
    public async Task A_new_name_asks_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");
        session.Person.Confirms();
        await shop.RunWellAsync(job);

        (await session.CallAsync("update_job", new { job_id = job, name = "another", labels = new[] { "x" } })).Ok();
        await shop.RunWellAsync(job);

        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task A_change_of_an_armed_job_is_judged_like_a_run_and_a_no_changes_nothing()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");
        Assert.Empty(session.Person.Questions); // plain so far

        (await session.CallAsync("update_job", new { job_id = job, settings = new { drop_table = true } })).Refused("declined");
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [x] WITH DropTable=true SELECT * FROM [orders]" })).Refused("declined");
        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "customers" })).Refused("declined");

        Assert.Equal(3, session.Person.Questions.Count);
        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Items);
        Assert.Null((await session.CallAsync("get_job", new { job_id = job })).Result["settings"]?["drop_table"]);
    }

    [Fact]
    public async Task A_consent_to_an_armed_change_covers_the_runs_after_it()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");
        session.Person.Confirms();

        (await session.CallAsync("update_job", new { job_id = job, settings = new { truncate_table_data = true } })).Ok();
        await shop.RunWellAsync(job);

        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task An_update_of_a_connection_shows_the_armed_jobs_that_change_with_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");

        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "warehouse", ["properties"] = new JsonObject { ["Data Source"] = "/tmp/elsewhere.db" } })).Refused("declined");

        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("\"SQLite Data Source=warehouse.db\" -> \"SQLite Data Source=/tmp/elsewhere.db\"", question.Message, StringComparison.Ordinal);
        Assert.Contains("Job: \"copy\"", question.Message, StringComparison.Ordinal);
        Assert.Equal("Type \"change warehouse\"", question.RequestedSchema!.Properties["phrase"].Description);
        Assert.Equal("warehouse.db", (string?)(await session.CallAsync("get_connection", new { connection_id = "warehouse" })).Result["properties"]!["Data Source"]);
    }

    [Fact]
    public async Task A_place_that_is_not_allowed_is_not_contacted_without_a_yes()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", new JsonObject
        {
            ["name"] = "outside",
            ["connector"] = "PostgreSQL",
            ["properties"] = new JsonObject { ["Server"] = "127.0.0.1", ["Port"] = "1", ["Database"] = "shop", ["User"] = "sync" },
        })).Ok();

        foreach (var tool in (string[])["test_connection", "list_connection_tables"])
            (await session.CallAsync(tool, new { connection_id = "outside" })).Refused("not_shown");
        Assert.All(session.Person.Questions, question => Assert.Contains("Server=127.0.0.1", question.Message, StringComparison.Ordinal));

        session.Person.Confirms();
        (await session.CallAsync("test_connection", new { connection_id = "outside" })).Ok(); // nobody answers there
        var asked = session.Person.Questions.Count;
        (await session.CallAsync("test_connection", new { connection_id = "outside" })).Ok();
        Assert.Equal(asked, session.Person.Questions.Count);
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_file_that_the_engine_refuses_anyway()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.ConnectAsync(session, "outside", "/tmp/outside.db");

        var tested = (await session.CallAsync("test_connection", new { connection_id = "outside" })).Ok();

        Assert.Empty(session.Person.Questions);
        Assert.False((bool?)tested.Result["success"]);
        Assert.Contains("syncmcp allow", (string?)tested.Result["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_on_one_job_at_the_same_time_do_not_refuse_each_other()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => session.CallAsync("add_job_task", new { job_id = job, query = $"REPLICATE [orders_{i}] SELECT * FROM [orders]" })));

        Assert.All(added, one => one.Ok());
        Assert.Equal(6, (await session.CallAsync("list_job_tasks", new { job_id = job })).Items.Count);
    }
}
