using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class UpdatePipelineTests
{
    [Fact]
    public async Task Only_what_is_given_changes_null_clears_and_steps_stay()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        (await session.CallAsync("update_pipeline", JsonNode.Parse("""{"pipeline_id":"nightly","labels":["eu"],"settings":{"verbosity":"Error"}}""")!.AsObject())).Ok();

        var changed = (await session.CallAsync("update_pipeline", JsonNode.Parse("""{"pipeline_id":"nightly","name":"daily","labels":null,"settings":{"continue_on_error":true}}""")!.AsObject())).Ok();

        Assert.Equal(("daily", null, 3), ((string?)changed.Result["name"], changed.Result["labels"], changed.Result["steps"]!.AsArray().Count));
        Assert.Equal(("Error", true), ((string?)changed.Result["settings"]!["verbosity"], (bool?)changed.Result["settings"]!["continue_on_error"]));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.PipelineAsync(new() { ["name"] = "hourly" });
        Task<ToolResult> ChangeAsync(string member, JsonNode? value) => session.CallAsync("update_pipeline", new JsonObject { ["pipeline_id"] = "nightly", [member] = value });

        (await ChangeAsync("name", null)).Refused("invalid_request").Naming("name");
        (await ChangeAsync("name", "hourly")).Refused("invalid_request").Naming("already");
        (await ChangeAsync("schedule", new JsonObject { ["enabled"] = true })).Refused("invalid_request").Naming("schedule.cron");
        (await session.CallAsync("update_pipeline", new { pipeline_id = "weekly", name = "x" })).Refused("not_found").Naming("weekly");

        Assert.Null((await session.CallAsync("get_pipeline", new { pipeline_id = "nightly" })).Ok().Result["schedule"]);
    }
}
