using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class DeleteJobTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_job_and_history_go_while_the_rows_stay()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        session.Person.Confirms();

        var deleted = (await session.CallAsync("delete_job", new { job_id = "copy" })).Ok();

        Assert.Equal(job, deleted.Id);
        (await session.CallAsync("get_job", new { job_id = job })).Refused("not_found");
        (await session.CallAsync("list_job_history", new { job_id = job })).Refused("not_found");
        Assert.Equal([$"{SmallShop.Customers}"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM customers"));
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        (await session.CallAsync("delete_job", new { job_id = job })).Refused("declined").Naming("said no");

        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items);
    }

    [Fact]
    public async Task A_running_job_is_not_deleted()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        session.Person.Confirms();
        using (await shop.StartHeldAsync(job))
            (await session.CallAsync("delete_job", new { job_id = job })).Refused("already_running").Naming("copy", "get_job_status");

        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
    }

    [Fact]
    public async Task A_yes_to_what_has_changed_meanwhile_is_void()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        session.Person.Answers(question =>
        {
            Task.Run(() => shop.AddAsync(job, "orders")).GetAwaiter().GetResult(); // somebody else works on it while the question is read
            return new ElicitResult { Action = "accept", Content = new Dictionary<string, System.Text.Json.JsonElement> { ["phrase"] = System.Text.Json.JsonElement.Parse("\"delete copy\"") } };
        });

        (await session.CallAsync("delete_job", new { job_id = job })).Refused("state_changed").Naming("changed");

        Assert.Equal(2, (await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items.Count);
    }
}
