using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class UpdatePipelineStepTests
{
    [Fact]
    public async Task A_step_is_named_paused_and_given_other_work()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        var other = await conveyor.Warehouse.Shop.JobAsync(new JsonObject { ["name"] = "other" });
        Task<ToolResult> ChangeAsync(JsonObject change)
        {
            change["pipeline_id"] = "nightly";
            change["step_id"] ??= "copy";
            return session.CallAsync("update_pipeline_step", change);
        }

        var paused = (await ChangeAsync(new() { ["enabled"] = false })).Ok();
        var moved = (await ChangeAsync(new() { ["entity"] = "other" })).Ok();
        var named = (await ChangeAsync(new() { ["step_id"] = "other", ["name"] = "first" })).Ok();
        var event_ = (await ChangeAsync(new() { ["step_id"] = "first", ["type"] = "Event", ["entity"] = "report", ["name"] = null })).Ok();

        Assert.False((bool?)paused.Result["enabled"]);
        Assert.Equal((other, "other", false), ((string?)moved.Result["entity"]!["id"], (string?)moved.Result["name"], (bool?)moved.Result["enabled"]));
        Assert.Equal("first", (string?)named.Result["name"]);
        Assert.Equal(("Event", "report"), ((string?)event_.Result["type"], (string?)event_.Result["name"]));
    }

    [Fact]
    public async Task A_type_that_does_not_fit_and_nothing_to_run_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        Task<ToolResult> ChangeAsync(string member, JsonNode? value) => session.CallAsync("update_pipeline_step", new JsonObject { ["pipeline_id"] = "nightly", ["step_id"] = "copy", [member] = value });

        (await ChangeAsync("type", "Transformation")).Refused("invalid_request").Naming("is a job", "Use type Replication");
        (await ChangeAsync("entity", null)).Refused("invalid_request").Naming("entity", "delete_pipeline_step");
        (await ChangeAsync("entity", "nothing")).Refused("not_found").Naming("nothing");
        (await session.CallAsync("update_pipeline_step", new { pipeline_id = "nightly", step_id = "fourth", enabled = false })).Refused("not_found").Naming("fourth", "list_pipeline_steps");

        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
    }
}
