using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class ListJobsTests
{
    [Fact]
    public async Task Jobs_are_listed_in_short_form_with_state_and_schedule()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.RunWellAsync(await shop.JobAsync("customers"));
        await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } });

        var listed = (await session.CallAsync("list_jobs")).Ok();

        Assert.Equal(["copy", "nightly"], listed.Items.Select(item => (string?)item["name"]));
        Assert.Equal(["Successful", "Idle"], listed.Items.Select(item => (string?)item["status"]));
        Assert.Equal("0 0 2 * * *", (string?)listed.Items[1]["schedule"]!["cron"]);
        Assert.All(listed.Items, item => Assert.Null(item["source_connection"]));
        var wide = (await session.CallAsync("list_jobs", new { fields = new[] { "source_connection" } })).Ok();
        Assert.Equal(shop.Source, (string?)wide.Items[0]["source_connection"]!["id"]);
    }

    [Fact]
    public async Task A_workspace_shows_its_own_jobs_alone()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync();
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();

        Assert.Empty((await session.CallAsync("list_jobs", new { workspace_id = "Other" })).Ok().Items);
        Assert.Single((await session.CallAsync("list_jobs", new { workspace_id = "default" })).Ok().Items);
    }

    [Fact]
    public async Task What_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_jobs", new { workspace_id = "Other" })).Refused("not_found").Naming("'Other'", "list_workspaces");
        (await session.CallAsync("list_jobs", new { workspace = "Other" })).Refused("invalid_arguments").Naming("`workspace`", "`workspace_id`");
    }
}
