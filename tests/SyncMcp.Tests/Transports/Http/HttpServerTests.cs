using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

public sealed class HttpServerTests
{
    public static TheoryData<string, bool> Revisions => new(
        from version in (string[])["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"]
        from stateless in (bool[])[false, true]
        select (version, stateless));

    [Theory]
    [MemberData(nameof(Revisions))]
    public async Task Every_revision_lists_and_calls_with_sessions_and_without(string version, bool stateless)
    {
        await using var session = await HttpSession.StartAsync(http => http with { Stateless = stateless });
        await using var client = await session.ConnectAsync(version);

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Contains(await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken), tool => tool.Name == "create_workspace");
        Assert.Equal("Shop", (string?)(await HttpSession.CallAsync(client, "create_workspace", new { name = "Shop" })).Ok().Result["name"]);
        Assert.Contains("Shop", (await HttpSession.CallAsync(client, "list_workspaces")).Ok().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Subscribing_is_offered_where_there_is_a_session_that_can_hear_of_news(bool stateless)
    {
        await using var session = await HttpSession.StartAsync(http => http with { Stateless = stateless });
        await using var client = await session.ConnectAsync("2025-11-25");

        Assert.NotNull(client.ServerCapabilities.Resources);
        Assert.Equal(!stateless, client.ServerCapabilities.Resources.Subscribe is true);
    }

    [Fact]
    public async Task What_fails_inside_is_told_as_our_fault_and_logged_and_what_cannot_be_read_as_the_clients()
    {
        await using var session = await HttpSession.StartAsync(http => http with { Stateless = true }, more: served => served.Services.PostConfigure<McpServerOptions>(
            static _ => throw new FormatException("composed wrongly")));
        var before = Log.Output;
        var lines = new StringWriter();
        try
        {
            Log.Output = TextWriter.Synchronized(lines);
            using var failed = await session.PostCallAsync();
            using var unread = await session.PostAsync("""{"jsonrpc":"2.0","id":{"a":1},"method":7}""");

            Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
            Assert.Contains("composed wrongly", lines.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("composed", await failed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.BadRequest, unread.StatusCode);
        }
        finally
        {
            Log.Output = before;
        }
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task A_person_is_asked_before_a_workspace_is_deleted(string version)
    {
        await using var session = await HttpSession.StartAsync();
        var person = new Person();
        person.Confirms();
        await using var client = await session.ConnectAsync(version, person);
        await HttpSession.CallAsync(client, "create_workspace", new { name = "Shop" });

        (await HttpSession.CallAsync(client, "delete_workspace", new { workspace_id = "Shop" })).Ok();
        Assert.Contains("Shop", Assert.Single(person.Questions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_sessions_an_older_client_confirms_with_the_approval_code_and_a_new_one_is_asked()
    {
        await using var session = await HttpSession.StartAsync(http => http with { Stateless = true });
        var person = new Person();
        person.Confirms();
        await using var older = await session.ConnectAsync("2025-11-25", person);
        await HttpSession.CallAsync(older, "create_workspace", new { name = "Shop" });

        var refused = await HttpSession.CallAsync(older, "delete_workspace", new { workspace_id = "Shop" });
        Assert.Equal("confirmation_unavailable", refused.Code);
        Assert.Contains("syncmcp approve", refused.Text, StringComparison.Ordinal);
        Assert.Empty(person.Questions);

        await using var newer = await session.ConnectAsync("2026-07-28", person);
        (await HttpSession.CallAsync(newer, "delete_workspace", new { workspace_id = "Shop" })).Ok();
        Assert.Single(person.Questions);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer ")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic d3Jvbmc6d3Jvbmc=")]
    public async Task Nobody_calls_without_the_key(string? authorization)
    {
        await using var session = await HttpSession.StartAsync();
        using var answer = await session.PostCallAsync(("Authorization", authorization ?? ""));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.StartsWith("Bearer", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(session.Options.DataDirectory)); // no engine was started
    }

    [Fact]
    public async Task The_key_is_for_this_account_alone_and_stays_over_starts()
    {
        using var folder = new TempFolder();
        await using var first = await HttpSession.StartAsync(configure: options => options with { OperatorFolder = folder["operator"] });
        await using var second = await HttpSession.StartAsync(configure: options => options with { OperatorFolder = folder["operator"] });

        Assert.Equal(first.Key, second.Key);
        Assert.True(first.Key.Length >= 43);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.Server.KeyFile!));
        using var answer = await second.PostCallAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Where_the_operator_says_so_no_key_is_needed()
    {
        await using var session = await HttpSession.StartAsync(http => http with { NoAuth = true });
        using var answer = await session.PostCallAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(session.Server.KeyFile);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "localhost.evil.example")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Origin", "null")]
    public async Task Web_pages_are_refused_before_the_key_is_looked_at(string header, string value)
    {
        await using var session = await HttpSession.StartAsync(http => http with { NoAuth = true });
        using var answer = await session.PostCallAsync((header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(Directory.Exists(session.Options.DataDirectory));
    }

    [Fact]
    public async Task The_server_answers_under_the_names_of_loopback_and_to_its_own_origin()
    {
        await using var session = await HttpSession.StartAsync();
        using var named = await session.PostCallAsync(("Host", $"localhost:{session.Address.Port}"), ("Origin", $"http://localhost:{session.Address.Port}"));

        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        Assert.DoesNotContain(named.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)); // no CORS unless configured
    }
}
