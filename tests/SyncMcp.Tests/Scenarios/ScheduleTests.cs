using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>A job that runs by itself, made and stopped in a chat.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public async Task A_schedule_runs_the_job_until_it_is_switched_off()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = true, cron = "* * * * * *" } })).Ok();

        var run = (await HistoryAsync(session, job, "Successful"))[0];
        (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = false } })).Ok();

        Assert.Equal(SmallShop.Customers, int.Parse(Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM customers")[0]));
        Assert.Equal("schedule", (string?)(await session.CallAsync("get_job_run", new { job_id = job, history_id = (string?)run["id"] })).Ok().Result["triggered_by"]);
        var settled = await session.RunEndedAsync(job);
        Assert.NotNull(settled["finished_at"]);
        Assert.Null((await session.CallAsync("get_job", new { job_id = job })).Ok().Result["next_run"]);
        Assert.Empty(session.Person.Questions); // plain: a copy into tables of its own
    }

    [Fact]
    public async Task What_comes_due_while_a_run_goes_on_is_skipped_and_told()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "often", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");
        using (await shop.StartHeldAsync(job))
        {
            session.Person.Confirms();
            (await session.CallAsync("update_job", new { job_id = job, schedule = new { cron = "* * * * * *" } })).Ok();
            var skipped = (await HistoryAsync(session, job, "SKIPPED"))[0];
            Assert.Contains("went on", (string?)skipped["details"], StringComparison.Ordinal);
            (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = false } })).Ok();
        }

        Assert.Equal("Successful", (string?)(await HistoryAsync(session, job, "Successful"))[0]["status"]);
    }

    [Fact]
    public async Task A_schedule_goes_on_after_a_restart_without_anybody_calling()
    {
        using var folder = new TempFolder();
        string job, destination;
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            var shop = await SmallShop.OpenAsync(session);
            destination = shop.DestinationFile;
            job = await shop.JobAsync(new JsonObject { ["name"] = "often", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "* * * * * *" } }, "customers");
        }

        File.Delete(destination);
        await using var again = await SyncSession.StartAsync(folder: folder); // no call is made
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (!File.Exists(destination))
            await Task.Delay(20, timeout.Token);
    }

    private static async Task<IReadOnlyList<JsonObject>> HistoryAsync(SyncSession session, string job, string status)
    {
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (true)
        {
            var runs = (await session.CallAsync("list_job_history", new { job_id = job, status })).Ok().Items;
            if (runs.Count > 0)
                return runs;
            await Task.Delay(20, timeout.Token);
        }
    }
}
