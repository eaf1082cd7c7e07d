using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class ListTransformationsTests
{
    [Fact]
    public async Task The_transformations_of_a_workspace_are_listed_by_name_and_stand_in_it()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "b", ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = "copy" } });
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "a" });

        var items = (await session.CallAsync("list_transformations")).Ok().Items;

        Assert.Equal(["a", "b"], items.Select(item => (string?)item["name"]));
        Assert.Equal(["id", "name", "type", "status", "trigger"], items[1].Select(member => member.Key));
        Assert.Equal("AfterJob", (string?)items[1]["trigger"]!["type"]);
        Assert.Equal(2, (await session.CallAsync("get_workspace")).Ok().Result["transformations"]!.AsArray().Count);
        Assert.Empty((await session.CallAsync("list_transformations", new { workspace_id = (await session.CallAsync("create_workspace", new { name = "Empty" })).Ok().Id })).Ok().Items);
    }

    [Fact]
    public async Task A_workspace_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_transformations", new { workspace_id = "nowhere" })).Refused("not_found").Naming("nowhere", "list_workspaces");
    }

    [Fact]
    public async Task They_go_with_their_workspace()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var workspace = (await session.CallAsync("create_workspace", new { name = "Other" })).Ok().Id;
        await SmallShop.ConnectAsync(session, "theirs", "theirs.db", "Other");
        (await session.CallAsync("create_job", new { workspace_id = "Other", name = "load", source_connection = "theirs", destination_connection = "theirs" })).Ok();
        var id = (await session.CallAsync("create_transformation", new { workspace_id = "Other", name = "net", destination_connection = "theirs", trigger = new { type = "AfterJob", after_job = "load" } })).Ok().Id;

        (await session.CallAsync("delete_workspace", new { workspace_id = workspace })).Ok();

        (await session.CallAsync("get_transformation", new { transformation_id = id })).Refused("not_found");
    }
}
