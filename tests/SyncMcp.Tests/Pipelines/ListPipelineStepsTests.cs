using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class ListPipelineStepsTests
{
    [Fact]
    public async Task Steps_come_in_their_order_and_bear_the_names_of_what_they_run()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();
        (await session.CallAsync("update_job", new { job_id = "copy", name = "load" })).Ok();

        var items = (await session.CallAsync("list_pipeline_steps", new { pipeline_id = "nightly" })).Ok().Items;

        Assert.Equal([("load", "Replication", 1), ("net", "Transformation", 2), ("report", "Event", 3)], items.Select(item => ((string?)item["name"], (string?)item["type"], (int)item["position"]!)));
        Assert.Equal((conveyor.Warehouse.Job, "load"), ((string?)items[0]["entity"]!["id"], (string?)items[0]["entity"]!["name"]));
    }

    [Fact]
    public async Task A_pipeline_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_pipeline_steps", new { pipeline_id = "nightly" })).Refused("not_found").Naming("nightly", "list_pipelines");
    }
}
