using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>
/// Starts runs: a row first, then the scheduler, so that what was answered is on disk before it happens. After a crash rows without an end are
/// started again; a row that is started twice is worked once.
/// </summary>
internal sealed class Dispatch : IAsyncDisposable
{
    // A client gives a cancel 10 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim arming = new(1, 1);
    private readonly EngineStore store;
    private readonly EngineOptions options;
    private readonly Runner runner;
    private readonly Scheduler scheduler;
    private Task recovery = Task.CompletedTask;

    public Dispatch(EngineStore store, RunDoors doors, EngineOptions options)
    {
        (this.store, this.options) = (store, options);
        runner = new(store, doors, options.Time, options.Log);
        scheduler = new(Path.Combine(options.DataDirectory, "quartz.db"), options.Time, FiredAsync, SchedulesAsync, options.Log);
    }

    /// <summary>
    /// Goes on in the background with what a former process left: unfinished runs, and schedules. True where there is something, so that this engine
    /// has work to do though nobody asks it.
    /// </summary>
    public async Task<bool> RecoverAsync(CancellationToken ct)
    {
        var (runs, scheduled) = await store.ReadAsync(
            session => (RunTable.Unfinished(session), JobTable.All(session).Any(job => job.Scheduled)), ct);
        if (runs.Count == 0 && !scheduled)
            return false;
        recovery = Task.Run(() => RecoverAsync(runs), CancellationToken.None);
        return true;
    }

    /// <summary>The run as this process works on it; null where it does not.</summary>
    public LiveRun? Live(string runId) => runner.Find(runId);

    /// <summary>Stores a new run of the chosen tasks.</summary>
    /// <exception cref="ApiException">400 where the job has an unfinished run.</exception>
    public RunRow Insert(StoreSession session, JobRow job, IReadOnlyList<JobTask> tasks, bool fullRefresh, string triggeredBy)
    {
        var run = new RunRow
        {
            Id = NewId(),
            JobId = job.Id,
            Status = RunStatus.Starting,
            FullRefresh = fullRefresh,
            TriggeredBy = triggeredBy,
            StartedWith = runner.StateOf(session, job),
            StartedAt = options.Time.GetUtcNow(),
        };
        try
        {
            RunTable.Insert(session, run);
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE)
        {
            var other = RunTable.Unfinished(session, job.Id);
            throw new ApiException(400, "already_running", $"Job {job.Name} is already running (run {other?.Id}). Wait for its end, or cancel it.", e);
        }

        for (var i = 0; i < tasks.Count; i++)
        {
            TaskRunTable.Insert(session, new()
            {
                Id = NewId(),
                RunId = run.Id,
                JobId = job.Id,
                TaskId = tasks[i].Id,
                TaskName = tasks[i].Name ?? tasks[i].Id,
                Position = i + 1,
                Status = RunStatus.Starting,
            });
        }

        return run;
    }

    /// <summary>Lets a worker take a stored run.</summary>
    public async Task StartAsync(RunRow run)
    {
        try
        {
            await scheduler.TriggerAsync(run.JobId, run.Id, CancellationToken.None);
        }
        catch (Exception e)
        {
            await EndAsync(run with { Status = RunStatus.Error, Details = $"The scheduler failed: {e.Message}" });
            throw;
        }
    }

    /// <summary>Stops the job's unfinished run and waits, for a while, until its worker has let go.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="by">Who wants it.</param>
    /// <param name="check">Throws where the caller saw another state of the job; called in the transaction.</param>
    /// <param name="ct">Ends the waiting, not the cancellation.</param>
    /// <returns>Id of the run; null where none was unfinished.</returns>
    public async Task<string?> CancelAsync(string jobId, string by, Action<StoreSession> check, CancellationToken ct)
    {
        var run = await store.WriteAsync(
            session =>
            {
                check(session);
                var unfinished = RunTable.Unfinished(session, jobId);
                if (unfinished is not null)
                    RunTable.RequestCancel(session, unfinished.Id, by);
                return unfinished;
            },
            ct);
        if (run is null)
            return null;

        // A worker that takes the run from here on sees the request; one that had taken it before is found here.
        if (runner.Find(run.Id) is { } live)
        {
            live.Cancel();
            try
            {
                await live.Ended.WaitAsync(Patience, options.Time, ct);
            }
            catch (TimeoutException)
            {
                return run.Id; // it stops at the next chunk border; the caller sees that it has not yet
            }
        }

        await EndAsync(run with { Status = RunStatus.Canceled, Details = $"Canceled by {by} before it began." });
        return run.Id;
    }

    /// <summary>Makes the trigger of a job equal to its schedule as it is stored now: of two changes at once the later one holds.</summary>
    public async Task ScheduleAsync(string jobId)
    {
        await arming.WaitAsync();
        try
        {
            if (await store.ReadAsync(session => JobTable.Find(session, jobId), CancellationToken.None) is { } job)
                await scheduler.SetAsync(jobId, CronOf(job), CancellationToken.None);
            else
                await scheduler.RemoveAsync(jobId, CancellationToken.None);
        }
        finally
        {
            arming.Release();
        }
    }

    /// <summary>Forgets the triggers of a job that is gone.</summary>
    public Task ForgetAsync(string jobId) => ScheduleAsync(jobId);

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

    private static string NewId() => Guid.CreateVersion7().ToString();

    private async Task RecoverAsync(IReadOnlyList<RunRow> runs)
    {
        try
        {
            await scheduler.StartAsync(stopping.Token);
            foreach (var run in runs)
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

    private Task FiredAsync(string jobId, string? runId, CancellationToken ct) =>
        runId is not null ? runner.WorkAsync(runId, stopping.Token) : DueAsync(jobId);

    /// <summary>A schedule came due: run it, or say in its history why not.</summary>
    private async Task DueAsync(string jobId)
    {
        var run = await store.WriteAsync(
            session =>
            {
                if (JobTable.Find(session, jobId) is not { Scheduled: true } job)
                    return null;
                var now = options.Time.GetUtcNow();
                var without = new RunRow { Id = NewId(), JobId = jobId, Status = RunStatus.Skipped, TriggeredBy = "schedule", StartedAt = now, FinishedAt = now };
                if (RunTable.Unfinished(session, jobId) is { } other)
                {
                    RunTable.Insert(session, without with { Details = $"It came due while run {other.Id} went on." });
                    return null;
                }

                try
                {
                    return Insert(session, job, TaskChoice.Of(session, job, null), fullRefresh: false, "schedule");
                }
                catch (ApiException e)
                {
                    RunTable.Insert(session, without with { Status = RunStatus.Error, Details = e.Message });
                    return null;
                }
            },
            CancellationToken.None);
        if (run is not null)
            await runner.WorkAsync(run.Id, stopping.Token);
    }

    private Task<IReadOnlyDictionary<string, Cron>> SchedulesAsync(CancellationToken ct) => store.ReadAsync<IReadOnlyDictionary<string, Cron>>(
        session =>
        {
            var schedules = new Dictionary<string, Cron>(StringComparer.Ordinal);
            foreach (var job in JobTable.All(session))
            {
                try
                {
                    if (CronOf(job) is { } cron)
                        schedules.Add(job.Id, cron);
                }
                catch (FormatException e)
                {
                    options.Log?.Invoke($"schedule of job {job.Id}: {e.Message}");
                }
            }

            return schedules;
        },
        ct);

    private Cron? CronOf(JobRow job) => job.Scheduled ? Cron.Parse(job.Definition.Schedule!.Cron!, options.TimeZone, options.Time.GetUtcNow()) : null;

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
