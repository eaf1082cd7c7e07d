using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>
/// Starts runs: a row first, then the scheduler, so that what was answered is on disk before it happens. After a crash rows without an end are
/// started again; a row that is started twice is worked once.
/// </summary>
internal sealed class Dispatch : IAsyncDisposable
{
    private const string Held =
        "This data directory was made elsewhere: its schedules and waiting runs stay still until the operator takes it over (syncmcp baseline, in a terminal) and the engine starts anew.";

    // A client gives a cancel 10 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim arming = new(1, 1);
    private readonly EngineStore store;
    private readonly EngineOptions options;
    private readonly RunKinds kinds;
    private readonly Runner runner;
    private readonly Scheduler scheduler;
    private Task recovery = Task.CompletedTask;

    public Dispatch(EngineStore store, RunKinds kinds, EngineOptions options)
    {
        (this.store, this.kinds, this.options) = (store, kinds, options);
        Starts = new(kinds, options.Time);
        runner = new(store, kinds, Starts, StartAsync, options.Time, options.Log);
        scheduler = new(Path.Combine(options.DataDirectory, "quartz.db"), options.Time, FiredAsync, SchedulesAsync, options.Log);
    }

    /// <summary>Asks, before anybody can call, whether what is here may run by itself; else ends what waits.</summary>
    public async Task DecideAsync(string token, CancellationToken ct)
    {
        var (runs, scheduled) = await WaitingAsync(ct);
        if (options.MayRunByItself(new(token, runs.Count > 0 || scheduled)))
            return;
        options.Log?.Invoke(WhyHeld = Held);
        foreach (var run in runs)
            await EndAsync(run with { Status = RunStatus.Canceled, Details = Held });
    }

    /// <summary>
    /// Goes on in the background with what a former process left: unfinished runs, and schedules. True where there is something, so that this engine
    /// has work to do though nobody asks it.
    /// </summary>
    public async Task<bool> RecoverAsync(CancellationToken ct)
    {
        var (runs, scheduled) = await WaitingAsync(ct);
        if (WhyHeld is not null || (runs.Count == 0 && !scheduled))
            return false;
        recovery = Task.Run(() => RecoverAsync(runs), CancellationToken.None);
        return true;
    }

    /// <summary>The run as this process works on it; null where it does not.</summary>
    public LiveRun? Live(string runId) => runner.Find(runId);

    /// <summary>The things of one kind.</summary>
    public RunKind Kind(string name) => kinds[name];

    /// <summary>What starts after a good run of something.</summary>
    public IEnumerable<Triggered> After(StoreSession session, RunOwner owner) => kinds.After(session, owner);

    /// <summary>Works a run on behalf of the run that waits for it, or waits where another works it already.</summary>
    /// <returns>The run, ended.</returns>
    /// <exception cref="OperationCanceledException">The waiting run was canceled, or the engine stops: the next start goes on with both.</exception>
    public Task<RunRow> WorkChildAsync(string runId, CancellationToken ct) => runner.WorkChildAsync(runId, ct);

    /// <summary>Why nothing runs by itself here; null where it may.</summary>
    public string? WhyHeld { get; private set; }

    /// <summary>Stores the rows with which runs begin.</summary>
    public RunStarts Starts { get; }

    /// <summary>Lets a worker take a stored run.</summary>
    public async Task StartAsync(RunRow run)
    {
        try
        {
            await scheduler.TriggerAsync(run.Owner, run.Id, CancellationToken.None);
        }
        catch (Exception) when (stopping.IsCancellationRequested)
        {
            // the next start takes it up
        }
        catch (Exception e)
        {
            await EndAsync(run with { Status = RunStatus.Error, Details = $"The scheduler failed: {e.Message}" });
            throw;
        }
    }

    /// <summary>Stops the owner's unfinished run and waits, for a while, until its worker has let go.</summary>
    /// <param name="owner">What runs.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="check">Throws where the caller saw another state of it; called in the transaction.</param>
    /// <param name="ct">Ends the waiting, not the cancellation.</param>
    /// <returns>Id of the run; null where none was unfinished.</returns>
    public async Task<string?> CancelAsync(RunOwner owner, string by, Action<StoreSession> check, CancellationToken ct)
    {
        var (run, children) = await store.WriteAsync<(RunRow? Run, IReadOnlyList<RunRow> Children)>(
            session =>
            {
                check(session);
                if (RunTable.Unfinished(session, owner) is not { } unfinished)
                    return (null, []);
                var below = RunTable.UnfinishedChildren(session, unfinished.Id);
                foreach (var one in below.Prepend(unfinished))
                    RunTable.RequestCancel(session, one.Id, by);
                return (unfinished, below);
            },
            ct);
        if (run is null)
            return null;
        // Those below first: else they would take the stop of what waits for them for that of the engine. A worker that takes one from here on
        // sees the request; one that had taken it before is found here.
        List<RunRow> all = [.. children, run];
        var live = all.Select(one => runner.Find(one.Id)).OfType<LiveRun>().ToList();
        live.ForEach(one => one.Cancel());
        try
        {
            await Task.WhenAll(live.Select(one => one.Ended)).WaitAsync(Patience, options.Time, ct);
        }
        catch (TimeoutException)
        {
            return run.Id; // it stops at the next chunk border; the caller sees that it has not yet
        }

        foreach (var one in all)
            await EndAsync(one with { Status = RunStatus.Canceled, Details = $"Canceled by {by} before it began." });
        return run.Id;
    }

