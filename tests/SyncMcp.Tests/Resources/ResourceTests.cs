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
            [
                "sync://workspaces/{workspace_id}",
                "sync://workspaces/{workspace_id}/jobs", "sync://jobs/{job_id}/history", "sync://jobs/{job_id}/history/{history_id}", "sync://jobs/{job_id}/history/{history_id}/log",
                "sync://workspaces/{workspace_id}/transformations", "sync://transformations/{transformation_id}/history", "sync://transformations/{transformation_id}/history/{history_id}",
                "sync://transformations/{transformation_id}/history/{history_id}/log",
                "sync://workspaces/{workspace_id}/pipelines", "sync://pipelines/{pipeline_id}/history", "sync://pipelines/{pipeline_id}/history/{history_id}",
                "sync://pipelines/{pipeline_id}/history/{history_id}/log",
            ],
            templates.Select(template => template.UriTemplate));
        Assert.Equal(
            [
                "sync://workspaces/default", "sync://runs/recent", "sync://workspaces/default/jobs", $"sync://jobs/{job}/history", "sync://workspaces/default/transformations",
                "sync://workspaces/default/pipelines", $"sync://jobs/{job}/history/{run}", $"sync://jobs/{job}/history/{run}/log",
            ],
            listed);
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
        await AssertTwinAsync("sync://runs/recent?limit=25", "find_runs", new { since = "24h" });
        await AssertTwinAsync("sync://runs/recent?state=failed&since=2w&limit=25", "find_runs", new { since = "2w", state = "failed" });
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

    [Fact]
    public async Task Runs_of_transformations_and_pipelines_are_read_as_those_of_jobs()
    {
        await using var other = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(other);
        await conveyor.StepsAsync();
        (await other.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
        var done = await other.RunEndedAsync("get_pipeline_status", new { pipeline_id = "nightly" });
        var listed = (await other.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(resource => resource.Uri).ToList();

        Assert.Contains($"sync://pipelines/{conveyor.Pipeline}/history/{done["id"]}", listed);
        Assert.Contains($"sync://transformations/{conveyor.Transformation}/history", listed);
        Assert.Contains("done", await other.ReadAsync($"sync://pipelines/nightly/history/{done["id"]}/log?grep=done"), StringComparison.Ordinal);
        foreach (var uri in listed)
            Assert.NotEmpty(await other.ReadAsync(uri));
        await AssertTwinAsync(other, $"sync://pipelines/nightly/history/{done["id"]}", "get_pipeline_run", new { pipeline_id = "nightly", history_id = (string)done["id"]! });
        await AssertTwinAsync(other, "sync://transformations/net/history?limit=1", "list_transformation_history", new { transformation_id = "net", limit = 1 });
        Assert.Contains($"sync://pipelines/{conveyor.Pipeline}/history", (await other.CallAsync("get_pipeline", new { pipeline_id = "nightly" })).Ok().Links);
        Assert.Contains($"sync://pipelines/{conveyor.Pipeline}/history/{done["id"]}", (await other.CallAsync("get_pipeline_status", new { pipeline_id = "nightly" })).Ok().Links);
    }

    [Fact]
    public async Task A_workspace_at_a_glance_counts_what_it_holds_and_how_it_stands()
    {
        var seen = JsonNode.Parse(await session.ReadAsync("sync://workspaces/default"))!;

        var jobs = seen["result"]!["jobs"]!;
        Assert.Equal(("default", 2, 1, 0), ((string?)seen["result"]!["id"], (int?)seen["result"]!["connections"]!["total"], (int?)jobs["total"], (int?)seen["result"]!["pipelines"]!["total"]));
        Assert.Equal("""[{"status":"Successful","count":1}]""", jobs["states"]!.ToJsonString());
        Assert.Equal((job, "Successful"), ((string?)jobs["items"]![0]!["id"], (string?)jobs["items"]![0]!["status"]));
        Assert.Contains("name", seen["untrusted"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(McpErrorCode.InvalidParams, (await Assert.ThrowsAsync<McpProtocolException>(() => session.ReadAsync("sync://workspaces/nowhere"))).ErrorCode);
        Assert.Equal(McpErrorCode.InvalidParams, (await Assert.ThrowsAsync<McpProtocolException>(() => session.ReadAsync("sync://workspaces/default?limit=1"))).ErrorCode);
    }

    [Theory]
    [InlineData("sync://jobs/22222222-2222-2222-2222-222222222222/history", McpErrorCode.ResourceNotFound)]
    [InlineData("sync://nothing/here", McpErrorCode.ResourceNotFound)]
    [InlineData("file:///etc/passwd", McpErrorCode.ResourceNotFound)]
    [InlineData("sync://workspaces/default/jobs?limit=900", McpErrorCode.InvalidParams)]
    [InlineData("sync://runs/recent?limit=0", McpErrorCode.InvalidParams)]
    [InlineData("sync://runs/recent?tail=1", McpErrorCode.InvalidParams)]
    [InlineData("sync://runs/recent?state=well", McpErrorCode.InvalidParams)]
    [InlineData("sync://runs/recent?since=soon", McpErrorCode.InvalidParams)]
    [InlineData("sync://workspaces/default/jobs?tail=1", McpErrorCode.InvalidParams)]
    [InlineData("sync://workspaces/default/jobs?cursor=bent", McpErrorCode.InvalidParams)]
    public async Task What_cannot_be_read_is_an_error_of_the_revision(string uri, McpErrorCode code)
    {
        await using var older = await SyncSession.StartAsync(version: "2025-11-25");

        Assert.Equal(code, (await Assert.ThrowsAsync<McpProtocolException>(() => older.ReadAsync(uri))).ErrorCode);
        Assert.Equal(McpErrorCode.InvalidParams, (await Assert.ThrowsAsync<McpProtocolException>(() => session.ReadAsync(uri))).ErrorCode);
    }

    private Task AssertTwinAsync(string uri, string tool, object arguments) => AssertTwinAsync(session, uri, tool, arguments);

    private static async Task AssertTwinAsync(SyncSession session, string uri, string tool, object arguments)
    {
        var read = JsonNode.Parse(await session.ReadAsync(uri));
        var answered = (await session.CallAsync(tool, arguments)).Ok().Structured;

        Assert.True(JsonNode.DeepEquals(answered, read), $"{uri}\n{read}\n{answered}");
    }

    [Fact]
    public async Task The_recent_runs_are_looked_at_each_ten_seconds_and_tell_of_new_ones_only()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var (looks, items) = (0, "[]");
        var watcher = new SyncMcp.Resources.RecentRuns.Watcher(_ => Task.FromResult<JsonObject?>(new() { ["items"] = JsonNode.Parse(items), ["at"] = ++looks }), time);
        var first = await watcher.LookAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((first, 1), (await watcher.LookAsync(TestContext.Current.CancellationToken), looks));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((first, 2), (await watcher.LookAsync(TestContext.Current.CancellationToken), looks));
        items = """[{"id":"a","status":"In progress","runtime":7}]""";
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotEqual(first, await watcher.LookAsync(TestContext.Current.CancellationToken));
    }

    private static List<string> Lines(string log) => [.. log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#'))];
}
