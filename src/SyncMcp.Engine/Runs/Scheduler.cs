using Microsoft.Data.Sqlite;
using Quartz;
using Quartz.Extensibility;

namespace SyncMcp.Engine.Runs;

/// <summary>What the scheduler calls when something is due (<c>runId</c> null) or a run row is to be worked (<c>runId</c> set).</summary>
internal delegate Task Fired(RunOwner owner, string? runId, CancellationToken ct);

/// <summary>The schedules as their owners say them.</summary>
internal delegate Task<IReadOnlyDictionary<RunOwner, Cron>> Schedules(CancellationToken ct);

/// <summary>
/// Quartz on its own SQLite file, built at the first need: an engine without schedules and runs never pays for it. The owners' schedules are the truth, the
/// triggers here are derived from them; what this file holds may be lost without loss.
/// </summary>
internal sealed class Scheduler(string file, TimeProvider time, Fired fired, Schedules schedules, Action<string>? log) : IAsyncDisposable
{
    private const string RunId = "run_id";
    private const string ScheduleGroup = "schedules";

    // Far above the runs that are worked at once (Runner): one that waits has its row at least, where a trigger that waits would be forgotten.
    private const int Firings = 500;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim building = new(1, 1);
    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = file, Pooling = true }.ToString();
    private IScheduler? started;
    private bool disposed;

    /// <summary>Builds and starts Quartz where that has not happened yet.</summary>
    public async ValueTask<IScheduler> StartAsync(CancellationToken ct)
    {
        if (started is { } ready)
            return ready;
        await building.WaitAsync(ct);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            return started ??= await BuildAsync(ct);
        }
        finally
        {
            building.Release();
        }
    }

    /// <summary>Lets a worker take a run row now.</summary>
    public async Task TriggerAsync(RunOwner owner, string runId, CancellationToken ct)
    {
        var quartz = await StartAsync(ct);
        await quartz.AddJob(Detail(owner), AddJobOptions.Replacing, ct);
        await quartz.TriggerJob(Key(owner), new JobDataMap { [RunId] = runId }, ct);
    }

    /// <summary>Makes the owner's trigger equal to its schedule; null removes it.</summary>
    public async Task SetAsync(RunOwner owner, Cron? cron, CancellationToken ct)
    {
        // Nothing is stored by a scheduler that never started, so there is nothing to remove.
        if (cron is null && started is null && !File.Exists(file))
            return;
        await SetAsync(await StartAsync(ct), owner, cron, ct);
    }

    /// <summary>Forgets an owner.</summary>
    public async Task RemoveAsync(RunOwner owner, CancellationToken ct)
    {
        if (started is null && !File.Exists(file))
            return;
        var quartz = await StartAsync(ct);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await quartz.DeleteJob(Key(owner), ct);
                return;
            }
            catch (SchedulerException) when (tries < 5)
            {
                // A run that has just ended takes its own trigger away between Quartz's look at it and its removal.
            }
        }
    }

    /// <summary>Ends firing; work in progress is told to stop and waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await building.WaitAsync();
        try
        {
            disposed = true;
            if (started is { } quartz)
                await quartz.Shutdown(waitForJobsToComplete: true);
            started = null;
            CloseFile();
        }
        finally
        {
            building.Release();
        }
    }

    // A group of Quartz for each kind: jobs, transformations, pipelines.
    private static JobKey Key(RunOwner owner) => new(owner.Id, owner.Kind + "s");

    private static RunOwner OwnerOf(JobKey key) => new(key.Group[..^1], key.Name);

    private static TriggerKey ScheduleKey(RunOwner owner) => new(owner.Id, ScheduleGroup);

    private static IJobDetail Detail(RunOwner owner) => JobBuilder.Create<FiredJob>().WithIdentity(Key(owner)).StoreDurably().Build();

    private ITrigger Trigger(RunOwner owner, Cron cron) => TriggerBuilder.Create(time)
        .WithIdentity(ScheduleKey(owner))
        .ForJob(Key(owner))
        .WithSchedule(CronScheduleBuilder.Create(cron.Expression).InTimeZone(cron.Expression.TimeZone).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing))
        .Build();

    private async Task<IScheduler> BuildAsync(CancellationToken ct)
    {
        try
        {
            return await BuildOnFileAsync(ct);
        }
        catch (Exception e) when (IsDamaged(e))
        {
            // All in it is derived: made anew from the schedules and the unfinished runs.
            log?.Invoke($"{file} is damaged and made anew: {e.Message}");
            CloseFile();
            foreach (var part in (string[])["", "-wal", "-shm", "-journal"])
                File.Delete(file + part);
            return await BuildOnFileAsync(ct);
        }
    }

    // 11 and 26: https://www.sqlite.org/rescode.html (SQLITE_CORRUPT, SQLITE_NOTADB)
    private static bool IsDamaged(Exception? e) => e is not null && (e is SqliteException { SqliteErrorCode: 11 or 26 } || IsDamaged(e.InnerException));

    private void CloseFile()
    {
        using var pooled = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private async Task<IScheduler> BuildOnFileAsync(CancellationToken ct)
    {
        var quartz = await QuartzSchedulerBuilder.Create(builder => builder
            .UseTimeProvider(time)
            .UseDefaultThreadPool(Firings)
            .UseJobFactory(new FiredJobFactory(fired, log))
            // By its name it stands in the file; a native program finds no type by a name that nobody registered, and puts its triggers aside for good.
            .AddJobType(_ => new FiredJob(fired, log))
            .UsePersistentStore(store => store
                .UseSqlite(SqliteFactory.Instance, connectionString)
                .ProvisionSchema()
                .ConfigureStore(options =>
                {
                    options.StoreJobDataAsStrings = true;
                    options.MisfireThreshold = Late;
                })))
            .BuildScheduler(ct);
        // Before it fires anything: what the file holds may be older than the schedules.
        await ReconcileAsync(quartz, await schedules(ct), ct);
        await quartz.Start(ct);
        return quartz;
    }

    private async Task ReconcileAsync(IScheduler quartz, IReadOnlyDictionary<RunOwner, Cron> wanted, CancellationToken ct)
    {
        foreach (var known in await quartz.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(ScheduleGroup), ct))
        {
            if (await quartz.GetTrigger(known, ct) is { } trigger && !wanted.ContainsKey(OwnerOf(trigger.JobKey)))
                await quartz.UnscheduleJob(known, ct);
        }

        foreach (var (owner, cron) in wanted)
        {
            var same = await quartz.GetTriggerState(ScheduleKey(owner), ct) != TriggerState.Error && await quartz.GetTrigger(ScheduleKey(owner), ct) is ICronTrigger trigger
                && trigger.CronExpressionString == cron.Expression.CronExpressionString && trigger.TimeZone.Equals(cron.Expression.TimeZone);
            if (!same)
                await SetAsync(quartz, owner, cron, ct);
        }
    }

    private async Task SetAsync(IScheduler quartz, RunOwner owner, Cron? cron, CancellationToken ct)
    {
        if (cron is null)
            await quartz.UnscheduleJob(ScheduleKey(owner), ct);
        else
            await quartz.ScheduleJob(Detail(owner), [Trigger(owner, cron)], ScheduleJobOptions.Replacing, ct);
    }

    /// <summary>The one job type that Quartz knows; each thing of ours that runs is one durable Quartz job of it.</summary>
    private sealed class FiredJob(Fired fired, Action<string>? log) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var owner = OwnerOf(context.JobDetail.Key);
            var runId = context.MergedJobDataMap.TryGetValue(RunId, out var value) ? value as string : null;
            try
            {
                await fired(owner, runId, cancellationToken);
            }
            catch (Exception e)
            {
                // Quartz would count this as a failure of the trigger; a run's own failures are in its row.
                log?.Invoke($"run {runId ?? "(scheduled)"} of {owner}: {e.Message}");
            }
        }
    }

    private sealed class FiredJobFactory(Fired fired, Action<string>? log) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            new(new JobScope(new FiredJob(fired, log), null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
