using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class RunnerTests
{
    [Fact]
    public async Task A_row_that_is_triggered_often_is_worked_once()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        var gate = new Gate();
        using var runner = Make(engine, gate);
        gate.Open(100);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => runner.WorkAsync(run, CancellationToken.None), JobSession.Ct)));
        await runner.WorkAsync(run, CancellationToken.None); // a trigger that comes late finds it ended
        Assert.Equal(1, gate.Begun);
        Assert.Equal("Successful", (string?)(await engine.GetAsync($"jobs/{job}/history/{run}"))["status"]);
        Assert.Equal(3, (long)(await engine.GetAsync($"jobs/{job}/history/{run}/log"))["total"]!); // begun, its task, ended: each once
    }

    [Fact]
    public async Task A_connection_that_is_gone_ends_the_run_with_an_error()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        using var runner = Make(engine, JobRuns.Kind(engine.Store, Unstarted.Doors((_, id) => id == engine.SourceId ? Any() : null, (_, _) => Task.FromResult<string?>(null), new())), null);
        await runner.WorkAsync(run, CancellationToken.None);
        Assert.Equal("The destination connection of the job is gone.", (string?)(await engine.GetAsync($"jobs/{job}/history/{run}"))["details"]);
    }

    [Fact]
    public async Task What_no_door_should_throw_ends_the_run_too_and_is_logged()
    {
        await using var engine = await JobSession.StartAsync();
        var log = new List<string>();
        var job = await engine.JobAsync(tables: "a");
        var run = await Unstarted.InsertAsync(engine, job);
        using var runner = Make(engine, JobRuns.Kind(engine.Store, Unstarted.Doors((_, _) => Any(), (_, _) => throw new InvalidOperationException("broken"), new())), log.Add);
        await runner.WorkAsync(run, CancellationToken.None);
        var end = await engine.GetAsync($"jobs/{job}/history/{run}");
        Assert.Equal("Error", (string?)end["status"]);
        Assert.Equal("The engine failed: broken", (string?)end["details"]);
        Assert.Contains("broken", Assert.Single(log), StringComparison.Ordinal);
    }

    private static Runner Make(JobSession engine, Gate gate) => Make(engine, JobRuns.Kind(engine.Store, Unstarted.Doors((_, _) => Any(), (_, _) => Task.FromResult<string?>(null), gate)), null);

    private static Runner Make(JobSession engine, RunKind jobs, Action<string>? log)
    {
        var kinds = new RunKinds(jobs);
        return new(engine.Store, kinds, new(kinds, TimeProvider.System), _ => Task.CompletedTask, TimeProvider.System, log);
    }

    private static ResolvedConnection Any() => new("SQLite", new Dictionary<string, string>(), new FileRoots("/nowhere", () => []));
}
