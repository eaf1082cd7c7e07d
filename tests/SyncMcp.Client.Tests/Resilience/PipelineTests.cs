using Microsoft.Extensions.Time.Testing;
using SyncMcp.Client.Tests.Sending;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Resilience;

/// <summary>Waiting, breaking, limiting, stopping.</summary>
public sealed class PipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_wait_that_the_server_asks_for_is_kept()
    {
        var time = new FakeTimeProvider();
        var arrivals = new List<DateTimeOffset>();
        await using var server = new StubServer((_, number) =>
        {
            arrivals.Add(time.GetUtcNow());
            return number == 0 ? Answer(429, "{}", "Retry-After: 7") : Answer(200, """{"id":"j"}""");
        });
        using var client = server.Client(options => options with { Time = time });
        var call = client.Jobs.GetAsync(new() { JobId = "j" }, Ct);
        using var tooLong = new CancellationTokenSource(Patience);
        while (await Task.WhenAny(call, Task.Delay(20, tooLong.Token)) != call)
            time.Advance(TimeSpan.FromSeconds(0.5));
        await call;
        Assert.InRange(arrivals[1] - arrivals[0], TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(9.5));
    }

    [Fact]
    public async Task A_wait_of_more_than_ten_seconds_is_the_callers_to_decide()
    {
        await using var server = new StubServer(Answer(503, "{}", "Retry-After: 11"));
        using var client = server.Client();
        var error = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.GetAsync(new() { JobId = "j" }, Ct));
        Assert.Equal((TimeSpan.FromSeconds(11), true, 1), (error.RetryAfter, error.Retryable, server.Requests.Count));
    }

    [Fact]
    public async Task A_server_that_keeps_failing_is_left_alone_for_a_while()
    {
        var time = new FakeTimeProvider();
        var executes = 0;
        await using var server = new StubServer((request, _) => request.Verb == "GET" ? Answer(403, "{}") : ++executes <= 10 ? Answer(500, "{}") : Answer(200, """{"id":"r"}"""));
        using var client = server.Client(options => options with { Time = time });
        for (var call = 0; call < 10; call++)
            Assert.Equal("server_error", (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct))).Code);
        var broken = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct));
        Assert.Equal(("unreachable", false, true, 10), (broken.Code, broken.MayHaveActed, broken.Retryable, executes));
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("r", (await client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct)).Id);
    }

    [Fact]
    public async Task Sixteen_calls_go_at_once_thirty_two_wait_and_the_next_is_refused_unsent()
    {
        var open = new TaskCompletionSource();
        await using var server = new StubServer((_, _) => async (stream, ct) =>
        {
            await open.Task.WaitAsync(ct);
            await Answer(200, """{"id":"j"}""")(stream, ct);
        });
        using var client = server.Client();
        var calls = Enumerable.Range(0, 48).Select(_ => client.Jobs.GetAsync(new() { JobId = "j" }, Ct)).ToList();
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.GetAsync(new() { JobId = "j" }, Ct).WaitAsync(Patience, Ct));
        Assert.Equal(("rate_limited", 0, false), (refused.Code, refused.Sends, refused.MayHaveActed));
        Assert.InRange(server.Requests.Count, 0, 16);
        open.SetResult();
        await Task.WhenAll(calls).WaitAsync(Patience, Ct);
        Assert.Equal(48, server.Requests.Count);
    }

    [Fact]
    public async Task Cancelling_a_call_stops_the_request_behind_it_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var arrived = new TaskCompletionSource();
        await using var server = new StubServer((request, _) =>
        {
            if (request.Verb == "GET")
                return Answer(403, "{}");
            arrived.TrySetResult();
            return Stall;
        });
        using var client = server.Client();
        var call = client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: cancel.Token);
        await arrived.Task.WaitAsync(Patience, Ct);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(1), Ct));
        await server.Abandoned.Task.WaitAsync(Patience, Ct);
        Assert.Single(server.Requests, request => request.Verb == "POST");
    }
}
