using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class SchedulerTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;
    private readonly Channel<(RunOwner Owner, string? Run)> fired = Channel.CreateUnbounded<(RunOwner, string?)>();

    private readonly Dictionary<RunOwner, Cron> schedules = [];

    private string File => Path.Combine(folder, "quartz.db");

    [Fact]
    public async Task A_run_that_is_triggered_is_worked_with_its_id()
    {
        await using var scheduler = Make();
        await scheduler.TriggerAsync(RunOwner.Job("job"), "run", TestContext.Current.CancellationToken);
        Assert.Equal((RunOwner.Job("job"), "run"), await Next());
    }

    [Fact]
    public async Task A_schedule_that_comes_due_fires_without_a_run_id()
    {
        await using var scheduler = Make();
        await scheduler.SetAsync(RunOwner.Job("job"), EverySecond(), TestContext.Current.CancellationToken);
        Assert.Equal((RunOwner.Job("job"), null), await Next());
    }

    [Fact]
    public async Task Triggers_are_made_equal_to_the_schedules_after_a_restart()
    {
        await using (var before = Make())
            await before.SetAsync(RunOwner.Job("gone"), EverySecond(), TestContext.Current.CancellationToken);
        while (fired.Reader.TryRead(out _))
        {
        }

        schedules[RunOwner.Job("mine")] = EverySecond();
        await using var after = Make();
        await after.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 2; i++)
            Assert.Equal((RunOwner.Job("mine"), null), await Next());
    }

    [Fact]
    public async Task A_scheduler_that_nobody_needed_makes_no_file()
    {
        await using (var scheduler = Make())
            await scheduler.SetAsync(RunOwner.Job("job"), null, TestContext.Current.CancellationToken);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Two_schedulers_of_one_process_do_not_mix()
    {
        await using var one = Make();
        await using var two = new Scheduler(Path.Combine(folder, "other.db"), TimeProvider.System, (_, _, _) => throw new InvalidOperationException("the wrong one"), Wanted, null);
        await two.StartAsync(TestContext.Current.CancellationToken);
        await one.TriggerAsync(RunOwner.Job("job"), "run", TestContext.Current.CancellationToken);
        Assert.Equal((RunOwner.Job("job"), "run"), await Next());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private Scheduler Make() => new(File, TimeProvider.System, async (owner, run, ct) => await fired.Writer.WriteAsync((owner, run), ct), Wanted, null);

    private Task<IReadOnlyDictionary<RunOwner, Cron>> Wanted(CancellationToken ct) => Task.FromResult<IReadOnlyDictionary<RunOwner, Cron>>(schedules);

    private static Cron EverySecond() => Cron.Parse("* * * * * *", TimeZoneInfo.Utc, TimeProvider.System.GetUtcNow());

    private async Task<(RunOwner Owner, string? Run)> Next() => await fired.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
