using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class GetJobTaskTests
{
    [Fact]
    public async Task A_task_that_ran_shows_by_which_column_and_up_to_where_it_was_read()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.RunWellAsync(await shop.JobAsync("orders"));

        var task = (await session.CallAsync("get_job_task", new { job_id = "copy", task_id = "Orders" })).Ok().Result;

        Assert.Equal("updated_at", (string?)task["check_column_used"]);
        Assert.Equal("2026-01-04", (string?)task["checkpoint"]);
        Assert.Equal("Successful", (string?)task["last_run"]!["status"]);
        Assert.Equal("copy", (string?)task["job"]!["name"]);
    }

    [Fact]
    public async Task A_task_that_never_ran_has_no_checkpoint()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("orders");

        var task = (await session.CallAsync("get_job_task", new { job_id = "copy", task_id = "orders" })).Ok().Result;

        Assert.Equal((null, null), ((string?)task["checkpoint"], task["last_run"]));
        Assert.Equal(("orders", 1, true), ((string?)task["table"], (int?)task["position"], (bool?)task["enabled"]));
    }

    [Fact]
    public async Task A_task_of_another_job_is_not_found_here()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("orders");
        var other = await shop.JobAsync(new System.Text.Json.Nodes.JsonObject { ["name"] = "other" });
        var task = await shop.AddAsync(other, "customers");

        (await session.CallAsync("get_job_task", new { job_id = "copy", task_id = task })).Refused("not_found").Naming(task, "list_job_tasks");
        (await session.CallAsync("get_job_task", new { job_id = "copy", task_id = "order" })).Refused("not_found").Naming("'order'", "orders");
    }
}
