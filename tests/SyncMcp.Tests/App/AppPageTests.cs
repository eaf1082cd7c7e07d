using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.App;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.App;

/// <summary>The page as hosts and browsers get it. What it shows and does is looked at in a browser: tests/page.sh.</summary>
public sealed partial class AppPageTests
{
    private const string Type = "text/html;profile=mcp-app";

    [Fact]
    public void It_is_one_small_document_that_loads_nothing_and_makes_no_markup_of_text()
    {
        var html = AppPage.Html;

        Assert.InRange(Encoding.UTF8.GetByteCount(html), 20_000, 120 * 1024);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
        Assert.Equal(["http://www.w3.org/2000/svg"], Address().Matches(html).Select(found => found.Value).Distinct());
        Assert.DoesNotMatch(Markup(), html);
        Assert.Single(ScriptEnd().Matches(html)); // no script ends before its end
        Assert.DoesNotContain("/*script*/", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task A_host_that_shows_pages_finds_it_by_the_tools_and_reads_it(string version)
    {
        await using var session = await SyncSession.StartAsync(version: version, client: Shows);

        var tools = await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        string[] linked = [.. tools.Where(tool => tool.ProtocolTool.Meta is not null).Select(tool => tool.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["diagnose_run", "find_runs", "get_dependents", "get_overview", "list_job_history", "list_pipeline_history", "list_transformation_history"], linked);
        Assert.All(tools.Where(tool => tool.ProtocolTool.Meta is not null), tool => Assert.Equal(AppExtension.Uri, (string?)tool.ProtocolTool.Meta!["ui"]!["resourceUri"]));
        Assert.True(session.Client.ServerCapabilities.Extensions!.ContainsKey("io.modelcontextprotocol/ui"));

        var listed = (await session.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken)).Single(one => one.Uri == AppExtension.Uri);
        Assert.Equal(Type, listed.MimeType);
        var read = Assert.IsType<TextResourceContents>(Assert.Single((await session.Client.ReadResourceAsync(AppExtension.Uri, cancellationToken: TestContext.Current.CancellationToken)).Contents));
        Assert.Equal((AppExtension.Uri, Type), (read.Uri, read.MimeType));
        Assert.Equal(AppPage.Html, read.Text); // nothing in it is taken for a secret and masked
        Assert.Empty(read.Meta!["ui"]!["csp"]!.AsObject()); // nothing is asked for beyond the strictest rules
    }

    [Fact]
    public async Task A_client_that_shows_none_is_told_nothing_of_it()
    {
        await using var session = await SyncSession.StartAsync();

        Assert.All(await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken), tool => Assert.Null(tool.ProtocolTool.Meta));
        Assert.DoesNotContain(await session.Client.ListResourcesAsync(cancellationToken: TestContext.Current.CancellationToken), one => one.Uri == AppExtension.Uri);
    }

    [Fact]
    public async Task A_client_that_shows_pages_of_another_kind_only_is_told_nothing_of_it()
    {
        await using var session = await SyncSession.StartAsync(client: options => options.Capabilities = Of("text/html;profile=other"));

        Assert.All(await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken), tool => Assert.Null(tool.ProtocolTool.Meta));
    }

    [Fact]
    public async Task A_browser_gets_it_without_a_key_and_nothing_else()
    {
        await using var session = await HttpSession.StartAsync();
        var page = new Uri(session.Address, "/");

        using var answer = await session.Http.GetAsync(page, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(AppPage.Html, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));

        using var again = new HttpRequestMessage(HttpMethod.Get, page) { Headers = { { "If-None-Match", answer.Headers.ETag!.ToString() } } };
        using var same = await session.Http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        foreach (var other in (string[])["/index.html", "/mcp", "/favicon.ico"])
        {
            using var refused = await session.Http.GetAsync(new Uri(session.Address, other), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var posted = await session.Http.PostAsync(page, new StringContent("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);
    }

    [Fact]
    public async Task Under_another_name_or_from_another_origin_there_is_no_page()
    {
        await using var session = await HttpSession.StartAsync();
        foreach (var (header, value) in new[] { ("Host", "evil.example"), ("Origin", "http://evil.example") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(session.Address, "/"));
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await session.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Behind_a_proxy_that_brings_TLS_the_page_of_the_public_address_may_call_and_no_other()
    {
        await using var session = await HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder, """{"public_url":"https://sync.example.com"}"""));

        using var own = await session.PostCallAsync(("Origin", "https://sync.example.com"));
        using var plain = await session.PostCallAsync(("Origin", "http://sync.example.com"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (own.StatusCode, plain.StatusCode));
        Assert.False(own.Headers.Contains("Access-Control-Allow-Origin"));
    }

    private static void Shows(McpClientOptions options) => options.Capabilities = Of(Type);

    private static ClientCapabilities Of(string type) => new()
    {
        Extensions = new Dictionary<string, object>(StringComparer.Ordinal) { ["io.modelcontextprotocol/ui"] = JsonElement.Parse($$"""{"mimeTypes":["{{type}}"]}""") },
    };

    [GeneratedRegex(@"\b(?:https?|wss?)://[^\s""'`)]+", RegexOptions.None, 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|setTimeout\(['""`]|srcdoc|createContextualFragment", RegexOptions.None, 1000)]
    private static partial Regex Markup();

    [GeneratedRegex("</script", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex ScriptEnd();
}
