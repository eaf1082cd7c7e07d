using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class ListPipelineHistoryTests
{
    [Fact]
    public async Task Runs_come_newest_first_and_by_state()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepAsync("Event", "report");
        var first = await conveyor.RunAsync();
        (await session.CallAsync("update_event", new { pipeline_id = "nightly", event_id = "report", script = "fail('no')" })).Ok();
        var second = await conveyor.RunAsync();

        var all = (await session.CallAsync("list_pipeline_history", new { pipeline_id = "nightly" })).Ok().Items;
        var good = (await session.CallAsync("list_pipeline_history", new { pipeline_id = "nightly", status = "Successful" })).Ok().Items;

        Assert.Equal([(string?)second["id"], (string?)first["id"]], all.Select(run => (string?)run["id"]));
        Assert.Equal((string?)first["id"], (string?)Assert.Single(good)["id"]);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_pipeline_history", new { pipeline_id = "nightly" })).Refused("not_found").Naming("nightly", "list_pipelines");
    }
}
