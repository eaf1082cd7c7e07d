using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class GetTransformationStatusTests
{
    [Fact]
    public async Task Idle_before_the_first_run_then_that_run_with_its_tasks()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("CREATE TABLE made (id INTEGER)");

        Assert.Equal("Idle", (string?)(await session.CallAsync("get_transformation_status", new { transformation_id = "net" })).Ok().Result["status"]);
        var run = await warehouse.RunAsync("net");

        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal("Successful", (string?)Assert.Single(run["tasks"]!.AsArray())!["status"]);
        Assert.Equal("net", (string?)run["transformation"]!["name"]);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("get_transformation_status", new { transformation_id = "net" })).Refused("not_found").Naming("net", "list_transformations");
    }
}
