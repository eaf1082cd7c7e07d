using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class CancelPipelineTests
{
    [Fact]
    public async Task The_present_steps_run_stops_too_and_no_further_step_begins()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        using (await conveyor.StartHeldAsync())
            Assert.Equal("executed", (await session.CallAsync("cancel_pipeline", new { pipeline_id = "nightly" })).Ok().Outcome);

        var run = await conveyor.EndedAsync();
        Assert.Equal("Canceled", (string?)run["status"]);
        Assert.DoesNotContain("Successful", run["steps"]!.AsArray().Select(step => (string?)step!["status"]));
        Assert.Equal("Canceled", (string?)(await session.RunEndedAsync(conveyor.Warehouse.Job))["status"]);
    }

    [Fact]
    public async Task One_that_is_not_running_has_nothing_to_stop()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        (await session.CallAsync("cancel_pipeline", new { pipeline_id = "nightly" })).Refused("not_running").Naming("nightly", "list_pipeline_history");
    }
}
