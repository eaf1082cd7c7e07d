using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class GetJobTests
{
    [Fact]
    public async Task A_job_is_found_by_its_name_with_connections_and_last_run()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);

        var found = (await session.CallAsync("get_job", new { job_id = "COPY" })).Ok();

        Assert.Equal(job, found.Id);
        Assert.Equal("Standard", (string?)found.Result["type"]);
        Assert.Equal((shop.Source, "shop"), ((string?)found.Result["source_connection"]!["id"], (string?)found.Result["source_connection"]!["name"]));
        Assert.Equal("Successful", (string?)found.Result["last_run"]!["status"]);
        Assert.Equal(SmallShop.Customers, (int?)found.Result["last_run"]!["records_affected"]);
        Assert.Contains($"sync://jobs/{job}/history", found.Links);
    }

    [Fact]
    public async Task A_schedule_shows_its_next_five_times()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 ? * MON" } });

        var found = (await session.CallAsync("get_job", new { job_id = "nightly" })).Ok().Result;

        var times = found["next_runs"]!.AsArray().Select(time => DateTimeOffset.Parse((string)time!)).ToList();
        Assert.Equal(5, times.Count);
        Assert.All(times, time => Assert.Equal((DayOfWeek.Monday, 2), (time.DayOfWeek, time.Hour)));
        Assert.Equal((string?)found["next_runs"]![0], (string?)found["next_run"]);
    }

    [Fact]
    public async Task What_the_engine_cannot_do_stands_in_the_job()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "cdc", ["type"] = "ChangeDataCapture" }, "customers");

        var found = (await session.CallAsync("get_job", new { job_id = "cdc" })).Ok().Result;

        Assert.Contains("Standard", (string?)Assert.Single(found["not_supported"]!.AsArray()), StringComparison.Ordinal);
        Assert.False((bool?)found["permissions"]!["can_execute"]);
        (await session.CallAsync("get_job", new { job_id = "cdd" })).Refused("not_found").Naming("'cdd'", "cdc", "list_jobs");
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);

        (await session.CallAsync("get_job", new { job_id = shop.Source })).Refused("not_found").Naming(shop.Source, "list_jobs"); // an id, of a connection
        (await session.CallAsync("get_job")).Refused("invalid_arguments").Naming("`job_id`", "missing");
    }
}
