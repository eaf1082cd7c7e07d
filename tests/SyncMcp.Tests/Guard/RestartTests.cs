using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What was approved or has run outlives the program.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task What_ran_before_a_restart_runs_after_it_without_a_question_and_a_change_of_it_does_not()
    {
        using var folder = new TempFolder();
        Shop shop;
        await using (var first = await SyncSession.StartAsync(folder: folder))
        {
            shop = await Shop.DraftAsync(first);
            await shop.RunAsync();
        }

        await using var second = await SyncSession.StartAsync(canAsk: false, folder: folder);
        (await second.CallAsync("execute_job", new { job_id = shop.Job })).Ok();
        await second.RunEndedAsync(shop.Job);
        (await second.CallAsync("update_job", new { job_id = shop.Job, settings = new { batch_size = 7 } })).Ok(); // drafting
        (await second.CallAsync("execute_job", new { job_id = shop.Job })).Refused("confirmation_unavailable");
    }
}
