using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Workspaces;

public sealed class CreateWorkspaceTests
{
    [Fact]
    public async Task A_workspace_is_there_after_a_restart()
    {
        using var folder = new TempFolder();
        string id;
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            var created = (await session.CallAsync("create_workspace", new { name = "Läden 🛒" })).Ok();
            Assert.Equal("executed", created.Outcome);
            Assert.StartsWith("EXECUTED", created.Text, StringComparison.Ordinal);
            Assert.False((bool?)created.Result["is_default"]);
            id = created.Id;
        }

        await using var again = await SyncSession.StartAsync(folder: folder);
        Assert.Equal("Läden 🛒", (string?)(await again.CallAsync("get_workspace", new { workspace_id = id })).Ok().Result["name"]);
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_first_answer_again()
    {
        await using var session = await SyncSession.StartAsync();

        var first = (await session.CallAsync("create_workspace", new { name = "Shop", idempotency_key = "k-1" })).Ok();
        var second = (await session.CallAsync("create_workspace", new { name = "Shop", idempotency_key = "k-1" })).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.Null(first.Structured["replayed"]);
        Assert.True((bool?)second.Structured["replayed"]);
        Assert.Equal(2, (await session.CallAsync("list_workspaces")).Ok().Items.Count);
    }

    [Fact]
    public async Task A_key_that_stood_for_another_request_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_workspace", new { name = "Shop", idempotency_key = "k-1" })).Ok();

        var refused = await session.CallAsync("create_workspace", new { name = "Store", idempotency_key = "k-1" });

        Assert.True(refused.IsError);
        refused.Naming("key");
        Assert.Equal(2, (await session.CallAsync("list_workspaces")).Ok().Items.Count);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_workspace", new { name = "Shop" })).Ok();

        (await session.CallAsync("create_workspace", new { name = "Shop" })).Refused("invalid_request").Naming("`Shop`", "already");

        Assert.Equal(2, (await session.CallAsync("list_workspaces")).Ok().Items.Count);
    }

    [Fact]
    public async Task One_that_is_named_default_is_reachable_by_its_id_only()
    {
        await using var session = await SyncSession.StartAsync();

        var made = (await session.CallAsync("create_workspace", new { name = "default" })).Ok().Id;

        Assert.NotEqual("default", made);
        Assert.Equal("default", (await session.CallAsync("get_workspace", new { workspace_id = "default" })).Ok().Id);
        Assert.Equal("default", (string?)(await session.CallAsync("get_workspace", new { workspace_id = made })).Ok().Result["name"]);
    }

    [Fact]
    public async Task A_name_that_is_absent_empty_blank_or_too_long_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("create_workspace")).Refused("invalid_arguments").Naming("`name`");
        foreach (var name in (string[])["", "  ", new('x', 201), new('x', 3_000_000)])
            (await session.CallAsync("create_workspace", new { name })).Refused("invalid_arguments").Naming("`name`");
        (await session.CallAsync("create_workspace", new { name = new[] { "Shop" } })).Refused("invalid_arguments").Naming("`name`", "text");

        Assert.Single((await session.CallAsync("list_workspaces")).Ok().Items);
    }
}
