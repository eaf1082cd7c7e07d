using SyncMcp.Client.Tests.Sending;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Resilience;

/// <summary>What happens after an answer was lost.</summary>
public sealed class AftermathTests
{
    private const string Key = "x-syncmcp-capabilities: etag,idempotency";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_that_a_second_look_shows_was_done_and_is_not_sent_again()
    {
        await using var server = new StubServer((request, _) => request.Verb == "PUT" ? Reset : Answer(200, """{"id":"j","name":"new","schedule":{"enabled":false},"labels":["x"]}"""));
        using var client = server.Client();
        var job = await client.Jobs.UpdateAsync(new() { JobId = "j", Name = "new", Schedule = new() { Enabled = false }, Clear = ["schedule/cron"] }, ct: Ct);
        Assert.Equal(("new", 1), (job.Name, server.Requests.Count(request => request.Verb == "PUT")));
    }

    [Theory]
    [InlineData("load", 200)]
    [InlineData("other", 0)]
    public async Task A_change_of_a_step_is_seen_in_the_list_of_its_pipeline(string name, int status)
    {
        await using var server = new StubServer((request, _) => request.Verb == "PUT" ? Reset : Answer(200, $$$"""{"value":[{"id":"x","name":"load"},{"id":"s","name":"{{{name}}}","entity":{"id":"j","name":"copy"}}]}"""));
        using var client = server.Client();
        var call = client.Pipelines.UpdateStepAsync(new() { PipelineId = "p", StepId = "s", Name = "load", Entity = new() { Id = "j" } }, ct: Ct);
        if (status == 200)
            Assert.Equal("s", (await call).Id);
        else
            Assert.Equal("outcome_unknown", (await Assert.ThrowsAsync<SyncApiException>(() => call)).Code);
        Assert.Equal(1, server.Requests.Count(request => request.Verb == "PUT"));
    }

    [Fact]
    public async Task A_change_of_a_secret_can_not_be_seen_and_stays_unknown()
    {
        await using var server = new StubServer((request, _) => request.Verb == "PUT" ? Reset : Answer(200, """{"id":"c","properties":{"Password":"p"}}"""));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<SyncApiException>(() => client.Connections.UpdateAsync(new() { ConnectionId = "c", Properties = new() { ["Password"] = "p" } }, ct: Ct));
        Assert.Equal(("outcome_unknown", true, false), (error.Code, error.MayHaveActed, error.Retryable));
    }

    [Theory]
    [InlineData("new", true)]
    [InlineData("other", false)]
    public async Task A_412_after_a_lost_change_is_looked_into(string name, bool done)
    {
        await using var server = new StubServer((request, number) => request.Verb == "GET" ? Answer(200, $$"""{"id":"j","name":"{{name}}"}""") : number == 0 ? Reset : Answer(412, "{}"));
        using var client = server.Client();
        var call = client.Jobs.UpdateAsync(new() { JobId = "j", Name = "new" }, new() { IfMatch = "\"v1\"" }, Ct);
        if (done)
        {
            Assert.Equal("new", (await call).Name);
            return;
        }

        var error = await Assert.ThrowsAsync<SyncApiException>(() => call);
        Assert.Equal(("state_changed", true, 2), (error.Code, error.MayHaveActed, error.Sends));
    }

