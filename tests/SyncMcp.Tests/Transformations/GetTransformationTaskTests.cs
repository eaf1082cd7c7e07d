using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class GetTransformationTaskTests
{
    [Fact]
    public async Task A_task_is_found_by_name_and_knows_its_transformation()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var id = await warehouse.TransformationAsync();
        var task = await warehouse.AddAsync(id, "DELETE FROM a", "Clear a");

        var found = (await session.CallAsync("get_transformation_task", new { transformation_id = "net", task_id = "clear A" })).Ok();

        Assert.Equal((task, id, "DELETE FROM a"), (found.Id, (string?)found.Result["transformation"]!["id"], (string?)found.Result["query"]));
    }

    [Fact]
    public async Task A_task_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("DELETE FROM a");

        (await session.CallAsync("get_transformation_task", new { transformation_id = "net", task_id = "b" })).Refused("not_found").Naming("task 'b'", "list_transformation_tasks");
        (await session.CallAsync("get_transformation_task", new { transformation_id = "net", task_id = Guid.Empty })).Refused("not_found").Naming("net");
    }
}
