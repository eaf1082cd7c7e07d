using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

/// <summary>Pages in a real browser, against the server as open as it can be started: without a key, without sessions.</summary>
public sealed class BrowserTests
{
    [Fact]
    public async Task No_page_of_another_origin_and_no_rebound_name_reaches_a_tool()
    {
        await using var upstream = await UpstreamAsync();
        await using var session = await StartAsync(upstream, folder => { });
        await using var site = await HostileSite.StartAsync(session.Address);
        using var browser = Browser.Open(HostileSite.Page, site.Proxy);
        var said = await site.Done.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(28, said.Count); // nine ways to three names, and the rebound one
        Assert.True(upstream.Requests.IsEmpty, said.ToJsonString());
        Assert.Equal("post 403, get 403, delete 403", (string?)said["rebound"]);
        Assert.Equal([403, 403, 403], site.Rebound);
    }

    [Fact]
    public async Task The_same_page_reaches_a_tool_where_the_operator_named_its_origin()
    {
        await using var upstream = await UpstreamAsync();
        await using var session = await StartAsync(upstream, folder => HttpSession.Settings(folder, """{"origins":["http://evil.example"]}"""));
        await using var site = await HostileSite.StartAsync(session.Address);
        using var browser = Browser.Open(HostileSite.Page, site.Proxy);
        var said = await site.Done.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        // Else the test above would show the browser's walls, not ours.
        Assert.StartsWith("200 ", (string?)said["json 127.0.0.1"], StringComparison.Ordinal);
        Assert.False(upstream.Requests.IsEmpty);
    }

    private static Task<HttpSession> StartAsync(StubServer upstream, Action<TempFolder> prepare) => HttpSession.StartAsync(
        http => http with { NoAuth = true, Stateless = true }, options => options with { Server = upstream.Address, Token = StubServer.Token }, prepare);

    private static async Task<StubServer> UpstreamAsync() => (await StubServer.StartAsync()).On("GET /workspaces", new JsonObject { ["value"] = new JsonArray() });
}