    [Fact]
    public async Task A_412_at_the_first_send_is_just_that()
    {
        await using var server = new StubServer(Answer(412, "{}"));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.UpdateAsync(new() { JobId = "j", Name = "new" }, new() { IfMatch = "\"v1\"" }, Ct));
        Assert.Equal(("state_changed", false, 1), (error.Code, error.MayHaveActed, server.Requests.Count));
    }

    [Fact]
    public async Task A_404_after_a_lost_delete_means_done()
    {
        await using var server = new StubServer((_, number) => number == 0 ? Reset : Answer(404, "{}"));
        using var client = server.Client();
        await client.Jobs.DeleteAsync(new() { JobId = "j" }, ct: Ct);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_404_after_a_delete_that_was_turned_away_means_not_found()
    {
        await using var server = new StubServer((_, number) => Answer(number == 0 ? 429 : 404, "{}"));
        using var client = server.Client();
        Assert.Equal("not_found", (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.DeleteAsync(new() { JobId = "j" }, ct: Ct))).Code);
    }

    [Theory]
    [InlineData("r1", "In progress", 2, null)]
    [InlineData("r1", "Canceled", 1, null)]
    [InlineData("r2", "In progress", 1, "outcome_unknown")]
    public async Task A_lost_cancel_is_repeated_only_while_the_same_run_goes_on(string runNow, string status, int sends, string? code)
    {
        var cancels = 0;
        await using var server = new StubServer((request, _) => request.Verb == "GET"
            ? Answer(200, cancels == 0 ? """{"id":"r1","status":"In progress"}""" : $$"""{"id":"{{runNow}}","status":"{{status}}"}""")
            : ++cancels == 1 ? Reset : Answer(200, """{"id":"r1","status":"Canceled"}"""));
        using var client = server.Client();
        var call = client.Jobs.CancelAsync(new() { JobId = "j" }, ct: Ct);
        if (code is null)
            Assert.Equal("Canceled", (await call).Status);
        else
            Assert.Equal(code, (await Assert.ThrowsAsync<SyncApiException>(() => call)).Code);
        Assert.Equal(sends, cancels);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task A_lost_create_is_repeated_only_with_a_key_that_the_server_honours(bool honours, int sends)
    {
        var creates = 0;
        await using var server = new StubServer((request, _) => request.Verb == "GET" ? Answer(200, "[]", honours ? Key : "x-a: b") : ++creates == 1 ? Reset : Answer(201, """{"id":"w"}"""));
        using var client = server.Client();
        await client.Workspaces.ListAsync(Ct);
        var call = client.Workspaces.CreateAsync(new() { Name = "w" }, new() { IdempotencyKey = "k" }, Ct);
        if (honours)
            Assert.Equal("w", (await call).Id);
        else
            Assert.Equal("outcome_unknown", (await Assert.ThrowsAsync<SyncApiException>(() => call)).Code);
        Assert.Equal(sends, creates);
        Assert.All(server.Requests.Where(request => request.Verb == "POST"), request => Assert.Equal("k", request.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task A_lost_execute_is_never_repeated_even_with_a_key()
    {
        await using var server = new StubServer((request, _) => request.Verb == "GET" ? Answer(200, "[]", Key) : Reset);
        using var client = server.Client();
        await client.Workspaces.ListAsync(Ct);
        var error = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, new() { IdempotencyKey = "k" }, Ct));
        Assert.Equal(("outcome_unknown", true, 1), (error.Code, error.MayHaveActed, server.Requests.Count(request => request.Verb == "POST")));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Where_another_server_takes_the_place_a_lost_execute_with_an_honoured_key_is_sent_once_more(bool honours, int sends)
    {
        var executes = 0;
        await using var server = new StubServer((request, _) => request.Verb == "GET" ? Answer(200, "[]", honours ? Key : "x-a: b") : ++executes == 1 ? Reset : Answer(200, """{"id":"r"}"""));
        using var client = server.Client(options => options with { HasSuccessor = true });
        await client.Workspaces.ListAsync(Ct);
        var call = client.Jobs.ExecuteAsync(new() { JobId = "j" }, new() { IdempotencyKey = "k" }, Ct);
        if (honours)
            Assert.Equal("r", (await call).Id);
        else
            Assert.Equal("outcome_unknown", (await Assert.ThrowsAsync<SyncApiException>(() => call)).Code);
        Assert.Equal(sends, executes);
        Assert.All(server.Requests.Where(request => request.Verb == "POST"), request => Assert.Equal("k", request.Headers["Idempotency-Key"]));
    }

    [Fact]
    public async Task A_server_that_has_a_successor_is_not_left_alone_after_failures()
    {
        var executes = 0;
        await using var server = new StubServer((request, _) => request.Verb == "GET" ? Answer(403, "{}") : ++executes <= 20 ? Reset : Answer(200, """{"id":"r"}"""));
        using var client = server.Client(options => options with { HasSuccessor = true });
        for (var call = 0; call < 20; call++)
            Assert.Equal("outcome_unknown", (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct))).Code);
        Assert.Equal("r", (await client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct)).Id);
    }

    [Fact]
    public async Task A_change_that_the_server_in_its_place_does_not_show_is_sent_once_more()
    {
        var puts = 0;
        await using var server = new StubServer((request, _) => request.Verb == "PUT" && ++puts == 1 ? Reset : Answer(200, $$"""{"id":"j","name":"{{(puts == 2 ? "new" : "old")}}"}"""));
        using var client = server.Client(options => options with { HasSuccessor = true });
        Assert.Equal("new", (await client.Jobs.UpdateAsync(new() { JobId = "j", Name = "new" }, ct: Ct)).Name);
        Assert.Equal(2, puts);
    }
}
