using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class GetPipelineStatusTests
{
    [Fact]
    public async Task Idle_before_the_first_run_then_the_step_in_progress()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        Assert.Equal("Idle", (string?)(await session.CallAsync("get_pipeline_status", new { pipeline_id = "nightly" })).Ok().Result["status"]);
        using (await conveyor.StartHeldAsync())
        {
            var status = (await session.CallAsync("get_pipeline_status", new { pipeline_id = "nightly" })).Ok().Result;
            Assert.Equal("In progress", (string?)status["status"]);
            Assert.Equal(["In progress", "Starting", "Starting"], status["steps"]!.AsArray().Select(step => (string?)step!["status"]));
            Assert.Equal("nightly", (string?)status["pipeline"]!["name"]);
        }

        await conveyor.EndedAsync();
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("get_pipeline_status", new { pipeline_id = "nightly" })).Refused("not_found").Naming("nightly", "list_pipelines");
    }
}
