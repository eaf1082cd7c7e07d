using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ExecuteTransformationTests
{
    [Fact]
    public async Task The_statements_run_in_order_at_the_destination_and_their_rows_are_counted()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.Shop.RunWellAsync(warehouse.Job);
        await warehouse.TransformationAsync("UPDATE orders SET amount = 1 WHERE amount IS NULL", "DELETE FROM orders WHERE amount = 0");

        var started = (await session.CallAsync("execute_transformation", new { transformation_id = "net" })).Ok();
        var run = await warehouse.EndedAsync("net");

        Assert.Equal("executed", started.Outcome);
        Assert.Equal(("Successful", started.Id, 2), ((string?)run["status"], (string?)run["id"], (int?)run["records_affected"]));
        Assert.Equal(["1|9.5", "2|20", "4|1"], Sql.Rows(warehouse.Shop.DestinationFile, "SELECT id, amount FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task Without_a_task_or_of_a_type_for_servers_it_does_not_start()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync();
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "models", ["type"] = "DBT" });

        (await session.CallAsync("execute_transformation", new { transformation_id = "net" })).Refused("invalid_request").Naming("no task");
        var models = await session.CallAsync("execute_transformation", new { transformation_id = "models" });
        Assert.True(models.IsError);
        models.Naming("DBT", "CData Sync server");
    }

    [Fact]
    public async Task A_person_who_says_no_leaves_the_destination_as_it_is()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.Shop.RunWellAsync(warehouse.Job);
        await warehouse.TransformationAsync("DELETE FROM orders");
        session.Person.Declines();

        (await session.CallAsync("execute_transformation", new { transformation_id = "net" })).Refused("declined").Naming("said no");

        Assert.Equal([$"{SmallShop.Orders}"], Sql.Rows(warehouse.Shop.DestinationFile, "SELECT count(*) FROM orders"));
    }
}
