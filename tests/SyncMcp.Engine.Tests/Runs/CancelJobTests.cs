using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class CancelJobTests
{
    [Fact]
    public async Task A_run_at_work_stops_and_the_answer_shows_its_end()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var run = await engine.ExecuteAsync(job);
        await gate.ReachedAsync();
        var answer = (await engine.SendAsync(HttpMethod.Post, $"jobs/{job}/cancel", "{}")).Expect(200).Json;
        Assert.Equal(run, (string?)answer["id"]);
        Assert.Equal("Canceled", (string?)answer["status"]);
        Assert.Equal("Canceled by admin. Rows already written stay.", (string?)answer["details"]);
        Assert.NotNull(answer["finished_at"]);
        Assert.All(answer["tasks"]!.AsArray(), task => Assert.Equal("Canceled", (string?)task!["status"]));
        Assert.Equal(1, gate.Begun);
        gate.Open(2);
        await engine.RunAsync(job); // the next run is free to start
    }

    [Fact]
    public async Task A_job_that_does_not_run_has_nothing_to_cancel()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        Assert.StartsWith("400 not_running: The job is not running", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/cancel", "{}"), StringComparison.Ordinal);
        await engine.RunAsync(job);
        Assert.StartsWith("400 not_running", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/cancel", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_no_worker_has_taken_is_canceled_and_never_worked()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        var answer = await engine.PostAsync($"jobs/{job}/cancel");
        Assert.Equal("Canceled", (string?)answer["status"]);
        Assert.Contains("before it began", (string?)answer["details"], StringComparison.Ordinal);
        await engine.RestartAsync();
        gate.Open();
        Assert.NotEqual(run, (string?)(await engine.RunAsync(job))["id"]);
        Assert.Equal(1, gate.Begun);
        Assert.Equal("Canceled", (string?)(await engine.GetAsync($"jobs/{job}/history/{run}"))["status"]);
    }

    [Fact]
    public async Task A_worker_that_will_not_stop_does_not_hold_the_caller()
    {
        await using var engine = await JobSession.StartAsync();
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        engine.Replicate = async (plan, _, _) =>
        {
            reached.SetResult();
            await release.Task.WaitAsync(JobSession.Patience, CancellationToken.None); // deaf to the cancel
            return JobSession.Done(plan, 1, 1);
        };
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var run = await engine.ExecuteAsync(job);
        await reached.Task.WaitAsync(JobSession.Patience, JobSession.Ct);
        var answer = await engine.PostAsync($"jobs/{job}/cancel");
        Assert.Equal("In progress", (string?)answer["status"]);
        Assert.Null(answer["finished_at"]);
        release.SetResult();
        var end = await engine.EndOfAsync(job, run);
        Assert.Equal("Canceled", (string?)end["status"]);
        Assert.Equal(["Successful", "Canceled"], end["tasks"]!.AsArray().Select(task => (string)task!["status"]!));
    }

    [Fact]
    public async Task Two_windows_that_cancel_at_once_end_one_run_once()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: "a");
        await engine.ExecuteAsync(job);
        await gate.ReachedAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => engine.SendAsync(HttpMethod.Post, $"jobs/{job}/cancel", "{}")));
        Assert.Contains(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.Refused(400, "not_running"));
        Assert.Equal("Canceled", (string?)(await engine.GetAsync($"jobs/{job}/status"))["status"]);
        var log = (await engine.GetAsync($"jobs/{job}/history/{answers.First(a => a.Status == 200).Id}/log"))["lines"]!.AsArray();
        Assert.Single(log, line => ((string)line!["text"]!).StartsWith("Run ended", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Executes_and_cancels_at_once_leave_no_run_open_and_none_doubled()
    {
        await using var engine = await JobSession.StartAsync();
        var now = 0;
        var most = 0;
        engine.Replicate = async (plan, _, ct) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            try
            {
                await Task.Delay(5, ct);
            }
            finally
            {
                Interlocked.Decrement(ref now);
            }

            return JobSession.Done(plan, 1, 1);
        };
        var job = await engine.JobAsync(tables: "a");
        for (var round = 0; round < 8; round++)
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => engine.SendAsync(HttpMethod.Post, $"jobs/{job}/{(i % 3 == 2 ? "cancel" : "execute")}", "{}")));
        await engine.UntilAsync($"jobs/{job}/status", run => run["finished_at"] is not null);
        await engine.RunAsync(job);
        var history = await engine.GetAsync($"jobs/{job}/history?limit=200");
        Assert.All(history["value"]!.AsArray(), run => Assert.Contains((string)run!["status"]!, (string[])[RunStatus.Successful, RunStatus.Canceled]));
        Assert.Equal(1, most);
    }
}
