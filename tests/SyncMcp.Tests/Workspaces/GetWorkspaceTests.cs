using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Workspaces;

public sealed class GetWorkspaceTests
{
    [Fact]
    public async Task Without_an_argument_it_is_the_default_workspace_with_what_is_inside()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");

        var workspace = (await session.CallAsync("get_workspace")).Ok().Result;

        Assert.Equal("default", (string?)workspace["id"]);
        Assert.Equal([shop.Source, shop.Destination], workspace["connections"]!.AsArray().Select(connection => (string?)connection!["id"]));
        Assert.Equal(job, (string?)workspace["jobs"]![0]!["id"]);
        Assert.False((bool?)workspace["permissions"]!["can_delete"]);
    }

    [Fact]
    public async Task The_operators_workspace_is_meant_where_none_is_named()
    {
        await using var session = await SyncSession.StartAsync(options => options with { Workspace = "Shop" });
        var shop = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();

        Assert.Equal(shop.Id, (await session.CallAsync("get_workspace")).Ok().Id);
        Assert.Equal("default", (await session.CallAsync("get_workspace", new { workspace_id = "default" })).Ok().Id);
    }

    [Fact]
    public async Task A_name_is_taken_for_an_id_whatever_its_case_unless_several_have_it()
    {
        await using var session = await SyncSession.StartAsync();
        var upper = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();
        Assert.Equal(upper.Id, (await session.CallAsync("get_workspace", new { workspace_id = "SHOP" })).Ok().Id);

        var lower = (await session.CallAsync("create_workspace", new { name = "shop" })).Ok();
        Assert.Equal(lower.Id, (await session.CallAsync("get_workspace", new { workspace_id = "shop" })).Ok().Id);
        (await session.CallAsync("get_workspace", new { workspace_id = "SHOP" })).Refused("ambiguous_name").Naming("SHOP", upper.Id, lower.Id);
    }

    [Fact]
    public async Task What_is_not_there_is_refused_with_the_nearest_name_or_the_list()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_workspace", new { name = "Warehouse" })).Ok();

        (await session.CallAsync("get_workspace", new { workspace_id = "Warehose" })).Refused("not_found").Naming("'Warehose'", "Warehouse");
        (await session.CallAsync("get_workspace", new { workspace_id = "4d0b7f5e-0000-4000-8000-000000000000" })).Refused("not_found")
            .Naming("4d0b7f5e-0000-4000-8000-000000000000", "list_workspaces");
    }
}
