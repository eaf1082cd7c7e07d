using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class MovePipelineStepTests
{
    [Fact]
    public async Task A_step_is_moved_and_beyond_the_end_means_last()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        Assert.Equal(1, (int?)(await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = "report", position = 1 })).Ok().Result["position"]);
        Assert.Equal(["report", "copy", "net"], await conveyor.NamesAsync());

        (await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = "report", position = 99 })).Ok();
        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
    }

    [Fact]
    public async Task Position_0_and_a_step_that_is_not_there_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        (await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = "report", position = 0 })).Refused("invalid_arguments").Naming("`position`", "1");
        (await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = "fourth", position = 1 })).Refused("not_found").Naming("fourth");

        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
    }
}