    /// <summary>Makes the owner's trigger equal to its schedule as it is stored now: of two changes at once the later one holds.</summary>
    public async Task ScheduleAsync(RunOwner owner)
    {
        if (WhyHeld is not null)
            return; // a schedule that is stored here need not be one that anybody approved
        await arming.WaitAsync();
        try
        {
            if (await store.ReadAsync(session => kinds.Find(session, owner), CancellationToken.None) is { } thing)
                await scheduler.SetAsync(owner, CronOf(thing), CancellationToken.None);
            else
                await scheduler.RemoveAsync(owner, CancellationToken.None);
        }
        finally
        {
            arming.Release();
        }
    }

    /// <summary>Forgets the triggers of something that is gone.</summary>
    public Task ForgetAsync(RunOwner owner) => ScheduleAsync(owner);

    /// <summary>Stops runs at a chunk border; the next start goes on with them.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await recovery;
        await scheduler.DisposeAsync();
        runner.Dispose();
        stopping.Dispose();
        arming.Dispose();
    }

    private Task<(IReadOnlyList<RunRow> Runs, bool Scheduled)> WaitingAsync(CancellationToken ct) => store.ReadAsync(
        session => (RunTable.Unfinished(session), kinds.All(session).Any(thing => thing.Cron is not null)), ct);

    private async Task RecoverAsync(IReadOnlyList<RunRow> runs)
    {
        try
        {
            await scheduler.StartAsync(stopping.Token);
            // A run that another waits for is taken up by that one.
            var waiting = runs.Select(run => run.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var run in runs.Where(run => run.ParentRunId is null || !waiting.Contains(run.ParentRunId)))
            {
                stopping.Token.ThrowIfCancellationRequested();
                await StartAsync(run);
            }
        }
        catch (OperationCanceledException)
        {
            // the next start does it
        }
        catch (Exception e)
        {
            options.Log?.Invoke($"interrupted runs and schedules could not be taken up: {e}");
        }
    }

    private Task FiredAsync(RunOwner owner, string? runId, CancellationToken ct) =>
        runId is not null ? runner.WorkAsync(runId, stopping.Token) : DueAsync(owner);

    /// <summary>A schedule came due: run it, or say in its history why not.</summary>
    private async Task DueAsync(RunOwner owner)
    {
        if (WhyHeld is not null)
            return; // the scheduler's own file came with the directory
        var run = await store.WriteAsync(
            session => kinds.Find(session, owner) is { Cron: not null } thing ? Starts.InsertDue(session, thing, "schedule", "It came due") : null,
            CancellationToken.None);
        if (run is not null)
            await runner.WorkAsync(run.Id, stopping.Token);
    }

    private Task<IReadOnlyDictionary<RunOwner, Cron>> SchedulesAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyDictionary<RunOwner, Cron>>(
        session =>
        {
            var schedules = new Dictionary<RunOwner, Cron>();
            foreach (var thing in WhyHeld is null ? kinds.All(session) : [])
            {
                try
                {
                    if (CronOf(thing) is { } cron)
                        schedules.Add(thing.Owner, cron);
                }
                catch (FormatException e)
                {
                    options.Log?.Invoke($"schedule of {thing.Owner}: {e.Message}");
                }
            }

            return schedules;
        },
        ct);

    private Cron? CronOf(IRunnable thing) => thing.Cron is { } text ? Cron.Parse(text, options.TimeZone, options.Time.GetUtcNow()) : null;

    /// <summary>Ends a run that no worker has, unless it has ended.</summary>
    private Task EndAsync(RunRow run) => store.WriteAsync(
        session =>
        {
            var now = options.Time.GetUtcNow();
            if (RunTable.Finish(session, run with { FinishedAt = now }))
                TaskRunTable.FinishOpen(session, run.Id, run.Status, run.Details!, now);
        },
        CancellationToken.None);
}
