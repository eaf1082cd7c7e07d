using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class ListConnectionsTests
{
    [Fact]
    public async Task Connections_are_listed_by_name_in_short_form_and_without_secrets()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();

        var listed = (await session.CallAsync("list_connections")).Ok();

        Assert.Equal(["crm", "shop", "warehouse"], listed.Items.Select(item => (string?)item["name"]));
        Assert.All(listed.Items, item => Assert.Null(item["properties"]));
        Assert.Contains("/items/*/name", listed.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
        var whole = (await session.CallAsync("list_connections", new { fields = new[] { "*" } })).Ok();
        Assert.Equal("********", (string?)whole.Items[0]["properties"]!["Password"]);
        Assert.DoesNotContain("hunter2", whole.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_shows_its_own_connections_alone()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        await SmallShop.ConnectAsync(session, "shop", "other.db", "Other");

        var listed = (await session.CallAsync("list_connections", new { workspace_id = "Other" })).Ok();

        Assert.Equal("shop", (string?)Assert.Single(listed.Items)["name"]);
        Assert.Equal(2, (int?)(await session.CallAsync("list_connections")).Ok().Structured["total"]);
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_that_fit_a_chat()
    {
        await using var session = await SyncSession.StartAsync();
        for (var i = 0; i < 30; i++)
            await SmallShop.ConnectAsync(session, $"{i:00} {new string('n', 150)}", "shop.db");

        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = (await session.CallAsync("list_connections", cursor is null ? new { } : new { cursor })).Ok();
            Assert.True(page.Items.Count <= 25);
            seen.AddRange(page.Items.Select(item => (string?)item["id"]));
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(30, seen.Count);
        Assert.Equal(30, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_workspace_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_connections", new { workspace_id = "Other" })).Refused("not_found").Naming("'Other'", "list_workspaces");
    }
}
