using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class DeletePipelineStepTests
{
    [Fact]
    public async Task A_step_goes_and_what_it_runs_stays()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        Assert.Equal("executed", (await session.CallAsync("delete_pipeline_step", new { pipeline_id = "nightly", step_id = "copy" })).Ok().Outcome);

        Assert.Equal(["net", "report"], await conveyor.NamesAsync());
        (await session.CallAsync("get_job", new { job_id = "copy" })).Ok();
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        session.Person.Declines();

        (await session.CallAsync("delete_pipeline_step", new { pipeline_id = "nightly", step_id = "copy" })).Refused("declined").Naming("said no");

        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
    }
}
