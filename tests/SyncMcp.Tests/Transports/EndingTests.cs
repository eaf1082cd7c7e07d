using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports;

/// <summary>How a session ends while a call is running: nobody waits for ever, and whoever still listens gets an answer.</summary>
public sealed class EndingTests : IAsyncLifetime
{
    private const string Job = "11111111-1111-1111-1111-111111111111";

    private readonly TempFolder folder = new();
    private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StubServer server = null!;
    private Frames frames = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        server.On($"GET /jobs/{Job}", async context =>
        {
            arrived.TrySetResult();
            try
            {
                await go.Task.WaitAsync(context.RequestAborted);
            }
            catch (OperationCanceledException)
            {
                stopped.TrySetResult();
                throw;
            }

            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, $$"""{"id":"{{Job}}","name":"late"}""", context.RequestAborted);
        });
        frames = new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Server = server.Address, Token = StubServer.Token });
        await frames.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        go.TrySetResult();
        await frames.DisposeAsync();
        await server.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_call_that_runs_at_the_end_of_input_is_answered_when_it_ends_in_time()
    {
        await CallAsync();

        frames.EndInput();
        go.SetResult();

        Assert.Equal("late", (string)(await frames.ReadAsync())["result"]!["structuredContent"]!["result"]!["name"]!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_outlives_the_grace_is_cancelled_and_answered(bool byEndOfInput)
    {
        await CallAsync();

        if (byEndOfInput)
            frames.EndInput();
        else
            frames.Transport.Stop(); // what a signal does
        var answer = (await frames.ReadAsync())["result"]!;

        Assert.True((bool)answer["isError"]!);
        Assert.Equal("shutting_down", (string)answer["structuredContent"]!["code"]!);
        await frames.Transport.Completion.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_answered_and_stops_at_the_server()
    {
        await CallAsync();

        await frames.SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = 5 } });
        var next = await frames.AskAsync(Frames.Request(6, "ping"));

        Assert.Equal(6, (int)next["id"]!);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Input_that_ends_without_a_call_ends_at_once()
    {
        frames.EndInput();

        await frames.Transport.Completion.WaitAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
    }

    private async Task CallAsync()
    {
        await frames.SendAsync(Frames.Call(5, "get_job", new() { ["job_id"] = Job }));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }
}
