using SyncMcp.Client.Jobs;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Refusals of every documented shape become one exception.</summary>
public sealed class ErrorTests
{
    private static readonly string Ours = "x-syncmcp-capabilities: etag,idempotency,paging";

    [Theory]
    [InlineData("application/json", """{"error":{"code":"a","message":"no such luck"}}""")]
    [InlineData("application/json", """{"error":{"code":"a","message":{"lang":"en","value":"no such luck"}}}""")]
    [InlineData("application/json", """{"error":"no such luck"}""")]
    [InlineData("application/json", """{"message":"no such luck"}""")]
    [InlineData("text/plain", "no such\r\n\tluck\u200B\u0007")]
    public async Task Its_words_are_found_in_any_shape(string type, string body) =>
        Assert.Equal("no such luck", (await ErrorOf(Text(400, type, body))).ServerWords);

    [Fact]
    public async Task Of_a_page_only_the_title_is_kept() =>
        Assert.Equal("an HTML page: Gateway & co", (await ErrorOf(Text(502, "text/html", "<html><title>Gateway &amp; co</title><script>x</script></html>"))).ServerWords);

    [Fact]
    public async Task Its_words_are_cut_at_500_characters() =>
        Assert.Equal(500, (await ErrorOf(Text(400, "text/plain", new string('x', 100_000)))).ServerWords!.Length);

    [Theory]
    [InlineData(400, "{}", "invalid_request")]
    [InlineData(401, "{}", "unauthorized")]
    [InlineData(403, "{}", "forbidden")]
    [InlineData(404, "{}", "not_found")]
    [InlineData(405, "{}", "not_on_this_server")]
    [InlineData(409, "{}", "conflict")]
    [InlineData(409, """{"message":"The job is already running."}""", "already_running")]
    [InlineData(400, """{"error":{"code":"already_running","message":"wait"}}""", "already_running")]
    [InlineData(400, """{"error":{"code":"not_on_this_server","message":"dbt"}}""", "not_on_this_server")]
    [InlineData(412, "{}", "state_changed")]
    [InlineData(422, "{}", "invalid_request")]
    [InlineData(429, "{}", "rate_limited")]
    [InlineData(501, "{}", "not_on_this_server")]
    [InlineData(500, "{}", "server_error")]
    public async Task Each_status_has_its_code(int status, string body, string code)
    {
        var error = await ErrorOf(Answer(status, body));
        Assert.Equal((code, status, "execute_job", 1), (error.Code, (int)error.Status!, error.Operation, error.Sends));
    }

    [Theory]
    [InlineData("""{"error":{"code":"route_not_found","message":"x"}}""", false)]
    [InlineData("""{"error":{"code":"not_found","message":"x"}}""", true)]
    [InlineData("<html></html>", false)]
    [InlineData("""{"message":"no job job-77"}""", true)]
    [InlineData("""{"message":"not found"}""", null)]
    public async Task A_404_says_whether_the_thing_or_the_route_is_missing_where_that_can_be_told(string body, bool? thing) =>
        Assert.Equal(thing, (await ErrorOf(Answer(404, body))).ThingMissing);

    [Fact]
    public async Task What_only_our_engine_has_is_not_on_other_servers()
    {
        Assert.Equal("not_on_this_server", await LogError(Answer(404, """{"message":"not found"}""")));
        Assert.Equal("not_found", await LogError(Answer(404, """{"error":{"code":"not_found","message":"x"}}""", Ours)));

        static async Task<string> LogError(Reply reply)
        {
            await using var server = new StubServer(reply);
            using var client = server.Client();
            return (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.RunLogAsync(new() { JobId = "j", HistoryId = "h" }, TestContext.Current.CancellationToken))).Code;
        }
    }

    [Fact]
    public async Task A_long_wait_that_the_server_asks_for_is_passed_on() =>
        Assert.Equal(TimeSpan.FromSeconds(120), (await ErrorOf(Answer(429, "{}", "Retry-After: 120"))).RetryAfter);

    private static async Task<SyncApiException> ErrorOf(Reply reply)
    {
        await using var server = new StubServer(reply);
        using var client = server.Client();
        return await Assert.ThrowsAsync<SyncApiException>(() => client.SendAsync((Endpoint)JobEndpoints.Execute, new ExecuteJob { JobId = "job-77" }, ct: TestContext.Current.CancellationToken));
    }
}
