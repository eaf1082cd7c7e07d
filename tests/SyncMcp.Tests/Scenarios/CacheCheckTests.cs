using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Is the copy of our orders still right? Then repair it."</summary>
public sealed class CacheCheckTests
{
    [Fact]
    public async Task A_check_beside_the_copy_tells_what_differs_and_repairs_it_after_a_yes()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);
        Sql.Run(shop.DestinationFile, "DELETE FROM orders WHERE id = 1; UPDATE orders SET amount = 99 WHERE id = 2; INSERT INTO orders VALUES (77, 1, 1, NULL)");
        session.Person.Confirms();

        var task = (await session.CallAsync("add_job_task", new { job_id = job, query = "CHECKCACHE [orders] AGAINST [orders]" })).Ok();
        Assert.Equal("check of orders", (string?)task.Result["name"]);
        var found = (await shop.RunWellAsync(job))["tasks"]![1]!;
        Assert.Contains("1 missing, 1 changed, 1 gone at the source", (string?)found["details"], StringComparison.Ordinal);
        Assert.Equal(0, (int)found["records_affected"]!);
        Assert.Empty(session.Person.Questions); // comparing writes nothing

        (await session.CallAsync("update_job_task", new { job_id = job, task_id = "check of orders", query = "CHECKCACHE [orders] AGAINST [orders] WITH REPAIR" })).Ok();
        var asked = session.Person.Questions.Count;
        Assert.Equal(3, (int)(await shop.RunWellAsync(job))["records_affected"]!);
        Assert.Contains("DELETED", Assert.Single(session.Person.Questions.Skip(asked)).Message, StringComparison.Ordinal);
        Assert.Equal(Sql.Rows(shop.SourceFile, "SELECT * FROM orders"), Sql.Rows(shop.DestinationFile, "SELECT * FROM orders"));
    }

    [Fact]
    public async Task A_job_of_its_own_may_compare_what_another_made_and_it_stays_the_other_s()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);
        Sql.Run(shop.DestinationFile, "DELETE FROM orders WHERE id = 1");
        var check = await shop.JobAsync(new JsonObject { ["name"] = "check" });
        (await session.CallAsync("add_job_task", new { job_id = check, query = "CHECKCACHE [orders] AGAINST [orders]" })).Ok();

        Assert.Contains("1 missing", (string?)(await shop.RunWellAsync(check))["tasks"]![0]!["details"], StringComparison.Ordinal);
        Assert.Contains("1 missing", (string?)(await shop.RunWellAsync(check))["tasks"]![0]!["details"], StringComparison.Ordinal);

        Assert.Empty(session.Person.Questions);
        var table = (await session.CallAsync("list_connection_tables", new { connection_id = "warehouse" })).Items.Single(one => (string?)one["name"] == "orders");
        Assert.Equal(job, (string?)table["made_by_job"]);
        Assert.Equal(3, Sql.Rows(shop.DestinationFile, "SELECT * FROM orders").Count);
        // repairing is writing: that asks
        session.Person.Declines();
        (await session.CallAsync("update_job_task", new { job_id = check, task_id = "check of orders", query = "CHECKCACHE [orders] AGAINST [orders] WITH REPAIR" })).Ok();
        (await session.CallAsync("execute_job", new { job_id = check })).Refused("not_shown");
    }
}
