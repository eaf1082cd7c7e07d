using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class CancelJobTests
{
    [Fact]
    public async Task A_running_run_stops_with_nothing_half_written()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        session.Person.Confirms();

        using (await shop.StartHeldAsync(job))
        {
            var canceled = (await session.CallAsync("cancel_job", new { job_id = "copy" })).Ok();
            Assert.Equal(("executed", "Canceled"), (canceled.Outcome, (string?)canceled.Result["status"]));
        }

        Assert.Equal("Canceled", (string?)(await session.RunEndedAsync(job))["status"]);
        Assert.Empty(Sql.Rows(shop.DestinationFile, "SELECT name FROM sqlite_master WHERE name = 'customers'"));
        await shop.RunWellAsync(job); // and the next run is not hindered
    }

    [Fact]
    public async Task A_person_who_says_no_lets_it_run_to_its_end()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        using (await shop.StartHeldAsync(job))
            (await session.CallAsync("cancel_job", new { job_id = job })).Refused("declined").Naming("said no");

        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
    }

    [Fact]
    public async Task A_client_that_cannot_ask_takes_two_steps()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        using var held = await shop.StartHeldAsync(job);

        var token = (string?)(await session.CallAsync("cancel_job", new { job_id = job })).Refused("confirmation_required").Naming("confirmation_token").Structured["details"]!["confirmation_token"];
        (await session.CallAsync("cancel_job", new { job_id = job, confirmation_token = "cf_made-up" })).Refused("token_invalid").Naming("confirmation_token");
        (await session.CallAsync("cancel_job", new { job_id = job, confirmation_token = token })).Ok();

        Assert.Equal("Canceled", (string?)(await session.RunEndedAsync(job))["status"]);
    }

    [Fact]
    public async Task A_job_that_is_not_running_has_nothing_to_stop()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);

        (await session.CallAsync("cancel_job", new { job_id = job })).Refused("not_running").Naming("copy", "not running", "list_job_history");

        Assert.Empty(session.Person.Questions); // nobody is asked about nothing
        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
    }
}
