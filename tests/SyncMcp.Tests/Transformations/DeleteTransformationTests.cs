using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class DeleteTransformationTests
{
    [Fact]
    public async Task A_person_types_the_phrase_and_it_goes_with_its_tasks()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await (await Warehouse.OpenAsync(session)).TransformationAsync("SELECT 1");

        var deleted = (await session.CallAsync("delete_transformation", new { transformation_id = "net" })).Ok();

        Assert.Equal(id, deleted.Id);
        (await session.CallAsync("get_transformation", new { transformation_id = id })).Refused("not_found");
        (await session.CallAsync("list_transformation_tasks", new { transformation_id = id })).Refused("not_found");
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync();
        session.Person.Declines();

        (await session.CallAsync("delete_transformation", new { transformation_id = "net" })).Refused("declined").Naming("said no");

        Assert.Single((await session.CallAsync("list_transformations")).Ok().Items);
    }

    [Fact]
    public async Task Connection_job_and_task_that_it_uses_are_not_deleted()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await SmallShop.ConnectAsync(session, "elsewhere", "elsewhere.db");
        await warehouse.TransformationAsync(new JsonObject
        {
            ["name"] = "net",
            ["destination_connection"] = "elsewhere",
            ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = "copy", ["after_job_tasks"] = new JsonArray("orders") },
        });

        (await session.CallAsync("delete_connection", new { connection_id = "elsewhere" })).Refused("invalid_request").Naming("net");
        (await session.CallAsync("delete_job", new { job_id = "copy" })).Refused("invalid_request").Naming("net");
        (await session.CallAsync("delete_job_task", new { job_id = "copy", task_id = "orders" })).Refused("invalid_request").Naming("net", "after_job_tasks");

        (await session.CallAsync("delete_job_task", new { job_id = "copy", task_id = "customers" })).Ok();
        (await session.CallAsync("delete_transformation", new { transformation_id = "net" })).Ok();
        (await session.CallAsync("delete_job", new { job_id = "copy" })).Ok();
        (await session.CallAsync("delete_connection", new { connection_id = "elsewhere" })).Ok();
    }
}
