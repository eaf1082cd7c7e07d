using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_run_whose_trigger_was_lost_in_a_crash_is_worked_at_the_next_start()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        await engine.RestartAsync();
        Assert.Equal("Successful", (string?)(await engine.EndOfAsync(job, run))["status"]);
    }

    [Fact]
    public async Task A_run_that_a_dead_process_had_is_resumed_and_says_so()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job, claimedBy: "a process that was killed");
        await engine.Store.WriteAsync(session => SyncMcp.Engine.Runs.RunLogTable.Append(session, run, new(1, DateTimeOffset.UnixEpoch, "Info", "begun")), JobSession.Ct);
        await engine.RestartAsync();
        var end = await engine.EndOfAsync(job, run);
        Assert.Equal("Completed; it was interrupted and resumed.", (string?)end["details"]);
        var lines = (await engine.GetAsync($"jobs/{job}/history/{run}/log"))["lines"]!.AsArray();
        Assert.Equal("Run resumed after an interruption.", (string?)lines[1]!["text"]);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => (int)line!["line"]!));
    }

    [Fact]
    public async Task A_stop_gives_the_run_back_at_a_chunk_border_and_the_next_start_goes_on_with_what_is_not_done()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: ["a", "b", "c"]);
        var run = await engine.ExecuteAsync(job);
        gate.Open();
        await gate.ReachedAsync();
        Assert.Equal("b", (await gate.ReachedAsync()).Table);
        gate.Open(2);
        await engine.RestartAsync();
        var end = await engine.EndOfAsync(job, run);
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.All(end["tasks"]!.AsArray(), task => Assert.Equal("Successful", (string?)task!["status"]));
        Assert.InRange(gate.Begun, 3, 4); // a once, b once more where the stop met it, c once
        Assert.Equal(1, (long)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
    }

    [Fact]
    public async Task A_stop_does_not_cancel()
    {
        await using var engine = await JobSession.StartAsync();
        var gate = new Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: "a");
        var run = await engine.ExecuteAsync(job);
        await gate.ReachedAsync();
        await engine.RestartAsync();
        await gate.ReachedAsync();
        Assert.Null((await engine.GetAsync($"jobs/{job}/history/{run}"))["finished_at"]);
        Assert.StartsWith("400 already_running", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        gate.Open();
        Assert.Equal("Successful", (string?)(await engine.EndOfAsync(job, run))["status"]);
        Assert.Equal(2, gate.Begun);
    }

    [Fact]
    public async Task A_cancel_that_a_crash_cut_short_holds_after_it()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        await engine.Store.WriteAsync(session => SyncMcp.Engine.Runs.RunTable.RequestCancel(session, run, "ann"), JobSession.Ct);
        await engine.RestartAsync();
        Assert.Equal("Canceled by ann. Rows already written stay.", (string?)(await engine.EndOfAsync(job, run))["details"]);
    }

    [Theory]
    [InlineData("task")]
    [InlineData("settings")]
    [InlineData("source")]
    [InlineData("destination")]
    public async Task A_run_never_goes_on_with_anything_but_what_it_was_started_with(string changed)
    {
        // Otherwise whoever may draft could change what somebody else's run writes, by waiting for an interruption.
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var run = await Unstarted.InsertAsync(engine, job);
        var task = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        await engine.PutAsync(
            changed switch
            {
                "task" => $"jobs/{job}/tasks/{task}",
                "settings" => $"jobs/{job}",
                _ => $"connections/{(changed == "source" ? engine.SourceId : engine.DestinationId)}",
            },
            changed switch
            {
                "task" => """{"query":"REPLICATE [a] SELECT [id] FROM [a] WHERE 1 = 0"}""",
                "settings" => """{"settings":{"drop_table":true}}""",
                _ => """{"properties":{"Data Source":"elsewhere.db"}}""",
            });
        var begun = 0;
        engine.Replicate = (plan, _, _) =>
        {
            Interlocked.Increment(ref begun);
            return Task.FromResult(JobSession.Done(plan, 1, 1));
        };
        await engine.RestartAsync();
        var end = await engine.EndOfAsync(job, run);
        Assert.Equal("Error", (string?)end["status"]);
        Assert.Contains("was changed after this run was started", (string?)end["details"], StringComparison.Ordinal);
        Assert.Equal(0, begun);
        Assert.Equal("Successful", (string?)(await engine.RunAsync(job))["status"]);
    }

    [Fact]
    public async Task An_end_that_the_store_cannot_take_is_stored_when_it_can()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await engine.Store.WriteAsync(
            session => session.Execute("CREATE TRIGGER full BEFORE UPDATE ON run WHEN NEW.finished_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"),
            JobSession.Ct);
        var run = await engine.ExecuteAsync(job);
        using (var patience = new CancellationTokenSource(JobSession.Patience))
        {
            while (!engine.Log.Any(line => line.Contains("cannot be stored yet", StringComparison.Ordinal)))
                await Task.Delay(20, patience.Token);
        }

        Assert.StartsWith("400 already_running", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        await engine.Store.WriteAsync(session => session.Execute("DROP TRIGGER full"), JobSession.Ct);
        Assert.Equal("Successful", (string?)(await engine.EndOfAsync(job, run))["status"]);
    }

    [Fact]
    public async Task The_schedulers_file_may_be_lost_or_damaged_without_loss()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await engine.RunAsync(job);
        var run = await Unstarted.InsertAsync(engine, job);
        await engine.RestartAsync(() =>
        {
            foreach (var file in Directory.GetFiles(engine.Folder, "quartz.db*"))
                File.Delete(file);
        });
        Assert.Equal("Successful", (string?)(await engine.EndOfAsync(job, run))["status"]);
        await engine.RestartAsync(() =>
        {
            foreach (var file in Directory.GetFiles(engine.Folder, "quartz.db*"))
                File.WriteAllText(file, "no database at all, but long enough to be read as one: " + new string('x', 4096));
        });
        Assert.Equal("Successful", (string?)(await engine.RunAsync(job))["status"]);
    }
}
