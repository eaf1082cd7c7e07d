using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ListJobTaskHistoryTests
{
    [Fact]
    public async Task The_runs_of_one_task_come_newest_first_and_filtered()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders", "customers");
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "INSERT INTO orders VALUES (5, 2, 7, '2026-02-02')");
        await shop.RunWellAsync(job);

        var listed = (await session.CallAsync("list_job_task_history", new { job_id = "copy", task_id = "orders" })).Ok();

        Assert.Equal([1, SmallShop.Orders], listed.Items.Select(item => (int)item["records_affected"]!));
        Assert.Empty((await session.CallAsync("list_job_task_history", new { job_id = "copy", task_id = "orders", status = "Failed" })).Ok().Items);
        var page = (await session.CallAsync("list_job_task_history", new { job_id = "copy", task_id = "orders", limit = 1 })).Ok();
        Assert.Equal((1, 2), (page.Items.Count, (int?)page.Structured["total"]));
        Assert.NotNull(page.Structured["next_cursor"]);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync("orders");

        (await session.CallAsync("list_job_task_history", new { job_id = "copy", task_id = "customers" })).Refused("not_found").Naming("'customers'", "orders", "list_job_tasks");
        (await session.CallAsync("list_job_task_history", new { job_id = "copy" })).Refused("invalid_arguments").Naming("`task_id`");
    }
}
