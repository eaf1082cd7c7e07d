using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class UpdateJobTaskTests
{
    [Fact]
    public async Task A_task_that_is_switched_off_is_left_out_of_runs()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");

        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", enabled = "false" })).Ok();

        Assert.Equal("customers", (string?)Assert.Single((await shop.RunWellAsync(job))["tasks"]!.AsArray())!["task"]!["name"]);
    }

    [Fact]
    public async Task Only_what_is_given_changes_null_clears_and_a_name_from_the_table_follows_it()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync();
        var task = (await session.CallAsync("add_job_task", new { job_id = job, table = "customers", incremental_check_column = "id" })).Ok().Id;

        (await session.CallAsync("update_job_task", new JsonObject { ["job_id"] = job, ["task_id"] = task, ["table"] = "orders", ["incremental_check_column"] = null })).Ok();

        var found = (await session.CallAsync("get_job_task", new { job_id = job, task_id = task })).Ok().Result;
        Assert.Equal(("orders", "orders"), ((string?)found["name"], (string?)found["table"]));
        Assert.Null(found["incremental_check_column"]);
        Assert.True((bool?)found["enabled"]);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("customers", "orders");
        async Task<string> ShownAsync() => (await session.CallAsync("list_job_tasks", new { job_id = "copy", fields = new[] { "*" } })).Ok().Structured["items"]!.ToJsonString();
        var before = await ShownAsync();

        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", query = "REPLICATE [x] SELECT * FORM [orders]" })).Refused("invalid_request").Naming("position 24", "^");
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", table = "customers" })).Refused("invalid_request").Naming("customers", "both write");
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "ordres", enabled = false })).Refused("not_found").Naming("'ordres'", "orders");
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", position = 1 })).Refused("invalid_arguments").Naming("`position`");
        (await session.CallAsync("update_job_task", new { job_id = "copy", task_id = "orders", query = new string('x', 100_001) })).Refused("invalid_arguments").Naming("`query`", "100000");
        Assert.True((await session.CallAsync("update_job_task", new JsonObject { ["job_id"] = "copy", ["task_id"] = "orders", ["table"] = null })).Naming("`table`").IsError);

        Assert.Equal(before, await ShownAsync());
    }

    [Fact]
    public async Task A_change_of_a_task_that_runs_by_itself_asks_and_no_means_no()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "customers");
        await shop.RunWellAsync(job);

        (await session.CallAsync("update_job_task", new { job_id = job, task_id = "customers", query = "REPLICATE [customers] SELECT id, name FROM [orders]" })).Refused("declined").Naming("said no");

        Assert.Single(session.Person.Questions);
        Assert.Null((await session.CallAsync("get_job_task", new { job_id = job, task_id = "customers" })).Ok().Result["query"]);
    }
}
