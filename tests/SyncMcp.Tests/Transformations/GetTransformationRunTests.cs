using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class GetTransformationRunTests
{
    [Fact]
    public async Task A_statement_that_fails_is_named_with_the_databases_words_and_nothing_is_kept()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.Shop.RunWellAsync(warehouse.Job);
        await warehouse.TransformationAsync("DELETE FROM orders", "DELETE FROM oders");

        var run = await warehouse.RunAsync("net");
        var found = (await session.CallAsync("get_transformation_run", new { transformation_id = "net", history_id = (string)run["id"]! })).Ok().Result;

        Assert.Equal("Failed", ((string)found["status"]!)[^6..]);
        Assert.Contains("oders", found["tasks"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal([$"{SmallShop.Orders}"], Sql.Rows(warehouse.Shop.DestinationFile, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_run_that_is_not_there_or_of_another_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync("CREATE TABLE made (id INTEGER)");
        var run = await warehouse.RunAsync("net");
        await warehouse.TransformationAsync(new System.Text.Json.Nodes.JsonObject { ["name"] = "other" });

        (await session.CallAsync("get_transformation_run", new { transformation_id = "net", history_id = "x" })).Refused("not_found").Naming("run");
        (await session.CallAsync("get_transformation_run", new { transformation_id = "other", history_id = (string)run["id"]! })).Refused("not_found");
    }
}
