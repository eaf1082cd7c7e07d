using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class MoveJobTaskTests
{
    [Fact]
    public async Task A_task_is_moved_and_beyond_the_end_means_the_end()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [big] SELECT * FROM [orders] WHERE amount > 10" })).Ok();
        async Task<string> OrderAsync() => string.Join(' ', (await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items.Select(item => (string?)item["name"]));

        Assert.Equal(1, (int?)(await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "big", position = 1 })).Ok().Result["position"]);
        Assert.Equal("big customers orders", await OrderAsync());
        Assert.Equal(3, (int?)(await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "customers", position = 99 })).Ok().Result["position"]);
        Assert.Equal("big orders customers", await OrderAsync());
        (await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "customers", position = "2" })).Ok();
        Assert.Equal("big customers orders", await OrderAsync());

        var run = await shop.RunWellAsync(job);
        Assert.Equal(["big", "customers", "orders"], run["tasks"]!.AsArray().Select(task => (string?)task!["task"]!["name"]));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_moves_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("customers", "orders");

        foreach (var position in (object[])[0, -1, 1.5, "first"])
            (await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "orders", position })).Refused("invalid_arguments").Naming("`position`");
        (await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "orders", position = 3_000_000_000 })).Refused("invalid_arguments").Naming("position");
        (await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "orders" })).Refused("invalid_arguments").Naming("`position`", "missing");
        (await session.CallAsync("move_job_task", new { job_id = "copy", task_id = "people", position = 1 })).Refused("not_found").Naming("'people'", "orders");

        Assert.Equal(["customers", "orders"], (await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Ok().Items.Select(item => (string?)item["name"]));
    }
}
