using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class GetTransformationTests
{
    [Fact]
    public async Task One_is_found_by_name_with_its_connection_and_workspace()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await (await Warehouse.OpenAsync(session)).TransformationAsync("SELECT 1");

        var found = (await session.CallAsync("get_transformation", new { transformation_id = "NET" })).Ok().Result;

        Assert.Equal((id, "warehouse", "default"), ((string?)found["id"], (string?)found["destination_connection"]!["name"], (string?)found["workspace"]!["id"]));
        Assert.True((bool?)found["permissions"]!["can_execute"]);
    }

    [Fact]
    public async Task One_that_is_not_there_is_refused_with_the_nearest_name()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync();

        (await session.CallAsync("get_transformation", new { transformation_id = "nett" })).Refused("not_found").Naming("nett", "net", "list_transformations");
        (await session.CallAsync("get_transformation", new { transformation_id = Guid.Empty })).Refused("not_found").Naming("transformation");
    }
}
