using Microsoft.AspNetCore.Http;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>Many calls at once, and calls whose end nobody knows.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private const string Id = "11111111-1111-1111-1111-111111111111";

    private StubServer server = null!;
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        session = await server.SessionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Calls_beyond_those_that_run_and_wait_are_told_to_come_back_and_the_others_are_answered()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.On($"GET /jobs/{Id}", async context =>
        {
            await go.Task.WaitAsync(SyncSession.Patience);
            await context.Response.WriteAsync($$"""{"id":"{{Id}}"}""");
        });

        // 16 run and 48 wait; the answer to one too many is there while all others are still open.
        var calls = Enumerable.Range(0, 65).Select(_ => session.CallAsync("get_job", new { job_id = Id })).ToList();
        var first = await await Task.WhenAny(calls);
        go.SetResult();
        var answers = await Task.WhenAll(calls);

        first.Refused("busy");
        Assert.True((bool)first.Structured["retryable"]!);
        Assert.Equal(64, answers.Count(answer => !answer.IsError));
    }

    [Fact]
    public async Task A_change_whose_answer_never_came_is_unknown_and_not_to_be_repeated()
    {
        server.On("POST /workspaces", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        var answer = (await session.CallAsync("create_workspace", new { name = "x" })).Refused("outcome_unknown");

        Assert.Equal("unknown", answer.Outcome);
        Assert.False((bool)answer.Structured["retryable"]!);
        Assert.StartsWith("OUTCOME UNKNOWN", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_was_made_says_so_first()
    {
        server.On("POST /workspaces", $$"""{"id":"{{Id}}","name":"x"}""", 201);

        var answer = (await session.CallAsync("create_workspace", new { name = "x" })).Ok();

        Assert.Equal("outcome", answer.Structured.First().Key);
        Assert.Equal("executed", answer.Outcome);
        Assert.StartsWith("EXECUTED\n", answer.Text, StringComparison.Ordinal);
    }
}
