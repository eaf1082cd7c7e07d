using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class GetJobStatusTests
{
    [Fact]
    public async Task A_job_is_idle_then_at_work_then_done()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        async Task<System.Text.Json.Nodes.JsonObject> StatusAsync() => (await session.CallAsync("get_job_status", new { job_id = "copy" })).Ok().Result;

        Assert.Equal("Idle", (string?)(await StatusAsync())["status"]);
        using (await shop.StartHeldAsync(job))
        {
            var run = await StatusAsync();
            Assert.Equal("In progress", (string?)run["status"]);
            Assert.Null(run["finished_at"]);
            Assert.Equal("customers", (string?)run["tasks"]![0]!["task"]!["name"]);
        }

        var ended = await session.RunEndedAsync(job);
        Assert.Equal("Successful", (string?)ended["status"]);
        Assert.Equal(SmallShop.Customers, (int?)ended["rows_read"]);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("get_job_status", new { job_id = "copy" })).Refused("not_found").Naming("'copy'", "list_jobs");
        (await session.CallAsync("get_job_status", new { id = "copy" })).Refused("invalid_arguments").Naming("`job_id`");
    }
}
