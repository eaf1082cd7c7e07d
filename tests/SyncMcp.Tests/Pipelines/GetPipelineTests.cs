using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class GetPipelineTests
{
    [Fact]
    public async Task One_is_found_by_name_with_its_steps()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        var found = (await session.CallAsync("get_pipeline", new { pipeline_id = "Nightly" })).Ok();

        Assert.Equal(conveyor.Pipeline, found.Id);
        Assert.Equal(["copy", "net", "report"], found.Result["steps"]!.AsArray().Select(step => (string?)step!["entity"]!["name"]));
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused_with_the_nearest_name()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        (await session.CallAsync("get_pipeline", new { pipeline_id = "nihgtly" })).Refused("not_found").Naming("nihgtly", "nightly", "list_pipelines");
        (await session.CallAsync("get_pipeline", new { pipeline_id = Guid.Empty })).Refused("not_found").Naming("pipeline");
    }
}
