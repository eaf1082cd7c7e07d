using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ListLastTransformationTaskRunsTests
{
    [Fact]
    public async Task Every_task_with_its_last_run_or_idle()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var id = await warehouse.TransformationAsync("CREATE TABLE made (id INTEGER)");
        await warehouse.RunAsync("net");
        await warehouse.AddAsync(id, "DELETE FROM made", "later");

        var items = (await session.CallAsync("list_last_transformation_task_runs", new { transformation_id = "net" })).Ok().Items;

        Assert.Equal(["Successful", "Idle"], items.Select(item => (string?)item["status"]));
        Assert.Equal("later", (string?)items[1]["task"]!["name"]);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_last_transformation_task_runs", new { transformation_id = "net" })).Refused("not_found").Naming("net");
    }
}
