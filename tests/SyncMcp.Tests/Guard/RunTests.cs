using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What runs, runs only in a definition that is plain or that a person approved.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task Drafting_and_a_first_plain_run_and_its_repeats_ask_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await Shop.DraftAsync(session);

        await shop.RunAsync();
        await shop.RunAsync();

        Assert.Empty(session.Person.Questions);
        Assert.Equal(2, Shop.Count(session.File("copy.db"), "orders"));
    }

    [Fact]
    public async Task A_first_write_into_a_table_that_the_job_did_not_make_takes_a_typed_phrase()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await Shop.DraftAsync(session);
        Shop.Fill(session.File("copy.db"), "orders", rows: 5);
        session.Person.Confirms();

        (await shop.ExecuteAsync()).Ok();

        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("phrase", question.RequestedSchema!.Properties.Keys);
        Assert.Contains("Existing tables that it would write (1): \"orders\"", question.Message, StringComparison.Ordinal);
        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(shop.Job))["status"]);
        await shop.RunAsync();
        Assert.Single(session.Person.Questions); // an approved repeat is silent
    }
}
