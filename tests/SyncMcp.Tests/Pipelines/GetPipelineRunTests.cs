using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class GetPipelineRunTests
{
    [Fact]
    public async Task It_stops_at_a_step_that_fails_unless_it_is_set_to_go_on()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "alarm", script = "fail('nothing came')" })).Ok();
        await conveyor.StepAsync("Event", "alarm");
        await conveyor.StepAsync("Event", "report");

        var stopped = await conveyor.RunAsync();
        (await session.CallAsync("update_pipeline", new { pipeline_id = "nightly", settings = new { continue_on_error = true } })).Ok();
        var wentOn = await conveyor.RunAsync();
        var first = (await session.CallAsync("get_pipeline_run", new { pipeline_id = "nightly", history_id = (string)stopped["id"]! })).Ok().Result;
        var second = (await session.CallAsync("get_pipeline_run", new { pipeline_id = "nightly", history_id = (string)wentOn["id"]! })).Ok().Result;

        Assert.Contains("ailed", (string?)first["status"], StringComparison.Ordinal);
        Assert.Contains("nothing came", first["steps"]![0]!.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual("Successful", (string?)first["steps"]![1]!["status"]);
        Assert.Equal("Successful", (string?)second["steps"]![1]!["status"]);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        (await session.CallAsync("get_pipeline_run", new { pipeline_id = "nightly", history_id = "x" })).Refused("not_found").Naming("run");
    }
}
