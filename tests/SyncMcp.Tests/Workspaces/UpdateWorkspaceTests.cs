using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Workspaces;

public sealed class UpdateWorkspaceTests
{
    [Fact]
    public async Task A_workspace_is_renamed_by_its_name()
    {
        await using var session = await SyncSession.StartAsync();
        var created = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();

        var renamed = (await session.CallAsync("update_workspace", new { workspace_id = "Shop", name = "Store" })).Ok();

        Assert.Equal("executed", renamed.Outcome);
        Assert.Equal(created.Id, renamed.Id);
        Assert.Equal("Store", (string?)(await session.CallAsync("get_workspace", new { workspace_id = created.Id })).Ok().Result["name"]);
    }

    [Fact]
    public async Task The_default_workspace_may_be_renamed_and_keeps_its_id()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("update_workspace", new { workspace_id = "default", name = "Home" })).Ok();

        Assert.Equal("Home", (string?)(await session.CallAsync("get_workspace")).Ok().Result["name"]);
    }

    [Fact]
    public async Task A_name_cannot_be_cleared_or_taken_from_another()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();
        (await session.CallAsync("create_workspace", new { name = "Store" })).Ok();

        Assert.True((await session.CallAsync("update_workspace", new JsonObject { ["workspace_id"] = "Shop", ["name"] = null })).Naming("name").IsError);
        (await session.CallAsync("update_workspace", new { workspace_id = "Shop", name = "Store" })).Refused("invalid_request").Naming("`Store`");

        Assert.Equal("Shop", (string?)(await session.CallAsync("get_workspace", new { workspace_id = shop.Id })).Ok().Result["name"]);
    }

    [Fact]
    public async Task What_to_rename_is_never_guessed()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("update_workspace", new { name = "Store" })).Refused("invalid_arguments").Naming("`workspace_id`", "missing");
        (await session.CallAsync("update_workspace", new { workspace_id = "Shop", name = "Store" })).Refused("not_found").Naming("'Shop'", "list_workspaces");

        Assert.NotEqual("Store", (string?)(await session.CallAsync("get_workspace")).Ok().Result["name"]);
    }
}
