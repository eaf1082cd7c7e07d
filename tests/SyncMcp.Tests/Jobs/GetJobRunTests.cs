using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class GetJobRunTests
{
    [Fact]
    public async Task A_run_shows_its_tasks_with_rows()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");
        var id = (string?)(await shop.RunWellAsync(job))["id"];

        var run = (await session.CallAsync("get_job_run", new { job_id = "copy", history_id = id })).Ok().Result;

        Assert.Equal("admin", (string?)run["triggered_by"]);
        Assert.NotNull(run["finished_at"]);
        Assert.Equal(["customers", "orders"], run["tasks"]!.AsArray().Select(task => (string?)task!["task"]!["name"]));
        Assert.Equal([SmallShop.Customers, SmallShop.Orders], run["tasks"]!.AsArray().Select(task => (int)task!["records_affected"]!));
    }

    [Fact]
    public async Task A_failure_says_which_task_and_why_and_what_was_not_begun()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");
        Sql.Run(shop.SourceFile, "DROP TABLE customers");
        var id = (string?)(await shop.RunAsync(job))["id"];

        var run = (await session.CallAsync("get_job_run", new { job_id = job, history_id = id })).Ok();

        Assert.Equal("1 of 2 Tasks Failed", (string?)run.Result["status"]);
        Assert.Contains("customers", (string?)run.Result["details"], StringComparison.Ordinal);
        Assert.Equal(["Failed", "SKIPPED"], run.Result["tasks"]!.AsArray().Select(task => (string?)task!["status"]));
        Assert.Contains("/result/details", run.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task A_run_of_another_job_is_not_found_here()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var id = (string)(await shop.RunWellAsync(await shop.JobAsync("customers")))["id"]!;
        await shop.JobAsync(new System.Text.Json.Nodes.JsonObject { ["name"] = "other" });

        (await session.CallAsync("get_job_run", new { job_id = "other", history_id = id })).Refused("not_found").Naming(id, "list_job_history");
        (await session.CallAsync("get_job_run", new { job_id = "copy", history_id = "" })).Refused("invalid_arguments").Naming("`history_id`");
    }
}
