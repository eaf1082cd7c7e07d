using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ListJobHistoryTests
{
    [Fact]
    public async Task Runs_come_newest_first_in_short_form_and_in_pages()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        var runs = new List<string?>();
        for (var i = 0; i < 3; i++)
            runs.Insert(0, (string?)(await shop.RunWellAsync(job))["id"]);

        var first = (await session.CallAsync("list_job_history", new { job_id = "copy", limit = 2 })).Ok();
        var second = (await session.CallAsync("list_job_history", new { job_id = "copy", limit = 2, cursor = (string?)first.Structured["next_cursor"] })).Ok();

        Assert.Equal(runs, first.Items.Concat(second.Items).Select(item => (string?)item["id"]));
        Assert.Equal(3, (int?)first.Structured["total"]);
        Assert.All(first.Items, item => Assert.Null(item["tasks"]));
        Assert.Contains("/items/*/details", first.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task Runs_are_filtered_by_state_and_time()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "ALTER TABLE customers RENAME TO people");
        await shop.RunAsync(job);

        async Task<int> CountAsync(object filter) => (await session.CallAsync("list_job_history", filter)).Ok().Items.Count;

        Assert.Equal(1, await CountAsync(new { job_id = job, status = "Failed" }));
        Assert.Equal(1, await CountAsync(new { job_id = job, status = "successful" }));
        Assert.Equal(2, await CountAsync(new { job_id = job, started_after = "2026-01-01" }));
        Assert.Equal(0, await CountAsync(new { job_id = job, started_before = "2026-01-01T00:00:00Z" }));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync();

        (await session.CallAsync("list_job_history", new { job_id = "copy", started_after = "last week" })).Refused("invalid_arguments").Naming("`started_after`", "2026-01-31");
        (await session.CallAsync("list_job_history", new { job_id = "copi" })).Refused("not_found").Naming("'copi'", "copy");
        (await session.CallAsync("list_job_history", new { job_id = "copy", offset = 10 })).Refused("invalid_arguments").Naming("`offset`");
    }
}
