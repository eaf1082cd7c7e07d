using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class MoveTransformationTaskTests
{
    [Fact]
    public async Task A_task_is_moved_and_beyond_the_end_means_last()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("DELETE FROM a", "DELETE FROM b", "DELETE FROM c");

        var moved = (await session.CallAsync("move_transformation_task", new { transformation_id = "net", task_id = "c", position = 1 })).Ok();
        Assert.Equal(1, (int?)moved.Result["position"]);
        Assert.Equal(["c", "a", "b"], await warehouse.TasksAsync("net"));

        (await session.CallAsync("move_transformation_task", new { transformation_id = "net", task_id = "c", position = 99 })).Ok();
        Assert.Equal(["a", "b", "c"], await warehouse.TasksAsync("net"));
    }

    [Fact]
    public async Task Position_0_and_a_task_that_is_not_there_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("DELETE FROM a", "DELETE FROM b");

        (await session.CallAsync("move_transformation_task", new { transformation_id = "net", task_id = "b", position = 0 })).Refused("invalid_arguments").Naming("`position`", "1");
        (await session.CallAsync("move_transformation_task", new { transformation_id = "net", task_id = "x", position = 1 })).Refused("not_found").Naming("'x'");

        Assert.Equal(["a", "b"], await warehouse.TasksAsync("net"));
    }
}
