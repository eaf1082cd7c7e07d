using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ListTransformationTasksTests
{
    [Fact]
    public async Task Tasks_come_in_their_order_with_their_queries()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("DELETE FROM b", "DELETE FROM a");

        var items = (await session.CallAsync("list_transformation_tasks", new { transformation_id = "net" })).Ok().Items;

        Assert.Equal([("b", 1, "DELETE FROM b"), ("a", 2, "DELETE FROM a")], items.Select(item => ((string?)item["name"], (int)item["position"]!, (string?)item["query"])));
    }

    [Fact]
    public async Task A_transformation_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_transformation_tasks", new { transformation_id = "net" })).Refused("not_found").Naming("net", "list_transformations");
    }
}
