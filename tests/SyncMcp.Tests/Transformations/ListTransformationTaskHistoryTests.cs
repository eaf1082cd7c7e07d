using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ListTransformationTaskHistoryTests
{
    [Fact]
    public async Task The_runs_of_one_task_newest_first()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var id = await warehouse.TransformationAsync();
        await warehouse.AddAsync(id, "CREATE TABLE made (id INTEGER)", "make");
        await warehouse.RunAsync("net");
        await warehouse.RunAsync("net");

        var items = (await session.CallAsync("list_transformation_task_history", new { transformation_id = "net", task_id = "make" })).Ok().Items;

        Assert.Equal(["Failed", "Successful"], items.Select(item => (string?)item["status"]));
        Assert.Contains("made", (string?)items[0]["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync("SELECT 1");

        (await session.CallAsync("list_transformation_task_history", new { transformation_id = "net", task_id = "x" })).Refused("not_found").Naming("'x'", "list_transformation_tasks");
    }
}
