using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ListLastTaskRunsTests
{
    [Fact]
    public async Task Every_task_has_one_line_also_those_that_never_ran()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");
        (await session.CallAsync("execute_job", new { job_id = job, task_ids = new[] { "customers" } })).Ok();
        await session.RunEndedAsync(job);
        Sql.Run(shop.SourceFile, "DROP TABLE customers");
        (await session.CallAsync("execute_job", new { job_id = job, task_ids = new[] { "customers" } })).Ok();
        await session.RunEndedAsync(job);

        var listed = (await session.CallAsync("list_last_task_runs", new { job_id = "copy" })).Ok();

        Assert.Equal(["customers", "orders"], listed.Items.Select(item => (string?)item["task"]!["name"]));
        Assert.Equal(["Failed", "Idle"], listed.Items.Select(item => (string?)item["status"]));
        Assert.Contains("customers", (string?)listed.Items[0]["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync();

        (await session.CallAsync("list_last_task_runs", new { job_id = "copyy" })).Refused("not_found").Naming("'copyy'", "copy");
        (await session.CallAsync("list_last_task_runs", new { job_id = "copy", status = "Failed" })).Refused("invalid_arguments").Naming("`status`");
    }
}
