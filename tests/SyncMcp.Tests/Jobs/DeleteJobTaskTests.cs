using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class DeleteJobTaskTests
{
    [Fact]
    public async Task A_task_is_deleted_and_its_rows_stay()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers", "orders");
        await shop.RunWellAsync(job);
        session.Person.Confirms();

        var deleted = (await session.CallAsync("delete_job_task", new { job_id = "copy", task_id = "customers" })).Ok();

        Assert.Equal("executed", deleted.Outcome);
        Assert.Contains("\"customers\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        var left = Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
        Assert.Equal(("orders", 1), ((string?)left["name"], (int?)left["position"]));
        Assert.Equal([$"{SmallShop.Customers}"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM customers"));
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync("customers");

        (await session.CallAsync("delete_job_task", new { job_id = "copy", task_id = "customers" })).Refused("declined").Naming("said no");

        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Ok().Items);
    }

    [Fact]
    public async Task A_token_for_one_task_is_none_for_another_and_is_good_once()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        var job = await (await SmallShop.OpenAsync(session)).JobAsync("customers", "orders");
        Task<ToolResult> DeleteAsync(string task, string? token = null) => session.CallAsync("delete_job_task", new { job_id = job, task_id = task, confirmation_token = token });

        var token = (string?)(await DeleteAsync("customers")).Refused("confirmation_required").Naming("confirmation_token").Structured["details"]!["confirmation_token"];
        (await DeleteAsync("orders", token)).Refused("token_mismatch").Naming("another call");
        (await DeleteAsync("customers", token)).Ok();

        Assert.Equal("orders", (string?)Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items)["name"]);
    }

    [Fact]
    public async Task What_is_not_there_is_refused_without_a_question()
    {
        await using var session = await SyncSession.StartAsync();
        await (await SmallShop.OpenAsync(session)).JobAsync("customers");

        (await session.CallAsync("delete_job_task", new { job_id = "copy", task_id = "orders" })).Refused("not_found").Naming("'orders'", "customers");

        Assert.Empty(session.Person.Questions);
    }
}
