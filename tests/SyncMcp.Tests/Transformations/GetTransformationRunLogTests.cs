using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class GetTransformationRunLogTests
{
    [Fact]
    public async Task The_log_names_the_statement_that_failed()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var id = await warehouse.TransformationAsync();
        await warehouse.AddAsync(id, "DELETE FROM nowhere", "clear");
        var run = await warehouse.RunAsync("net");

        var log = (await session.CallAsync("get_transformation_run_log", new { transformation_id = "net", history_id = (string)run["id"]!, tail = 50 })).Ok().Result;

        Assert.Contains("nowhere", log["lines"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("clear", log["lines"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await (await Warehouse.OpenAsync(session)).TransformationAsync();

        (await session.CallAsync("get_transformation_run_log", new { transformation_id = "net", history_id = "x" })).Refused("not_found").Naming("run");
    }
}
