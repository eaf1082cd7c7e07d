using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ListTransformationHistoryTests
{
    [Fact]
    public async Task Runs_come_newest_first_and_by_state()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("CREATE TABLE made (id INTEGER)");
        var good = await warehouse.RunAsync("net");
        var bad = await warehouse.RunAsync("net");

        var all = (await session.CallAsync("list_transformation_history", new { transformation_id = "net" })).Ok();
        var failed = (await session.CallAsync("list_transformation_history", new { transformation_id = "net", status = "Failed" })).Ok();

        Assert.Equal([(string?)bad["id"], (string?)good["id"]], all.Items.Select(run => (string?)run["id"]));
        Assert.Equal((string?)bad["id"], (string?)Assert.Single(failed.Items)["id"]);
        Assert.Single((await session.CallAsync("list_transformation_history", new { transformation_id = "net", limit = 1 })).Ok().Items);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_transformation_history", new { transformation_id = "net" })).Refused("not_found").Naming("net", "list_transformations");
    }
}
