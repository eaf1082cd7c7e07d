using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class ExecutePipelineTests
{
    [Fact]
    public async Task The_steps_run_one_after_another()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        var started = (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
        var run = await conveyor.EndedAsync();

        Assert.Equal("executed", started.Outcome);
        Assert.Equal(("Successful", started.Id), ((string?)run["status"], (string?)run["id"]));
        Assert.Equal(["Successful", "Successful", "Successful"], run["steps"]!.AsArray().Select(step => (string?)step!["status"]));
        Assert.Equal(["1|9.5", "2|20", "3|0", "4|0"], Sql.Rows(conveyor.Warehouse.Shop.DestinationFile, "SELECT id, amount FROM orders ORDER BY id"));
        Assert.Equal("Successful", (string?)(await session.CallAsync("get_job_status", new { job_id = "copy" })).Ok().Result["status"]);
    }

    [Fact]
    public async Task Without_a_step_it_does_not_start_and_while_it_runs_not_again()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);

        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Refused("invalid_request").Naming("step");
        await conveyor.StepsAsync();
        using (await conveyor.StartHeldAsync())
        {
            (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Refused("already_running").Naming("nightly");
            (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly", pipeline_only = true })).Refused("already_running").Naming("nightly");
        }

        Assert.Equal("Successful", (string?)(await conveyor.EndedAsync())["status"]);
    }
}
