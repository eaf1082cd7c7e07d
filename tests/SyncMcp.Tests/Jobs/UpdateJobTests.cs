using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class UpdateJobTests
{
    [Fact]
    public async Task Only_what_is_given_changes_and_null_clears()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject
        {
            ["name"] = "copy",
            ["labels"] = new JsonArray("eu"),
            ["settings"] = new JsonObject { ["table_name_prefix"] = "eu_", ["verbosity"] = "Info" },
        });

        (await session.CallAsync("update_job", new JsonObject
        {
            ["job_id"] = "copy",
            ["name"] = "copy-eu",
            ["labels"] = null,
            ["settings"] = new JsonObject { ["verbosity"] = "Verbose", ["table_name_prefix"] = null },
        })).Ok();

        var found = (await session.CallAsync("get_job", new { job_id = "copy-eu" })).Ok().Result;
        Assert.Null(found["labels"]);
        Assert.Equal("Verbose", (string?)found["settings"]!["verbosity"]);
        Assert.Null(found["settings"]!["table_name_prefix"]);
        Assert.Equal("shop", (string?)found["source_connection"]!["name"]);
    }

    [Fact]
    public async Task A_schedule_that_is_switched_off_keeps_its_expression()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");

        (await session.CallAsync("update_job", new { job_id = "nightly", schedule = new { enabled = false } })).Ok();

        var found = (await session.CallAsync("get_job", new { job_id = "nightly" })).Ok().Result;
        Assert.Equal("0 0 2 * * *", (string?)found["schedule"]!["cron"]);
        Assert.False((bool?)found["schedule"]!["enabled"]);
        Assert.Null(found["next_run"]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync(new JsonObject { ["name"] = "other" });
        await shop.JobAsync("customers");
        async Task<string> ShownAsync() => (await session.CallAsync("get_job", new { job_id = "copy" })).Ok().Result.ToJsonString();
        var before = await ShownAsync();

        (await session.CallAsync("update_job", new { job_id = "copy", schedule = new { enabled = true, cron = "0 2 * *" } })).Refused("invalid_request").Naming("schedule.cron", "4 fields");
        (await session.CallAsync("update_job", new { job_id = "copy", name = "other" })).Refused("invalid_request").Naming("`other`");
        (await session.CallAsync("update_job", new { job_id = "copy", type = "SyncAll" })).Refused("invalid_arguments").Naming("`type`");
        (await session.CallAsync("update_job", new { job_id = "copy", destination_connection = "warehose" })).Refused("not_found").Naming("'warehose'", "warehouse");
        Assert.True((await session.CallAsync("update_job", new JsonObject { ["job_id"] = "copy", ["source_connection"] = null })).Naming("source_connection").IsError);

        Assert.Equal(before, await ShownAsync());
    }

    [Fact]
    public async Task A_change_that_arms_something_destructive_asks_and_no_means_no()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        (await session.CallAsync("update_job", new { job_id = "copy", settings = new { drop_table = true }, schedule = new { enabled = true, cron = "0 0 2 * * *" } }))
            .Refused("declined").Naming("said no");

        Assert.Contains("phrase", Assert.Single(session.Person.Questions).RequestedSchema!.Properties.Keys);
        var found = (await session.CallAsync("get_job", new { job_id = job })).Ok().Result;
        Assert.Null(found["schedule"]);
        Assert.Null(found["settings"]?["drop_table"]);
    }
}
