using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ListJobTasksTests
{
    [Fact]
    public async Task Tasks_come_in_the_order_in_which_they_run()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders", "customers");
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [big] SELECT * FROM [orders] WHERE amount > 10", enabled = false })).Ok();

        var listed = (await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Ok();

        Assert.Equal(["orders", "customers", "big"], listed.Items.Select(item => (string?)item["name"]));
        Assert.Equal([1, 2, 3], listed.Items.Select(item => (int)item["position"]!));
        Assert.Equal([true, true, false], listed.Items.Select(item => (bool)item["enabled"]!));
        Assert.Contains("/items/*/query", listed.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task A_job_without_tasks_has_an_empty_list()
    {
        await using var session = await SyncSession.StartAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync();

        var listed = (await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Ok();

        Assert.Empty(listed.Items);
        Assert.Equal(0, (int?)listed.Structured["total"]);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync();

        (await session.CallAsync("list_job_tasks", new { job_id = "copie" })).Refused("not_found").Naming("'copie'", "copy");
        (await session.CallAsync("list_job_tasks", new { job_id = new string('x', 3_000_000) })).Refused("invalid_arguments").Naming("`job_id`");
    }
}
