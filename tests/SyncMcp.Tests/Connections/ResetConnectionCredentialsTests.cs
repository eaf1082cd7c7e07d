using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class ResetConnectionCredentialsTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_the_secrets_are_forgotten_on_disk_too()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();
        session.Person.Confirms();

        var reset = (await session.CallAsync("reset_connection_credentials", new { connection_id = "crm" })).Ok();

        Assert.Equal("executed", reset.Outcome);
        Assert.Null(reset.Result["properties"]!["Password"]);
        Assert.Equal("sync", (string?)reset.Result["properties"]!["User"]);
        Assert.Contains("\"reset crm\"", Assert.Single(session.Person.Questions).RequestedSchema!.Properties["phrase"].Description, StringComparison.Ordinal);
        Assert.Equal(["NULL"], Sql.Rows(Path.Combine(session.Options.DataDirectory, "engine.db"), "SELECT secrets FROM connection"));
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_them()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();

        (await session.CallAsync("reset_connection_credentials", new { connection_id = "crm" })).Refused("declined").Naming("said no");

        Assert.Equal("********", (string?)(await session.CallAsync("get_connection", new { connection_id = "crm" })).Ok().Result["properties"]!["Password"]);
        Assert.NotEqual(["NULL"], Sql.Rows(Path.Combine(session.Options.DataDirectory, "engine.db"), "SELECT secrets FROM connection"));
    }

    [Fact]
    public async Task A_phrase_that_differs_is_no_consent()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();
        session.Person.Accepts(new() { ["phrase"] = "reset crn" });

        (await session.CallAsync("reset_connection_credentials", new { connection_id = "crm" })).Refused("not_confirmed").Naming("confirmation");

        Assert.Equal("********", (string?)(await session.CallAsync("get_connection", new { connection_id = "crm" })).Ok().Result["properties"]!["Password"]);
    }

    [Fact]
    public async Task One_without_secrets_stays_as_it_is()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        var before = (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Result.ToJsonString();

        (await session.CallAsync("reset_connection_credentials", new { connection_id = "shop" })).Ok();

        Assert.Equal(before, (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok().Result.ToJsonString());
    }
}
