using System.Net;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

/// <summary>What Prometheus reads.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Calls_are_counted_by_tool_and_shown_to_whoever_has_a_key()
    {
        await using var http = await HttpSession.StartAsync();
        (await http.PostCallAsync()).Dispose();
        var page = new Uri(http.Address, "/metrics");
        using var asked = new HttpRequestMessage(HttpMethod.Get, page);
        asked.Headers.Authorization = new("Bearer", http.Key);

        using var shown = await http.Http.SendAsync(asked, TestContext.Current.CancellationToken);
        using var refused = await http.Http.GetAsync(page, TestContext.Current.CancellationToken);
        var text = await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (shown.StatusCode, refused.StatusCode));
        Assert.Contains("syncmcp_calls", text, StringComparison.Ordinal);
        Assert.Contains("mcp_server_operation_duration", text, StringComparison.Ordinal);
    }
}
