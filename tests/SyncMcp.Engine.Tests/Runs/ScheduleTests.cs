using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class ScheduleTests
{
    private const string EverySecond = """{"schedule":{"enabled":true,"cron":"* * * * * *"}}""";

    [Fact]
    public async Task A_schedule_that_comes_due_runs_the_job()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await engine.PutAsync($"jobs/{job}", EverySecond);
        var history = await engine.UntilAsync($"jobs/{job}/history?status=Successful", list => (long)list["total"]! >= 2);
        Assert.Equal("schedule", (string?)history["value"]![0]!["triggered_by"]);
    }

    [Fact]
    public async Task A_schedule_follows_the_clock_that_the_engine_is_given()
    {
        var time = new FakeTimeProvider(new(2026, 1, 15, 1, 59, 50, TimeSpan.Zero));
        await using var engine = await JobSession.StartAsync(time);
        var job = await engine.JobAsync(tables: "a");
        await engine.PutAsync($"jobs/{job}", """{"schedule":{"enabled":true,"cron":"0 0 2 * * *"}}""");
        Assert.Equal(0, (long)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
        var history = await engine.UntilAsync($"jobs/{job}/history", list =>
        {
            time.Advance(TimeSpan.FromSeconds(1)); // Quartz sleeps by the same clock
            return (long)list["total"]! > 0 && list["value"]![0]!["finished_at"] is not null;
        });
        Assert.StartsWith("2026-01-15T02:00:0", (string?)history["value"]![0]!["started_at"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_comes_due_during_a_run_is_recorded_as_skipped()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: "a");
        var run = await engine.ExecuteAsync(job);
        await gate.ReachedAsync();
        await engine.PutAsync($"jobs/{job}", EverySecond);
        var skipped = (await engine.UntilAsync($"jobs/{job}/history?status=skipped", list => (long)list["total"]! > 0))["value"]![0]!;
        Assert.Equal("SKIPPED", (string?)skipped["status"]);
        Assert.Contains(run, (string?)skipped["details"], StringComparison.Ordinal);
        Assert.Equal(run, (string?)(await engine.GetAsync($"jobs/{job}/status"))["id"]); // what is at work stays the state of the job
        await engine.PutAsync($"jobs/{job}", """{"schedule":{"enabled":false}}""");
        gate.Open(100);
        await engine.EndOfAsync(job, run);
    }

    [Fact]
    public async Task A_schedule_that_is_disabled_or_whose_job_is_deleted_fires_no_more()
    {
        await using var engine = await JobSession.StartAsync();
        var disabled = await engine.JobAsync("disabled", tables: "a");
        var deleted = await engine.JobAsync("deleted", tables: "a");
        var witness = await engine.JobAsync("witness", tables: "a");
        foreach (var job in (string[])[disabled, deleted])
        {
            await engine.PutAsync($"jobs/{job}", EverySecond);
            await engine.UntilAsync($"jobs/{job}/history?status=Successful", list => (long)list["total"]! > 0);
        }

        await engine.PutAsync($"jobs/{disabled}", """{"schedule":{"enabled":false}}""");
        while ((await engine.SendAsync(HttpMethod.Delete, $"jobs/{deleted}", null)).Status == 400)
            await Task.Delay(20, JobSession.Ct); // a run was at work
        await engine.UntilAsync($"jobs/{disabled}/status", run => run["finished_at"] is not null);
        var before = (long)(await engine.GetAsync($"jobs/{disabled}/history"))["total"]!;
        await engine.PutAsync($"jobs/{witness}", EverySecond);
        await engine.UntilAsync($"jobs/{witness}/history?status=Successful", list => (long)list["total"]! >= 3);
        Assert.Equal(before, (long)(await engine.GetAsync($"jobs/{disabled}/history"))["total"]!);
        Assert.Empty(engine.Log);
    }

    [Fact]
    public async Task Schedules_go_on_after_a_restart_and_are_the_jobs_not_the_files()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await engine.PutAsync($"jobs/{job}", EverySecond);
        await engine.UntilAsync($"jobs/{job}/history?status=Successful", list => (long)list["total"]! > 0);
        await engine.RestartAsync(() => File.Delete(Path.Combine(engine.Folder, "quartz.db")));
        var before = (long)(await engine.GetAsync($"jobs/{job}/history?status=Successful"))["total"]!;
        await engine.UntilAsync($"jobs/{job}/history?status=Successful", list => (long)list["total"]! > before);
    }

    [Fact]
    public async Task A_due_job_that_has_nothing_to_run_says_so_in_its_history()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync();
        await engine.PutAsync($"jobs/{job}", EverySecond);
        var run = (await engine.UntilAsync($"jobs/{job}/history", list => (long)list["total"]! > 0))["value"]![0]!;
        Assert.Equal("Error", (string?)run["status"]);
        Assert.Contains("has no enabled task", (string?)run["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_changes_at_once_leave_the_trigger_that_the_job_shows()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => engine.PutAsync($"jobs/{job}", $$$"""{"schedule":{"enabled":{{{(i % 2 == 0 ? "true" : "false")}}},"cron":"0 0 {{{i}}} 1 1 ?"}}""")));
        await engine.PutAsync($"jobs/{job}", EverySecond);
        await engine.UntilAsync($"jobs/{job}/history", list => (long)list["total"]! > 0);
    }

    [Fact]
    public async Task More_due_jobs_than_are_worked_at_once_wait_for_their_turn_and_all_run()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        List<string> jobs = [];
        for (var i = 0; i < Runner.AtOnce + 4; i++)
            jobs.Add(await engine.JobAsync($"job {i}", tables: "a"));
        await Task.WhenAll(jobs.Select(job => engine.ExecuteAsync(job)));
        for (var i = 0; i < Runner.AtOnce; i++)
            await gate.ReachedAsync();
        Assert.Equal(Runner.AtOnce, gate.Begun);
        List<string> waiting = [];
        foreach (var job in jobs)
        {
            if ((string?)(await engine.GetAsync($"jobs/{job}/status"))["status"] == "Starting")
                waiting.Add(job);
        }

        Assert.Equal(4, waiting.Count);
        var canceled = await engine.PostAsync($"jobs/{waiting[0]}/cancel"); // one that waits can be canceled
        Assert.Equal("Canceled", (string?)canceled["status"]);
        gate.Open(jobs.Count);
        foreach (var job in jobs.Except([waiting[0]]))
            await engine.UntilAsync($"jobs/{job}/status", run => (string?)run["status"] == "Successful");
    }
}
