using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Routes that an operator corrects.</summary>
public sealed class RouteTests
{
    [Fact]
    public async Task A_corrected_route_is_used()
    {
        await using var server = new StubServer(Answer(200, """{"id":"r"}"""));
        using var client = server.Client(options => options with { Routes = new Dictionary<string, string> { ["execute_job"] = "/jobs/{job_id}/run" } });
        await client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: TestContext.Current.CancellationToken);
        Assert.Equal("/api.rsc/v2/jobs/j/run", server.Requests[^1].Target);
    }

    [Theory]
    [InlineData("no_such_tool", "/x", "no such operation")]
    [InlineData("execute_job", "/jobs/run", "job_id")]
    [InlineData("execute_job", "/jobs/{job_id}/run/{run_id}", "job_id")]
    [InlineData("execute_job", "jobs/{job_id}/run", "begins with /")]
    [InlineData("execute_job", "/jobs/{job_id}/run?x=1", "begins with /")]
    [InlineData("execute_job", "/jobs/{job_id}/cancel", "cancel_job")]
    [InlineData("execute_job", "/Jobs/{job_id}/%63ancel/", "cancel_job")]
    [InlineData("get_job", "/connections/{job_id}", "get_connection")]
    [InlineData("execute_job", "/jobs/../{job_id}", "whole part")]
    public void A_wrong_correction_is_refused_at_once(string operation, string route, string why)
    {
        var refused = Assert.Throws<ArgumentException>(() => new SyncClient(new() { Server = new("http://h"), Routes = new Dictionary<string, string> { [operation] = route } }));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
