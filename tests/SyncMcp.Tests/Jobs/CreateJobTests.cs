using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class CreateJobTests
{
    [Fact]
    public async Task A_job_is_drafted_with_connections_by_name_in_every_spelling()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);

        var made = (await session.CallAsync("create_job", new JsonObject
        {
            ["name"] = "copy",
            ["source_connection"] = new JsonObject { ["name"] = "Shop" },
            ["destination_connection"] = shop.Destination,
            ["labels"] = new JsonArray("eu"),
            ["settings"] = new JsonObject { ["table_name_prefix"] = "eu_", ["batch_size"] = "500" },
        })).Ok();

        Assert.Equal("executed", made.Outcome);
        var found = (await session.CallAsync("get_job", new { job_id = made.Id })).Ok().Result;
        Assert.Equal((shop.Source, shop.Destination), ((string?)found["source_connection"]!["id"], (string?)found["destination_connection"]!["id"]));
        Assert.Equal(500, (int?)found["settings"]!["batch_size"]);
        Assert.Equal("Idle", (string?)found["status"]);
        Assert.Empty(session.Person.Questions);
        Assert.False(File.Exists(shop.DestinationFile));
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one_job()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        var call = new { name = "copy", source_connection = "shop", destination_connection = "warehouse", idempotency_key = "once" };

        var first = (await session.CallAsync("create_job", call)).Ok();
        var second = (await session.CallAsync("create_job", call)).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
        Assert.Single((await session.CallAsync("list_jobs")).Ok().Items);
    }

    [Theory]
    [InlineData("0 2 * *", "4 fields")]
    [InlineData("0 2 * * 1", "MON")]
    [InlineData("0 0 25 * * *", "Example")]
    [InlineData("0 0 0 31 2 ?", "never comes due")]
    [InlineData("every night", "2 fields")]
    [InlineData("", "schedule.cron")]
    public async Task A_cron_that_cannot_be_read_is_refused_with_an_example(string cron, string says)
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        var refused = await session.CallAsync("create_job", new { name = "nightly", source_connection = "shop", destination_connection = "warehouse", schedule = new { enabled = true, cron } });

        refused.Refused("invalid_request").Naming("schedule.cron", says);
        Assert.Empty((await session.CallAsync("list_jobs")).Ok().Items);
    }

    [Fact]
    public async Task A_connection_of_another_workspace_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        var foreign = await SmallShop.ConnectAsync(session, "foreign", "f.db", "Other");

        (await session.CallAsync("create_job", new { name = "copy", source_connection = foreign, destination_connection = "warehouse" }))
            .Refused("invalid_request").Naming("source_connection", foreign, "belongs to the workspace");
        (await session.CallAsync("create_job", new { name = "copy", source_connection = "foreign", destination_connection = "warehouse" }))
            .Refused("not_found").Naming("'foreign'", "list_connections");

        Assert.Empty((await session.CallAsync("list_jobs")).Ok().Items);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named_in_one_answer()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        var refused = (await session.CallAsync("create_job", new JsonObject
        {
            ["name"] = "copy",
            ["source_connection"] = "shop",
            ["type"] = "Standrad",
            ["settings"] = new JsonObject { ["verbostiy"] = "Info", ["batch_size"] = 0, ["drop_table"] = "perhaps" },
        })).Refused("invalid_arguments");

        refused.Naming("destination_connection", "did you mean `Standard`", "settings.verbostiy", "did you mean `verbosity`", "settings.batch_size", "settings.drop_table");
        Assert.Empty((await session.CallAsync("list_jobs")).Ok().Items);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync();

        (await session.CallAsync("create_job", new { name = "copy", source_connection = "shop", destination_connection = "warehouse" })).Refused("invalid_request").Naming("`copy`", "already");

        Assert.Single((await session.CallAsync("list_jobs")).Ok().Items);
    }
}
