using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class DeleteConnectionTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_it_is_gone_while_its_file_stays()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        session.Person.Confirms();

        var deleted = (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Ok();

        Assert.Equal(shop.Source, deleted.Id);
        Assert.Contains("\"delete shop\"", Assert.Single(session.Person.Questions).RequestedSchema!.Properties["phrase"].Description, StringComparison.Ordinal);
        (await session.CallAsync("get_connection", new { connection_id = shop.Source })).Refused("not_found");
        Assert.True(File.Exists(shop.SourceFile));
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("declined").Naming("said no");

        (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok();
    }

    [Fact]
    public async Task One_that_jobs_use_stays_and_the_jobs_are_named()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        session.Person.Confirms();

        (await session.CallAsync("delete_connection", new { connection_id = "warehouse" })).Refused("invalid_request").Naming("copy", job);

        Assert.Empty(session.Person.Questions); // nobody is asked about what is refused anyway
        (await session.CallAsync("get_connection", new { connection_id = "warehouse" })).Ok();
    }

    [Fact]
    public async Task A_client_that_cannot_ask_is_shown_the_operators_way()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("confirmation_unavailable").Naming("syncmcp approve");

        (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok();
    }

    [Fact]
    public async Task What_is_not_there_is_refused_without_a_question()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("delete_connection", new { connection_id = "shopp" })).Refused("not_found").Naming("'shopp'", "shop");

        Assert.Empty(session.Person.Questions);
    }
}
