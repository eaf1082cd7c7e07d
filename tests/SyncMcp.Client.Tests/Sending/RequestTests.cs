using System.Text;
using SyncMcp.Client.Jobs;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>What goes over the wire.</summary>
public sealed class RequestTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_table_name_travels_as_one_part_of_the_path_whatever_it_holds()
    {
        await using var server = new StubServer(Answer(200, """{"value":[]}"""));
        using var client = server.Client();
        await client.Connections.ColumnsAsync(new() { ConnectionId = "c1", TableName = "main.order lines/2024%?ü" }, Ct);
        Assert.Equal("/api.rsc/v2/connections/c1/tables/main.order%20lines%2F2024%25%3F%C3%BC/columns", server.Requests[0].Target);
    }

    [Fact]
    public async Task Members_beside_the_path_travel_in_the_query_of_a_get()
    {
        await using var server = new StubServer(Answer(200, """{"value":[]}"""));
        using var client = server.Client();
        await client.Connections.TablesAsync(new() { ConnectionId = "c1", Kind = "VIEWS", IncludeSystem = true, Limit = 5 }, Ct);
        Assert.Equal("/api.rsc/v2/connections/c1/tables?kind=VIEWS&include_system=true&limit=5", server.Requests[0].Target);
        await client.Jobs.HistoryAsync(new() { JobId = "j", Status = "a&b", StartedAfter = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) }, Ct);
        Assert.Equal("/api.rsc/v2/jobs/j/history?status=a%26b&started_after=2026-01-02T03%3A04%3A05%2B02%3A00", server.Requests[1].Target);
    }

    [Fact]
    public async Task Members_beside_the_path_travel_in_the_body_of_a_put_and_cleared_ones_as_null()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client();
        await client.Jobs.UpdateAsync(new() { JobId = "j", Name = "n", Clear = ["labels", "schedule/cron"] }, ct: Ct);
        Assert.Equal("""{"name":"n","labels":null,"schedule":{"cron":null}}""", server.Requests[0].Json.ToJsonString());
    }

    [Fact]
    public async Task A_post_without_members_sends_an_empty_object()
    {
        await using var server = new StubServer(Answer(200, "{}"));
        using var client = server.Client();
        await client.Jobs.CancelAsync(new() { JobId = "j" }, ct: Ct);
        var cancel = Assert.Single(server.Requests, request => request.Verb == "POST");
        Assert.Equal("{}", cancel.Body);
        Assert.Equal("application/json", cancel.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api.rsc/v2")]
    [InlineData("/api.rsc/v2/")]
    [InlineData("/api.rsc/")]
    [InlineData("/api.rsc/$oas")]
    [InlineData("/api.rsc/v2/$oas")]
    [InlineData("/API.rsc/V2")]
    public async Task The_address_may_be_written_with_or_without_the_path(string path)
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client(options => options with { Server = new Uri(options.Server, path) });
        await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        Assert.Equal("/api.rsc/v2/jobs/j", server.Requests[0].Target);
    }

    [Fact]
    public async Task A_path_before_the_api_is_kept()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client(options => options with { Server = new Uri(options.Server, "/sync/") });
        await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        Assert.Equal("/sync/api.rsc/v2/jobs/j", server.Requests[0].Target);
    }

    [Theory]
    [InlineData("ftp://h/")]
    [InlineData("http://user:pw@h/")]
    public void An_address_that_is_no_server_or_holds_a_password_is_refused(string address) =>
        Assert.Throws<ArgumentException>(() => new SyncClient(new() { Server = new(address) }));

    [Fact]
    public async Task The_token_is_asked_for_at_each_call_and_sent_in_the_header()
    {
        var tokens = new Queue<string>(["one", "two"]);
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client(options => options with { Token = _ => new(tokens.Dequeue()) });
        await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        Assert.Equal(["one", "two"], server.Requests.Select(request => request.Headers["x-cdata-authtoken"]));
    }

    [Fact]
    public async Task Basic_sends_the_token_as_password()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client(options => options with { TokenPlace = TokenPlace.Basic });
        await client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        var sent = server.Requests[0].Headers["Authorization"];
        Assert.Equal("syncmcp:t0ken", Encoding.UTF8.GetString(Convert.FromBase64String(sent["Basic ".Length..])));
        Assert.DoesNotContain("x-cdata-authtoken", server.Requests[0].Headers.Keys);
    }

    [Fact]
    public async Task Extras_travel_as_headers()
    {
        await using var server = new StubServer(Answer(201, """{"id":"j"}"""));
        using var client = server.Client();
        var options = new CallOptions { IfMatch = "\"v3\"", IdempotencyKey = "k-1", Headers = new Dictionary<string, string> { ["x-syncmcp-adopt"] = """["a"]""" } };
        await client.Jobs.AddTaskAsync(new() { JobId = "j", Table = "t" }, options, Ct);
        var headers = server.Requests[0].Headers;
        Assert.Equal(("\"v3\"", "k-1", """["a"]"""), (headers["If-Match"], headers["Idempotency-Key"], headers["x-syncmcp-adopt"]));
    }

    [Theory]
    [InlineData("a\r\nx-evil: 1")]
    [InlineData("schlüssel")]
    public async Task A_header_that_could_break_out_is_refused_unsent(string key)
    {
        await using var server = new StubServer(Answer(201, """{"id":"j"}"""));
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, new() { IdempotencyKey = key }, Ct));
        Assert.Equal(("invalid_request", false), (refused.Code, refused.MayHaveActed));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    public async Task An_id_that_is_no_part_of_a_path_is_refused_unsent(string id)
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var client = server.Client();
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => client.SendAsync((Endpoint)JobEndpoints.Delete, new JobKey { JobId = id }, ct: Ct));
        Assert.Equal("invalid_request", refused.Code);
        Assert.Empty(server.Requests);
    }
}
