using System.Text.Json.Nodes;
using ModelContextProtocol;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Resources;

/// <summary>Run history as resources, over the embedded engine: what they hold is what their tool twins answer.</summary>
public sealed class ResourceTests : IAsyncLifetime
{
    private SyncSession session = null!;
    private string job = "";
    private string run = "";

    public async ValueTask InitializeAsync()
    {
        session = await SyncSession.StartAsync();
        var shop = await Shop.DraftAsync(session);
        job = shop.Job;
        await shop.RunAsync();
        run = (await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items[0]["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync() => await session.DisposeAsync();

    [Fact]
    public async Task Every_kind_is_listed_as_a_template_and_the_present_ones_concretely()
    {
        var templates = await session.Client.ListResourceTemplatesAsync(cancellationToken: TestContext.Current.CancellationToken);
        var listed = (await session.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(resource => resource.Uri).ToList();

        Assert.Equal(
            ["sync://workspaces/{workspace_id}/jobs", "sync://jobs/{job_id}/history", "sync://jobs/{job_id}/history/{history_id}", "sync://jobs/{job_id}/history/{history_id}/log"],
            templates.Select(template => template.UriTemplate));
        Assert.Equal(["sync://workspaces/default/jobs", $"sync://jobs/{job}/history", $"sync://jobs/{job}/history/{run}", $"sync://jobs/{job}/history/{run}/log"], listed);
    }

    [Fact]
    public async Task Everything_listed_can_be_read()
    {
        foreach (var resource in await session.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken))
            Assert.NotEmpty(await session.ReadAsync(resource.Uri));
    }

    [Fact]
    public async Task A_resource_holds_what_its_tool_twin_answers()
    {
        await AssertTwinAsync("sync://workspaces/default/jobs", "list_jobs", new { });
        await AssertTwinAsync($"sync://jobs/{job}/history", "list_job_history", new { job_id = job });
        await AssertTwinAsync($"sync://jobs/{job}/history/{run}", "get_job_run", new { job_id = job, history_id = run });
        await AssertTwinAsync($"sync://jobs/{job}/history?status=Failed", "list_job_history", new { job_id = job, status = "Failed" });
    }

    [Fact]
    public async Task A_log_is_text_that_can_be_read_by_tail_after_and_grep()
    {
        var whole = Lines(await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?tail=1000"));
        var tail = Lines(await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?tail=2"));
        var after = Lines(await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?after=1"));
        var grep = Lines(await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?grep=orders&tail=50"));

        Assert.InRange(whole.Count, 3, 1_000);
        Assert.Equal(whole[^2..], tail);
        Assert.Equal(whole[1..], after);
        Assert.NotEmpty(grep);
        Assert.All(grep, line => Assert.Contains("orders", line, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_name_and_any_order_of_the_query_are_taken()
    {
        var named = await session.ReadAsync("sync://jobs/orders-nightly/history?limit=1");
        var turned = await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?tail=3&grep=orders");

        Assert.Equal(run, (string)JsonNode.Parse(named)!["items"]![0]!["id"]!);
        Assert.Equal(await session.ReadAsync($"sync://jobs/{job}/history/{run}/log?grep=orders&tail=3"), turned);
    }

    [Theory]
    [InlineData("sync://jobs/22222222-2222-2222-2222-222222222222/history", McpErrorCode.ResourceNotFound)]
    [InlineData("sync://nothing/here", McpErrorCode.ResourceNotFound)]
    [InlineData("file:///etc/passwd", McpErrorCode.ResourceNotFound)]
    [InlineData("sync://workspaces/default/jobs?limit=900", McpErrorCode.InvalidParams)]
    [InlineData("sync://workspaces/default/jobs?tail=1", McpErrorCode.InvalidParams)]
    [InlineData("sync://workspaces/default/jobs?cursor=bent", McpErrorCode.InvalidParams)]
    public async Task What_cannot_be_read_is_an_error_of_the_revision(string uri, McpErrorCode code)
    {
        await using var older = await SyncSession.StartAsync(version: "2025-11-25");

        Assert.Equal(code, (await Assert.ThrowsAsync<McpProtocolException>(() => older.ReadAsync(uri))).ErrorCode);
        Assert.Equal(McpErrorCode.InvalidParams, (await Assert.ThrowsAsync<McpProtocolException>(() => session.ReadAsync(uri))).ErrorCode);
    }

    private async Task AssertTwinAsync(string uri, string tool, object arguments)
    {
        var read = JsonNode.Parse(await session.ReadAsync(uri));
        var answered = (await session.CallAsync(tool, arguments)).Ok().Structured;

        Assert.True(JsonNode.DeepEquals(answered, read), $"{uri}\n{read}\n{answered}");
    }

    private static List<string> Lines(string log) => [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
}
