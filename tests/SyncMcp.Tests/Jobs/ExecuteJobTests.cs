using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ExecuteJobTests
{
    [Fact]
    public async Task Rows_arrive_and_a_second_run_carries_only_what_changed()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");

        var started = (await session.CallAsync("execute_job", new { job_id = "copy" })).Ok();
        Assert.Equal("executed", started.Outcome);
        Assert.Equal("Starting", (string?)started.Result["status"]);
        Assert.Contains(started.Links, link => link.Contains(started.Id, StringComparison.Ordinal));
        var first = await session.RunEndedAsync(job);
        Sql.Run(shop.SourceFile, "UPDATE orders SET amount = 21, updated_at = '2026-02-01' WHERE id = 2; INSERT INTO orders VALUES (5, 2, 7, '2026-02-02')");
        var second = await shop.RunWellAsync(job);

        Assert.Equal(("Successful", started.Id), ((string?)first["status"], (string?)first["id"]));
        Assert.Equal(SmallShop.Customers + SmallShop.Orders, (int?)first["records_affected"]);
        Assert.Equal(2, (int?)second["records_affected"]);
        foreach (var table in (string[])["customers", "orders"])
            Assert.Equal(Sql.Rows(shop.SourceFile, $"SELECT * FROM {table} ORDER BY id"), Sql.Rows(shop.DestinationFile, $"SELECT * FROM {table} ORDER BY id"));
        Assert.Empty(session.Person.Questions); // plain
    }

    [Fact]
    public async Task Tasks_are_chosen_by_name()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");

        (await session.CallAsync("execute_job", new { job_id = job, task_ids = new[] { "Orders" } })).Ok();
        await session.RunEndedAsync(job);

        Assert.Equal(["orders"], Sql.Rows(shop.DestinationFile, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'"));
        (await session.CallAsync("execute_job", new { job_id = job, task_ids = new[] { "orders", "people" } })).Refused("not_found").Naming("'people'", "list_job_tasks");
        Assert.Single((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_run()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        var first = (await session.CallAsync("execute_job", new { job_id = job, idempotency_key = "once" })).Ok();
        await session.RunEndedAsync(job);
        var second = (await session.CallAsync("execute_job", new { job_id = job, idempotency_key = "once" })).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
        Assert.Single((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task A_second_run_at_the_same_time_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        using (await shop.StartHeldAsync(job))
            (await session.CallAsync("execute_job", new { job_id = job })).Refused("already_running").Naming("copy", "get_job_status");

        await session.RunEndedAsync(job);
        Assert.Single((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task A_full_refresh_is_never_silent_and_no_means_no()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);

        (await session.CallAsync("execute_job", new { job_id = job, full_refresh = true })).Refused("declined").Naming("said no");

        Assert.Contains("FULL REFRESH", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Single((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task A_table_that_the_job_did_not_make_is_left_alone()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE orders (id INTEGER PRIMARY KEY, amount DECIMAL(10,2)); INSERT INTO orders VALUES (1, 99)");
        var job = await shop.JobAsync("orders");

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("declined").Naming("said no");

        Assert.Contains("\"orders (1 row)\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal(["1|99"], Sql.Rows(shop.DestinationFile, "SELECT * FROM orders"));
        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task A_job_that_cannot_run_here_or_has_no_tasks_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        var empty = await shop.JobAsync();
        var other = await shop.JobAsync(new JsonObject { ["name"] = "deletes", ["settings"] = new JsonObject { ["notify_windows_event"] = true } }, "customers");

        (await session.CallAsync("execute_job", new { job_id = empty })).Refused("invalid_request").Naming("copy", "task");
        (await session.CallAsync("execute_job", new { job_id = other })).Refused("invalid_request").Naming("notify_windows_event");

        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = other })).Ok().Items);
    }
}
