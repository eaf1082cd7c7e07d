using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class GetPipelineRunLogTests
{
    [Fact]
    public async Task What_a_script_writes_is_found_in_the_log()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepAsync("Event", "report");
        var run = await conveyor.RunAsync();

        var lines = (await session.CallAsync("get_pipeline_run_log", new { pipeline_id = "nightly", history_id = (string)run["id"]!, grep = "done" })).Ok().Result["lines"]!.AsArray();

        Assert.Contains("done", (string?)Assert.Single(lines)!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_something_else_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        var other = await conveyor.Warehouse.Shop.RunWellAsync(conveyor.Warehouse.Job);

        (await session.CallAsync("get_pipeline_run_log", new { pipeline_id = "nightly", history_id = (string)other["id"]! })).Refused("not_found").Naming("run");
    }
}
