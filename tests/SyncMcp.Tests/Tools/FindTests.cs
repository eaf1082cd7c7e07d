using System.Text.Json.Nodes;
using SyncMcp.Search;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"Where is it?", over everything at once.</summary>
public sealed class FindTests
{
    [Fact]
    public async Task Things_are_found_by_name_label_connector_table_and_query_in_all_workspaces_with_typos_and_why()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var nightly = await shop.JobAsync(new JsonObject { ["name"] = "orders-nightly", ["labels"] = new JsonArray("finance") }, "orders");
        var people = await shop.JobAsync(new JsonObject { ["name"] = "people" }, "customers");
        (await session.CallAsync("add_job_task", new { job_id = people, query = "REPLICATE [vip] SELECT id, revenue FROM [customers] WHERE revenue > 7" })).Ok();
        var other = (await session.CallAsync("create_workspace", new { name = "Emea" })).Ok().Id;
        var far = await SmallShop.ConnectAsync(session, "ledger", "ledger.db", other);

        Assert.Equal((nightly, "orders-nightly"), (await FirstAsync(session, "orders nightly")) is var one ? ((string)one["id"]!, (string)one["name"]!) : default);
        Assert.Equal((nightly, "label: finance"), (await FirstAsync(session, "finance")) is var two ? ((string)two["id"]!, (string)two["why"]!) : default);
        Assert.Equal(nightly, (string)(await FirstAsync(session, "oders nigthly"))["id"]!);
        Assert.Equal((people, "table: customers"), (await FirstAsync(session, "customer")) is var three ? ((string)three["id"]!, (string)three["why"]!) : default);
        Assert.Equal(people, (string)(await FirstAsync(session, "revenue"))["id"]!);
        Assert.StartsWith("query: REPLICATE", (string)(await FirstAsync(session, "revenue"))["why"]!, StringComparison.Ordinal);
        var found = await FirstAsync(session, "ledger");
        Assert.Equal((far, "connection", "Emea"), ((string)found["id"]!, (string)found["kind"]!, (string)found["workspace"]!));
        Assert.All((await session.CallAsync("find", new { words = "sqlite", kind = "connection" })).Ok().Items, item => Assert.Equal("connection", (string)item["kind"]!));
        Assert.Equal("workspace", (string)(await FirstAsync(session, "emea"))["kind"]!);
        Assert.Empty((await session.CallAsync("find", new { words = "gremlins" })).Ok().Items);
        (await session.CallAsync("find", new { words = "?!" })).Refused("invalid_arguments").Naming("name");
        var scoped = (await session.CallAsync("find", new { words = "ledger", workspace_id = "default" })).Ok();
        Assert.Empty(scoped.Items);
    }

    [Fact]
    public void Whole_words_come_before_beginnings_and_these_before_what_is_misspelled()
    {
        Document Named(string name) => new("job", name, name, "", [new("name", name, 3)]);
        double Score(string words, string name) => new Matcher(words).Of(Named(name))?.Score ?? 0;

        Assert.True(Score("order", "order") > Score("order", "orders"));
        Assert.True(Score("order", "orders") > Score("order", "preorder"));
        Assert.True(Score("order", "preorder") > Score("order", "odrer"));
        Assert.True(Score("order", "odrer") > 0);
        Assert.Equal(0, Score("order", "invoice"));
        Assert.Equal(0, Score("order invoice", "orders"));
        Assert.True(Score("order lines", "OrderLines") > 0);
        Assert.True(Score("orderlines", "order_lines OrderLines") > 0);
    }

    private static async Task<JsonObject> FirstAsync(SyncSession session, string words) => (await session.CallAsync("find", new { words })).Ok().Items[0];
}
