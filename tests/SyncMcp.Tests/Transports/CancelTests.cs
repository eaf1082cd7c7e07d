using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports;

/// <summary>
/// From a client's cancelling to the end of the request at the Sync server, over the lines of stdio. Some here, which must all stop; .ci/proof cancels has 500
/// and holds the time against its bar, which a busy machine cannot be asked for.
/// </summary>
public sealed class CancelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_call_that_is_cancelled_stops_at_the_server()
    {
        var full = int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_CANCELS"), CultureInfo.InvariantCulture, out var number);
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        await using var server = await StubServer.StartAsync();
        await using var frames = new Frames(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Server = server.Address, Token = StubServer.Token });
        await frames.InitializeAsync();

        var times = new List<double>();
        for (var id = 2; id < 2 + (full ? number : 20); id++)
        {
            var job = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{id:000000000000}");
            var (came, ended) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously));
            server.On($"GET /jobs/{job}", async context =>
            {
                came.TrySetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended.TrySetResult(Stopwatch.GetTimestamp());
            });
            await frames.SendAsync(Frames.Call(id, "get_job", new() { ["job_id"] = job }));
            await came.Task.WaitAsync(Patience, ct);

            var cancelled = Stopwatch.GetTimestamp();
            await frames.SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = id } });
            times.Add(Stopwatch.GetElapsedTime(cancelled, await ended.Task.WaitAsync(Patience, ct)).TotalMilliseconds);
        }

        times.Sort();
        var (median, p99) = (times[times.Count / 2], times[(int)Math.Ceiling(times.Count * 0.99) - 1]);
        var said = string.Create(CultureInfo.InvariantCulture, $"{times.Count} calls cancelled: stopped at the server after {median:F1} ms (median), {p99:F1} ms (99 of 100), {times[^1]:F1} ms (longest)");
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(!full || p99 <= 250, said);
    }
}
