using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A job that looks like a copy destroys, falsifies or withholds: by an option, a query, a table that is not its own, or by being changed after it was approved.</summary>
public sealed class DefinitionAttackTests
{
    private static JsonObject Daily => new() { ["enabled"] = true, ["cron"] = "0 0 2 * * *" };

    [Theory]
    [InlineData("REPLICATE [customers_copy] WITH DropTable=true SELECT * FROM [customers]")]
    [InlineData("REPLICATE [customers_copy] WITH TruncateTable SELECT * FROM [customers]")]
    [InlineData("REPLICATE [customers_copy] WITH SkipDeleted=false SELECT * FROM [customers]")]
    public async Task A_task_that_destroys_is_not_added_to_a_scheduled_job(string query)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = Daily }, "orders");

        await Refused.ByAPersonAsync(session, "add_job_task", new { job_id = job, query }, typed: true, query);

        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
    }

    [Theory]
    [InlineData("""{"settings": {"other_options": "TruncateTable=true"}}""", "other_options")]
    [InlineData("""{"settings": {"truncate_table_data": true}}""", "DELETED before each run")]
    [InlineData("""{"settings": {"drop_table": true}}""", "DROPPED")]
    [InlineData("""{"settings": {"skip_deleted": false}}""", "DELETED when they are gone")]
    [InlineData("""{"events": {"pre_job": "<api:call op='fileDelete'/>"}}""", "fileDelete")]
    [InlineData("""{"events": {"post_job": "<api:call op='mailSend'/>"}}""", "mailSend")]
    [InlineData("""{"type": "ReverseETL"}""", "ReverseETL")]
    public async Task Options_and_scripts_that_do_more_than_copy_run_nowhere(string members, string shown)
    {
        // On a server that can do all of it, between places that are approved, into a table that does not exist: without that it would be plain.
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        await using var session = await company.ApprovedAsync();
        const string job = "10000000-0000-0000-0000-000000000003";
        void Members(JsonObject of)
        {
            foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
                of[name] = value?.DeepClone();
        }

        company.Job(job, "more", Company.Payroll, Company.Archive, Members, "wages");

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job }, typed: true, shown);

        Assert.Equal(0, company.Runs(job));
    }

    [Fact]
    public async Task Zeros_are_not_written_over_balances_of_a_table_that_is_anothers()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER); INSERT INTO accounts VALUES (1, 700)");
        var job = await shop.JobAsync();
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [accounts] SELECT [id], 0 AS [balance] FROM [customers]" })).Ok();

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job }, typed: true, "accounts (", "0 AS [balance]");
        await PastTheGuardAsync(session, job);

        Assert.Equal(["700"], Sql.Rows(shop.DestinationFile, "SELECT balance FROM accounts"));
    }

    [Theory]
    [InlineData("REPLICATE [orders] SELECT * FROM [orders] WHERE 1 = 0")]
    [InlineData("REPLICATE [orders] SELECT [id], [customer_id], 0 AS [amount], [updated_at] FROM [orders]")]
    public async Task An_approved_jobs_task_that_now_withholds_or_falsifies_is_shown_before_it_runs(string query)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await ApprovedAsync(session);

        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", query })).Ok(); // drafting
        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = "copy" }, typed: false, "Changed since it was approved", query);
        Assert.Equal(["9.5"], Sql.Rows(shop.DestinationFile, "SELECT amount FROM orders WHERE id = 1"));

        session.Person.Declines();
        (await session.CallAsync("update_job_task", new JsonObject { ["job_id"] = "copy", ["task_id"] = "orders", ["query"] = null })).Ok();
        (await session.CallAsync("update_job", new { job_id = "copy", schedule = Daily })).Refused("declined"); // arming asks by itself
    }

    [Fact]
    public async Task A_SyncAll_job_whose_task_is_told_another_check_column_is_another_definition()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        var job = (await session.CallAsync("create_job", new { name = "all", type = "SyncAll", source_connection = "shop", destination_connection = "warehouse" })).Ok().Id;
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        await session.RunEndedAsync(job);
        (await session.CallAsync("update_job", new { job_id = job, schedule = Daily })).Ok();

        // A column that never grows: from then on nothing new would arrive.
        await Refused.ByAPersonAsync(session, "update_job_task", new { job_id = job, task_id = "orders", incremental_check_column = "customer_id" }, typed: false, "customer_id");
    }

    [Fact]
    public async Task A_SyncAll_job_that_is_fed_with_a_foreign_tables_name_does_not_write_that_table()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = (await session.CallAsync("create_job", new { name = "all", type = "SyncAll", source_connection = "shop", destination_connection = "warehouse" })).Ok().Id;
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        Sql.Run(shop.DestinationFile, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER); INSERT INTO accounts VALUES (1, 700)");
        Sql.Run(shop.SourceFile, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER); INSERT INTO accounts VALUES (1, 0)");

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job }, typed: true, "\"accounts\"");
        await PastTheGuardAsync(session, job); // as its schedule would

        Assert.Equal(["700"], Sql.Rows(shop.DestinationFile, "SELECT balance FROM accounts"));
    }

    [Fact]
    public async Task A_task_that_was_approved_as_switched_off_is_not_run_by_naming_it()
    {
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        server.List($"/jobs/{Company.PayrollToArchive}/tasks", [new() { ["id"] = "people", ["table"] = "people" }, new() { ["id"] = "wages", ["name"] = "wages", ["table"] = "wages", ["enabled"] = false }]);
        await using var session = await company.ApprovedAsync();

        (await session.CallAsync("execute_job", new { job_id = Company.PayrollToArchive, task_ids = new[] { "people" } })).Ok();
        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = Company.PayrollToArchive, task_ids = new[] { "people", "wages" } }, typed: true, "SWITCHED OFF", "wages");
        Assert.Equal(2, company.Runs(Company.PayrollToArchive));
    }

    [Fact]
    public async Task Back_to_an_older_approved_definition_asks()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await ApprovedAsync(session);
        session.Person.Confirms();
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", query = "REPLICATE [orders] SELECT * FROM [orders] WHERE [amount] > 0" })).Ok(); // the fix
        (await session.CallAsync("execute_job", new { job_id = "copy" })).Ok();
        await session.RunEndedAsync("copy");

        (await session.CallAsync("update_job_task", new JsonObject { ["job_id"] = "copy", ["task_id"] = "orders", ["query"] = null })).Ok();
        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = "copy" }, typed: false, "Changed since it was approved");
    }

    [Fact]
    public async Task A_restore_does_not_undo_a_fix_unseen()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await ApprovedAsync(session);
        (await session.CallAsync("update_job", new { job_id = "copy", schedule = Daily })).Ok();
        const string fix = "REPLICATE [orders] SELECT * FROM [orders] WHERE [amount] > 0";
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", query = fix })).Ok();
        var mended = (await session.CallAsync("recent_changes")).Ok().Items.First(change => (string?)change["tool"] == "update_job_task");

        await Refused.ByAPersonAsync(session, "undo", new { audit_id = (long)mended["audit_id"]! }, typed: false, fix, "Changed since it was approved");

        Assert.Equal(fix, (string?)Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = "copy", fields = new[] { "*" } })).Ok().Items)["query"]);
    }

    [Theory]
    [InlineData("_syncmcp_checkpoint", "")]
    [InlineData("checkpoint", "_syncmcp_")]
    [InlineData("sqlite_sequence", "")]
    public async Task The_engines_own_tables_are_no_destination(string table, string prefix)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        await shop.RunWellAsync(await shop.JobAsync("customers"));
        var marks = Sql.Rows(shop.DestinationFile, "SELECT * FROM _syncmcp_checkpoint");
        var job = await shop.JobAsync(new JsonObject { ["name"] = "forger", ["settings"] = new JsonObject { ["table_name_prefix"] = prefix } });
        await session.CallAsync("add_job_task", new { job_id = job, query = $"REPLICATE [{table}] SELECT [id] AS [job_id], [name] AS [task_id] FROM [customers]" });

        // By its name alone, before columns or owners are looked at.
        if ((await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
            Assert.Contains("cannot be a destination table", (await session.RunEndedAsync(job)).ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(marks, Sql.Rows(shop.DestinationFile, "SELECT * FROM _syncmcp_checkpoint"));
    }

    // A job over a table that existed, so that a person has approved it.
    private static async Task<SmallShop> ApprovedAsync(SyncSession session)
    {
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, amount DECIMAL(10,2), updated_at TEXT)");
        await shop.JobAsync("orders");
        session.Person.Confirms();
        await shop.RunWellAsync("copy");
        return shop;
    }

    // A call that came to the engine by another way, or a schedule: the engine's own lock must hold.
    private static async Task PastTheGuardAsync(SyncSession session, string job)
    {
        var ct = TestContext.Current.CancellationToken;
        var found = (await EngineLocation.FindAsync(session.Options.DataDirectory, ct))!;
        using var client = new SyncClient(new SyncClientOptions
        {
            Server = new("http://localhost/api.rsc/v2"),
            Token = _ => ValueTask.FromResult<string?>(found.Token),
            Connect = async (_, token) => await EngineLocation.ConnectAsync(found.Facts.Socket!, token),
        });
        await new JobClient(client).ExecuteAsync(new ExecuteJob { JobId = job }, ct: ct);
        await session.RunEndedAsync(job);
    }
}
