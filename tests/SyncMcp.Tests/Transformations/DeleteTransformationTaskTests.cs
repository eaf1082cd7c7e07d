using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class DeleteTransformationTaskTests
{
    [Fact]
    public async Task A_task_is_deleted_and_the_others_close_up()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("DELETE FROM a", "DELETE FROM b");

        Assert.Equal("executed", (await session.CallAsync("delete_transformation_task", new { transformation_id = "net", task_id = "a" })).Ok().Outcome);

        var left = Assert.Single((await session.CallAsync("list_transformation_tasks", new { transformation_id = "net" })).Ok().Items);
        Assert.Equal(("b", 1), ((string?)left["name"], (int?)left["position"]));
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("DELETE FROM a");
        session.Person.Declines();

        (await session.CallAsync("delete_transformation_task", new { transformation_id = "net", task_id = "a" })).Refused("declined").Naming("said no");

        Assert.Equal(["a"], await warehouse.TasksAsync("net"));
    }
}
