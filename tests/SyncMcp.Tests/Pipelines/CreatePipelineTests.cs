using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class CreatePipelineTests
{
    [Fact]
    public async Task A_pipeline_is_drafted_and_shows_its_next_times()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        var made = (await session.CallAsync("create_pipeline", new JsonObject
        {
            ["name"] = "nightly",
            ["labels"] = new JsonArray("eu"),
            ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" },
            ["settings"] = new JsonObject { ["continue_on_error"] = "true", ["verbosity"] = "verbose" },
        })).Ok();

        Assert.Equal(("executed", "Idle", 5), (made.Outcome, (string?)made.Result["status"], made.Result["next_runs"]!.AsArray().Count));
        Assert.Equal((true, "Verbose"), ((bool?)made.Result["settings"]!["continue_on_error"], (string?)made.Result["settings"]!["verbosity"]));
        Assert.Empty(made.Result["steps"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"name":"n","schedule":{"enabled":true}}""", "invalid_request", "schedule.cron")]
    [InlineData("""{"name":"n","schedule":{"cron":"every night"}}""", "invalid_request", "2 fields")]
    [InlineData("""{"name":"n","schedule":{"enabled":true,"cron":"0 0 2 * * *"},"alerts":{"send_email":true}}""", "invalid_request", "cannot run here")]
    [InlineData("""{"name":"nightly"}""", "invalid_request", "already")]
    [InlineData("""{}""", "invalid_arguments", "name")]
    [InlineData("""{"name":"n","steps":[]}""", "invalid_arguments", "steps")]
    public async Task What_cannot_be_is_refused(string arguments, string code, string says)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_pipeline", new { name = "nightly" })).Ok();

        (await session.CallAsync("create_pipeline", JsonNode.Parse(arguments)!.AsObject())).Refused(code).Naming(says);

        Assert.Single((await session.CallAsync("list_pipelines")).Ok().Items);
    }

    [Fact]
    public async Task Names_may_be_of_any_language_but_not_of_any_length()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_pipeline", new { name = "Nächtlich 夜間 🌙" })).Ok();

        Assert.Equal("Nächtlich 夜間 🌙", (string?)(await session.CallAsync("get_pipeline", new { pipeline_id = "Nächtlich 夜間 🌙" })).Ok().Result["name"]);
        (await session.CallAsync("create_pipeline", new { name = new string('n', 10_000) })).Refused("invalid_arguments").Naming("name", "200");
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();

        var first = (await session.CallAsync("create_pipeline", new { name = "nightly", idempotency_key = "once" })).Ok();
        var second = (await session.CallAsync("create_pipeline", new { name = "nightly", idempotency_key = "once" })).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
    }
}
