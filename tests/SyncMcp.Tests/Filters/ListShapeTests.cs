using System.Text.Json.Nodes;
using Microsoft.ML.Tokenizers;
using SyncMcp.Filters;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>Lists through MCP from a server that knows no paging: short, complete by pages, and never over the budget.</summary>
public sealed class ListShapeTests : IAsyncLifetime
{
    private StubServer server = null!;
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        session = await server.SessionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_jobs_stay_under_five_thousand_tokens_whatever_is_asked_for()
    {
        server.List("/workspaces/default/jobs", Jobs(10_000));

        foreach (var arguments in new object[] { new { }, new { limit = 200 }, new { limit = 200, fields = new[] { "*" } } })
        {
            var answer = (await session.CallAsync("list_jobs", arguments)).Ok();

            Assert.InRange(Tokens(answer.Structured), 100, 5_000);
            Assert.InRange(Budget.Size(answer.Structured), 100, Budget.Bytes);
            Assert.Equal(10_000, (int)answer.Structured["total"]!);
            Assert.NotNull(answer.Structured["next_cursor"]);
        }
    }

    [Fact]
    public async Task Pages_together_are_the_whole_list_once()
    {
        server.List("/workspaces/default/jobs", Jobs(730));
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await session.CallAsync("list_jobs", new { limit = 200, cursor })).Ok();
            seen.AddRange(page.Items.Select(job => (string)job["id"]!));
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 730).Select(i => $"job-{i}"), seen);
    }

    [Fact]
    public async Task An_item_is_a_summary_that_fields_widen()
    {
        server.List("/workspaces/default/jobs", Jobs(2));

        var summary = (await session.CallAsync("list_jobs")).Ok().Items[0];
        var wider = (await session.CallAsync("list_jobs", new { fields = new[] { "settings", "vendor_extra", "nonsense" } })).Ok();
        var all = (await session.CallAsync("list_jobs", new { fields = new[] { "*" } })).Ok().Items[0];

        Assert.Equal(["id", "name", "type", "status"], summary.Select(member => member.Key));
        Assert.Equal(["id", "name", "type", "status", "settings", "vendor_extra"], wider.Items[0].Select(member => member.Key));
        Assert.Equal(["nonsense"], wider.Structured["unknown_fields"]!.AsArray().Select(field => (string)field!));
        Assert.Contains("vendor_extra", all.Select(member => member.Key)); // members that the contract does not know are kept
    }

    [Fact]
    public async Task A_run_in_a_list_brings_no_tasks_and_its_details_cut()
    {
        server.List("/jobs/a/history", [new()
        {
            ["id"] = "r1", ["status"] = "Failed", ["details"] = new string('d', 5_000), ["tasks"] = new JsonArray(new JsonObject { ["id"] = "t" }), ["records_affected"] = 3,
        }]);
        server.List("/workspaces/default/jobs", [new() { ["id"] = "a", ["name"] = "a" }]);

        var run = Assert.Single((await session.CallAsync("list_job_history", new { job_id = "a" })).Ok().Items);

        Assert.Equal(["id", "status", "records_affected", "details"], run.Select(member => member.Key));
        Assert.InRange(((string)run["details"]!).Length, 100, 200);
    }

    [Fact]
    public async Task Text_and_structured_content_are_each_complete()
    {
        server.List("/workspaces/default/jobs", Jobs(40));

        var answer = (await session.CallAsync("list_jobs")).Ok();

        Assert.True(JsonNode.DeepEquals(answer.Structured, JsonNode.Parse(answer.Text)));
        Assert.Equal(["items", "next_cursor", "total", "untrusted"], answer.Structured.Select(member => member.Key).Order(StringComparer.Ordinal));
        Assert.Equal(["sync://workspaces/default/jobs"], answer.Links);
    }

    [Fact]
    public async Task An_empty_list_says_so()
    {
        server.List("/workspaces/default/jobs", []);

        var answer = (await session.CallAsync("list_jobs")).Ok();

        Assert.Empty(answer.Items);
        Assert.Equal(0, (int)answer.Structured["total"]!);
        Assert.True(answer.Structured.ContainsKey("next_cursor"));
        Assert.Null(answer.Structured["next_cursor"]);
    }

    [Fact]
    public async Task One_item_larger_than_the_budget_is_cut_and_says_where()
    {
        server.List("/workspaces/default/jobs", [new() { ["id"] = "a", ["name"] = "big", ["notes"] = new string('n', 100_000) }]);

        var answer = (await session.CallAsync("list_jobs", new { fields = new[] { "*" } })).Ok();

        Assert.InRange(Budget.Size(answer.Structured), 5_000, Budget.Bytes);
        Assert.Equal("/items/0/notes", (string)answer.Structured["cut"]![0]!["at"]!);
        Assert.Equal(100_000, (int)answer.Structured["cut"]![0]!["of"]!);
    }

    private static int Tokens(JsonNode node) => TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(node.ToJsonString(Budget.Json));

    private static IEnumerable<JsonObject> Jobs(int count) => Enumerable.Range(0, count).Select(i => new JsonObject
    {
        ["id"] = $"job-{i}",
        ["name"] = $"Nightly übertragung {i} 每日",
        ["type"] = "Standard",
        ["status"] = "Idle",
        ["settings"] = new JsonObject { ["verbosity"] = "Info" },
        ["vendor_extra"] = new string('x', 300),
    });
}
