using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>Setting up by words: find tables, add them, make a job like another, compare columns, copy tables every hour.</summary>
public sealed class SetupToolsTests : IAsyncLifetime
{
    private SyncSession session = null!;
    private SmallShop shop = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
        shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.SourceFile,
            """
            CREATE TABLE Invoice (Id INTEGER PRIMARY KEY, Total DECIMAL(10,2), LastModifiedDate DATETIME);
            CREATE TABLE InvoiceLine (Id INTEGER PRIMARY KEY, InvoiceId INTEGER, Amount DECIMAL(10,2));
            CREATE TABLE old_invoice_archive (Note TEXT);
            INSERT INTO Invoice VALUES (1, 5, '2026-01-01 00:00:00');
            INSERT INTO InvoiceLine VALUES (1, 1, 5);
            """);
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    [Fact]
    public async Task Tables_are_found_by_words_best_first_and_misspelled_ones_too()
    {
        var found = (await session.CallAsync("search_tables", new { connection_id = "shop", words = "invoices", columns = true })).Ok();
        Assert.Equal(["Invoice", "InvoiceLine", "old_invoice_archive"], found.Items.Select(table => (string)table["name"]!));
        Assert.Equal(("LastModifiedDate", "Id"), ((string)found.Items[0]["check_column"]!, (string)found.Items[1]["check_column"]!));
        Assert.Null((string?)found.Items[2]["check_column"]);
        Assert.Equal("customers", (string)(await session.CallAsync("search_tables", new { connection_id = "shop", words = "custmers" })).Ok().Items[0]["name"]!);
        (await session.CallAsync("search_tables", new { connection_id = "nowhere", words = "x" })).Refused("not_found");
    }

    [Fact]
    public async Task A_place_that_nobody_allowed_is_not_looked_at_without_a_question_whatever_the_tool()
    {
        (await session.CallAsync("create_connection", new JsonObject { ["name"] = "far", ["connector"] = "PostgreSQL", ["properties"] = new JsonObject { ["Server"] = "db.example.com", ["Database"] = "x", ["User"] = "u", ["Password"] = "p" } })).Ok();
        await shop.JobAsync(new JsonObject { ["name"] = "far", ["source_connection"] = "far" }, "orders");
        session.Person.Declines();
        var tables = new JsonArray(new JsonObject { ["table"] = "orders" });
        (await session.CallAsync("search_tables", new { connection_id = "far", words = "x" })).Refused("declined");
        (await session.CallAsync("add_job_tasks", new JsonObject { ["job_id"] = "far", ["tables"] = tables.DeepClone() })).Refused("declined");
        session.Person.Cancels();
        (await session.CallAsync("compare_schema", new { job_id = "far" })).Refused("cancelled");
        Assert.Equal(3, session.Person.Questions.Count);
    }

    [Fact]
    public async Task Invoice_and_its_lines_are_added_in_one_call_incremental_with_reasons()
    {
        var job = await shop.JobAsync("orders");
        JsonObject Ask(params string[] tables) => new() { ["job_id"] = "copy", ["tables"] = new JsonArray([.. tables.Select(table => (JsonNode)new JsonObject { ["table"] = table })]) };

        var wrong = (await session.CallAsync("add_job_tasks", Ask("Invoice", "InvoiceLines"))).Refused("unknown_tables");
        Assert.Contains("InvoiceLine", wrong.Structured["details"]!["tables"]![0]!["did_you_mean"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Items);

        var added = (await session.CallAsync("add_job_tasks", Ask("invoice", "InvoiceLine", "orders"))).Ok();
        Assert.Equal(["Invoice", "InvoiceLine"], added.Result["added"]!.AsArray().Select(one => (string)one!["table"]!));
        Assert.Contains("NOT seen", (string)added.Result["added"]![1]!["why"]!, StringComparison.Ordinal);
        Assert.Equal("[\"orders\"]", added.Result["there_already"]!.ToJsonString());
        Assert.Equal(["updated_at?", "LastModifiedDate", "Id"], (await session.CallAsync("list_job_tasks", new JsonObject { ["job_id"] = job, ["fields"] = new JsonArray("*") })).Items.Select(task => (string?)task["incremental_check_column"] ?? "updated_at?"));
        (await session.CallAsync("add_job_tasks", Ask("orders"))).Refused("nothing_to_change");
        await shop.RunWellAsync(job);
        Assert.Equal(["1"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM InvoiceLine"));
    }

    [Fact]
    public async Task A_job_like_this_one_for_another_account_has_its_tasks_a_schedule_that_is_off_and_says_what_differs()
    {
        await SmallShop.ConnectAsync(session, "warehouse EU", "eu.db");
        await shop.JobAsync(new JsonObject { ["name"] = "US", ["labels"] = new JsonArray("prod"), ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "orders", "customers");

        var cloned = (await session.CallAsync("clone_job", new { job_id = "US", name = "EU", destination = "warehouse EU", table_name_prefix = "eu_" })).Ok();

        var job = (await session.CallAsync("get_job", new { job_id = "EU" })).Ok().Result;
        Assert.Equal(("warehouse EU", "eu_", "prod", false, "0 0 2 * * *"), ((string)job["destination_connection"]!["name"]!, (string)job["settings"]!["table_name_prefix"]!, (string)job["labels"]![0]!, (bool)job["schedule"]!["enabled"]!, (string)job["schedule"]!["cron"]!));
        Assert.Equal(["orders", "customers"], (await session.CallAsync("list_job_tasks", new { job_id = "EU" })).Items.Select(task => (string)task["table"]!));
        var difference = cloned.Result["difference"]!.ToJsonString();
        foreach (var word in new[] { "warehouse EU", "eu_", "runs by its schedule" })
            Assert.Contains(word, difference, StringComparison.Ordinal);
        (await session.CallAsync("clone_job", new { job_id = "US", name = "x", source = "shup" })).Refused("not_found");
        await shop.RunWellAsync((string)cloned.Result["id"]!);
        Assert.Equal(["4"], Sql.Rows(session.File("eu.db"), "SELECT count(*) FROM eu_orders"));
    }

    [Fact]
    public async Task A_new_column_at_the_source_is_named_and_whether_it_comes_by_itself()
    {
        var job = await shop.JobAsync("orders", "customers");
        Assert.Equal("The destination table does not exist yet: the first run makes it.", (string)(await session.CallAsync("compare_schema", new { job_id = job })).Ok().Items[0]["not_compared"]!);
        await shop.RunWellAsync(job);
        Assert.Equal(0, (int)(await session.CallAsync("compare_schema", new { job_id = job })).Ok().Structured["tasks_that_differ"]!);
        Sql.Run(shop.SourceFile, "ALTER TABLE orders ADD COLUMN note TEXT");

        var found = (await session.CallAsync("compare_schema", new { table = "orders" })).Ok();
        var difference = Assert.Single(Assert.Single(found.Items)["differences"]!.AsArray())!;
        Assert.Equal(("note", "missing"), ((string)difference["column"]!, (string)difference["kind"]!));
        Assert.Contains("set settings.alter_schema", (string)difference["what"]!, StringComparison.Ordinal);
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = job, ["settings"] = new JsonObject { ["alter_schema"] = true } })).Ok();
        Assert.Contains("next run adds it", (await session.CallAsync("compare_schema", new { table = "orders" })).Ok().Items[0].ToJsonString(), StringComparison.Ordinal);
        (await session.CallAsync("compare_schema")).Refused("invalid_arguments");
        (await session.CallAsync("compare_schema", new { table = "nothing" })).Refused("not_found");
    }

    [Fact]
    public async Task Copy_these_tables_every_hour_is_one_call_after_a_look()
    {
        JsonObject Ask(bool dry) => new() { ["name"] = "hourly", ["source_id"] = "shop", ["destination_id"] = "warehouse", ["tables"] = new JsonArray(new JsonObject { ["table"] = "Invoice" }, new JsonObject { ["table"] = "orders" }), ["every"] = "hour", ["dry_run"] = dry };

        var dry = (await session.CallAsync("create_replication", Ask(true))).Ok();
        Assert.Equal(("LastModifiedDate", "every hour at minute 0", 5), ((string)dry.Result["tables"]![0]!["check_column"]!, (string)dry.Result["schedule"]!["words"]!, dry.Result["schedule"]!["next_five"]!.AsArray().Count));
        Assert.Empty((await session.CallAsync("list_jobs")).Items);

        var made = (await session.CallAsync("create_replication", Ask(false))).Ok();
        var job = (await session.CallAsync("get_job", new { job_id = (string)made.Result["job_id"]! })).Ok().Result;
        Assert.True((bool)job["schedule"]!["enabled"]!);
        await shop.RunWellAsync((string)made.Result["job_id"]!);
        Assert.Equal(["1"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM Invoice"));
        (await session.CallAsync("undo", new { plan_id = (string)made.Result["plan_id"]! })).Ok();
        Assert.Empty((await session.CallAsync("list_jobs")).Items);
        // what a dry run planned is made by apply_plan
        (await session.CallAsync("apply_plan", new { plan_id = (string)dry.Result["plan_id"]! })).Ok();
        Assert.Single((await session.CallAsync("list_jobs")).Items);
        (await session.CallAsync("create_replication", new JsonObject { ["name"] = "x", ["source_id"] = "shop", ["destination_id"] = "warehouse", ["tables"] = new JsonArray(new JsonObject { ["table"] = "orders" }), ["every"] = "blue moon" })).Refused("invalid_arguments");
    }
}
