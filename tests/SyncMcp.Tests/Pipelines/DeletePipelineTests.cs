using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class DeletePipelineTests
{
    [Fact]
    public async Task With_pipeline_only_what_its_steps_refer_to_stays()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        var deleted = (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly", pipeline_only = true })).Ok();

        Assert.Equal(conveyor.Pipeline, deleted.Id);
        (await session.CallAsync("get_pipeline", new { pipeline_id = conveyor.Pipeline })).Refused("not_found");
        (await session.CallAsync("list_events", new { pipeline_id = conveyor.Pipeline })).Refused("not_found");
        (await session.CallAsync("get_job", new { job_id = conveyor.Warehouse.Job })).Ok();
        (await session.CallAsync("get_transformation", new { transformation_id = conveyor.Transformation })).Ok();
    }

    [Fact]
    public async Task Without_it_they_go_too()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        (await session.CallAsync("update_transformation", new { transformation_id = "net", trigger = new { type = "AfterJob", after_job = "copy" } })).Ok();

        (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly", pipeline_only = false })).Ok();

        (await session.CallAsync("get_job", new { job_id = conveyor.Warehouse.Job })).Refused("not_found");
        (await session.CallAsync("get_transformation", new { transformation_id = conveyor.Transformation })).Refused("not_found");
        Assert.Empty((await session.CallAsync("list_pipelines")).Ok().Items);
    }

    [Fact]
    public async Task What_is_used_elsewhere_keeps_everything_where_it_is()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        var other = await conveyor.PipelineAsync(new() { ["name"] = "hourly" });
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = other, type = "Transformation", entity = "net" })).Ok();
        (await session.CallAsync("create_transformation", new { name = "after", destination_connection = "warehouse", trigger = new { type = "AfterJob", after_job = "copy" } })).Ok();

        (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly" })).Refused("invalid_request").Naming("transformation net", "pipeline hourly", "job copy", "transformation after", "pipeline_only=true");

        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
        (await session.CallAsync("get_job", new { job_id = "copy" })).Ok();
    }

    [Fact]
    public async Task While_a_job_of_it_runs_it_stays()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        using (await conveyor.Warehouse.Shop.StartHeldAsync(conveyor.Warehouse.Job))
            (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly" })).Refused("already_running").Naming("job copy", "pipeline_only=true");

        Assert.Equal("Successful", (string?)(await session.RunEndedAsync(conveyor.Warehouse.Job))["status"]);
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await Conveyor.OpenAsync(session);
        session.Person.Declines();

        (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly", pipeline_only = true })).Refused("declined").Naming("said no");

        Assert.Single((await session.CallAsync("list_pipelines")).Ok().Items);
    }
}
