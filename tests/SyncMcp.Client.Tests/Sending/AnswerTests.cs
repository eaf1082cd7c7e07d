using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Answers of every shape that a server may give, secrets masked.</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("""[{"id":"a"}]""", null)]
    [InlineData("""{"value":[{"id":"a"}],"@odata.count":7}""", 7L)]
    [InlineData("""{"Items":[{"id":"a"}],"total":7}""", 7L)]
    [InlineData("""{"data":[{"id":"a"}]}""", null)]
    [InlineData("""{"jobs":[{"id":"a"}],"Count":7}""", 7L)]
    public async Task Lists_come_in_any_envelope(string body, long? total)
    {
        var answer = await Get(JobEndpoints.List, new ListJobs(), Answer(200, body));
        var list = answer.Read<Listing<Job>>(JobEndpoints.List);
        Assert.Equal(("a", total), (Assert.Single(list.Value).Id, list.Total));
    }

    [Fact]
    public async Task Secrets_are_masked_at_every_depth_and_members_nobody_knows_are_kept()
    {
        const string body = """{"id":"c","connection_string":"User=u;Password=p","properties":{"User":"u","Password":"s3","AuthToken":"","SSH Client Key":"k"},"new":{"api_key":[1,{"x":"y"}]},"list":[{"secret":"q"}]}""";
        var answer = await Get(ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = "c" }, Answer(200, body));
        Assert.Equal(
            """{"id":"c","connection_string":"********","properties":{"User":"u","Password":"********","AuthToken":"","SSH Client Key":"********"},"new":{"api_key":["********",{"x":"********"}]},"list":[{"secret":"********"}]}""",
            answer.Body.ToJsonString());
    }

    [Fact]
    public async Task A_log_is_plain_text() =>
        Assert.Equal("line 1\nline ü", (await Get(ConnectionEndpoints.DownloadLog, new DownloadLog { ConnectionId = "c", Name = "a.log" }, Text(200, "application/octet-stream", "line 1\nline ü"))).Read<LogText>(ConnectionEndpoints.DownloadLog).Text);

    [Fact]
    public async Task An_empty_answer_is_an_empty_object() =>
        Assert.Equal("{}", (await Get(JobEndpoints.Delete, new JobKey { JobId = "j" }, NoContent)).Body.ToJsonString());

    [Theory]
    [InlineData(202, """{"id":"r","status":"Starting"}""", "r")]
    [InlineData(200, """{"status":"SUCCESS","runtime":"12"}""", null)]
    public async Task A_run_may_come_without_its_id(int status, string body, string? id) =>
        Assert.Equal(id, (await Get(JobEndpoints.Execute, new ExecuteJob { JobId = "j" }, Answer(status, body))).Read<Run>(JobEndpoints.Execute).Id);

    [Fact]
    public async Task A_test_that_is_answered_with_an_error_was_tested_and_failed()
    {
        var answer = await Get(ConnectionEndpoints.Test, new ConnectionKey { ConnectionId = "c" }, Answer(400, """{"error":{"code":"x","message":"cannot open"}}"""));
        var test = answer.Read<ConnectionTest>(ConnectionEndpoints.Test);
        Assert.Equal((false, "cannot open"), (test.Success, test.Message));
    }

    [Fact]
    public async Task State_capabilities_and_replay_are_read_from_the_headers()
    {
        var answer = await Get(JobEndpoints.Get, new JobKey { JobId = "j" }, Answer(200, """{"id":"j"}""", "ETag: \"v7\"", "x-syncmcp-capabilities: etag, paging,new", "x-syncmcp-replayed: true"));
        Assert.Equal(("\"v7\"", ServerCapabilities.ETag | ServerCapabilities.Paging, true), (answer.ETag, answer.Capabilities, answer.Replayed));
    }

    [Theory]
    [InlineData("""{"id":{"a":1}}""")]
    [InlineData("""{"name":"without id"}""")]
    public async Task A_typed_reader_hears_where_the_shape_differs(string body)
    {
        var answer = await Get(JobEndpoints.Get, new JobKey { JobId = "j" }, Answer(200, body));
        Assert.Equal("bad_answer", Assert.Throws<SyncApiException>(() => answer.Read<Job>(JobEndpoints.Get)).Code);
    }

    private static async Task<SyncAnswer> Get(Endpoint endpoint, object request, Reply reply)
    {
        await using var server = new StubServer(reply);
        using var client = server.Client();
        return await client.SendAsync(endpoint, request, ct: TestContext.Current.CancellationToken);
    }
}
