using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>Works runs from their rows: tests both connections, runs the tasks that are not done, writes the outcome. A run always ends with a state, or stays to be resumed.</summary>
internal sealed class Runner(EngineStore store, RunDoors doors, TimeProvider time, Action<string>? log) : IDisposable
{
    /// <summary>Runs that are worked at once; more wait as Starting.</summary>
    public const int AtOnce = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce);
    private readonly string process = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, LiveRun> live = new(StringComparer.Ordinal);

    /// <summary>The run as this process works on it; null where it does not.</summary>
    public LiveRun? Find(string runId) => live.GetValueOrDefault(runId);

    /// <summary>The job and its connections as they are now.</summary>
    public string StateOf(StoreSession session, JobRow job) =>
        RunRow.StateOf(job, doors.ConnectionVersion(session, job.SourceId), doors.ConnectionVersion(session, job.DestinationId));

    /// <inheritdoc/>
    public void Dispose() => turns.Dispose();

    /// <summary>Works a run unless it has ended or is at work already.</summary>
    public async Task WorkAsync(string runId, CancellationToken stopping)
    {
        using var run = new LiveRun(stopping);
        if (!live.TryAdd(runId, run))
            return;
        try
        {
            try
            {
                await turns.WaitAsync(run.Stop);
            }
            catch (OperationCanceledException)
            {
                return; // canceled: who cancels ends it; stopped: the next start takes it
            }

            try
            {
                await ClaimAndWorkAsync(runId, run, stopping);
            }
            finally
            {
                turns.Release();
            }
        }
        finally
        {
            live.TryRemove(runId, out _);
        }
    }

    private async Task ClaimAndWorkAsync(string runId, LiveRun run, CancellationToken stopping)
    {
        var claimed = await StoreAsync(session => RunTable.Claim(session, runId, process) ? RunTable.Find(session, runId) : null, runId, stopping);
        if (claimed is null)
            return;
        var outcome = await WorkAsync(claimed, run);
        await StoreAsync(session => End(session, runId, outcome), runId, stopping);
    }

    /// <summary>The outcome; null when the engine stops before the run's end.</summary>
    private async Task<RunRow?> WorkAsync(RunRow row, LiveRun live)
    {
        var (job, last) = await store.ReadAsync(session => (JobTable.Get(session, row.JobId), RunLogTable.Last(session, row.Id)), CancellationToken.None);
        RunRow? outcome;
        await using (var writes = new WriteBehind(store, log))
        {
            var journal = new RunJournal(row.Id, last, job.Definition.Settings?.Verbosity, writes, time);
            try
            {
                outcome = await OutcomeAsync(row, job, live, journal, writes, resumed: last > 0 || row.Status != RunStatus.Starting);
            }
            catch (Exception e)
            {
                log?.Invoke($"run {row.Id}: {e}");
                outcome = row with { Status = RunStatus.Error, Details = $"The engine failed: {e.Message}" };
            }

            if (outcome is not null)
                journal.Write(RunStatus.Read(outcome.Status) is RunState.Failed or RunState.Error ? LogLevel.Error : LogLevel.Info, $"Run ended: {outcome.Status}. {outcome.Details}");
            else
                journal.Write(LogLevel.Info, "The engine stops; the next start goes on with this run.");
        }

        return outcome;
    }

    /// <summary>Writes the begin or end of a run, again and again while the store cannot take it: a run that nobody works and that has no end would block its job.</summary>
    private async Task<T> StoreAsync<T>(Func<StoreSession, T> write, string runId, CancellationToken stopping)
    {
        for (var failed = false; ;)
        {
            try
            {
                return await store.WriteAsync(write, CancellationToken.None);
            }
            catch (SqliteException e) when (!stopping.IsCancellationRequested)
            {
                if (!failed)
                    log?.Invoke($"begin or end of run {runId} cannot be stored yet: {e.Message}");
                failed = true;
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    /// <summary>False where the run goes on at the next start.</summary>
    private bool End(StoreSession session, string runId, RunRow? outcome)
    {
        if (outcome is null)
        {
            RunTable.Release(session, runId, process);
            return false;
        }

        var parts = TaskRunTable.Of(session, runId);
        RunTable.Finish(session, outcome with
        {
            FinishedAt = time.GetUtcNow(),
            RowsRead = parts.Sum(part => part.RowsRead),
            RecordsAffected = parts.Sum(part => part.RecordsAffected),
        });
        var (status, details) = RunStatus.Read(outcome.Status) switch
        {
            RunState.Canceled => (RunStatus.Canceled, outcome.Details!),
            RunState.Error => (RunStatus.Error, "Not begun: " + outcome.Details),
            _ => (RunStatus.Skipped, "Not begun: a task before it failed. continue_on_error goes on all the same."),
        };
        TaskRunTable.FinishOpen(session, runId, status, details, time.GetUtcNow());
        return true;
    }

    /// <summary>Null when the engine stops before the run's end.</summary>
    private async Task<RunRow?> OutcomeAsync(RunRow row, JobRow job, LiveRun live, RunJournal journal, WriteBehind writes, bool resumed)
    {
        if (row.CanceledBy is { } by)
            return Canceled(row, by);
        try
        {
            journal.Write(LogLevel.Info, resumed ? "Run resumed after an interruption." : $"Run of {job.Name} started by {row.TriggeredBy}.");
            var (ends, trouble) = await ConnectAsync(row, job, live.Stop);
            if (ends is null)
                return row with { Status = RunStatus.Error, Details = trouble };
            await store.WriteAsync(session => RunTable.SetStatus(session, row.Id, RunStatus.InProgress), CancellationToken.None);
            var parts = await WorkTasksAsync(row, job, ends, live, journal, writes);
            var failed = parts.Where(part => part.State is RunState.Failed).ToList();
            return failed.Count == 0
                ? row with { Status = RunStatus.Successful, Details = resumed ? "Completed; it was interrupted and resumed." : "Completed" }
                : row with { Status = $"{failed.Count} of {parts.Count} Tasks Failed", Details = string.Join("; ", failed.Select(part => $"{part.TaskName}: {part.Details}")) };
        }
        catch (OperationCanceledException) when (live.Stop.IsCancellationRequested)
        {
            if (!live.Canceled)
                return null;
            var now = await store.ReadAsync(session => RunTable.Find(session, row.Id), CancellationToken.None);
            return Canceled(row, now?.CanceledBy);
        }
    }

    private static RunRow Canceled(RunRow row, string? by) => row with { Status = RunStatus.Canceled, Details = $"Canceled by {by}. Rows already written stay." };

    private async Task<((ResolvedConnection Source, ResolvedConnection Destination)? Ends, string? Trouble)> ConnectAsync(RunRow row, JobRow job, CancellationToken ct)
    {
        var (same, source, destination) = await store.WriteAsync(
            session =>
            {
                RunTable.SetStatus(session, row.Id, "Testing");
                return (StateOf(session, job) == row.StartedWith, doors.Resolve(session, job.SourceId), doors.Resolve(session, job.DestinationId));
            },
            CancellationToken.None);
        // Who started the run, or let it start, saw another job: what was changed since then is not theirs.
        if (!same)
            return (null, "The job or one of its connections was changed after this run was started and before it could go on. Rows already written stay. Start the job again.");
        if (source is null || destination is null)
            return (null, $"The {(source is null ? "source" : "destination")} connection of the job is gone.");
        if (await doors.Test(source, ct) is { } sourceTrouble)
            return (null, $"Source connection: {sourceTrouble}");
        return await doors.Test(destination, ct) is { } destinationTrouble ? (null, $"Destination connection: {destinationTrouble}") : ((source, destination), null);
    }

    private async Task<IReadOnlyList<TaskRunRow>> WorkTasksAsync(
        RunRow row, JobRow job, (ResolvedConnection Source, ResolvedConnection Destination)? ends, LiveRun live, RunJournal journal, WriteBehind writes)
    {
        var settings = job.Definition.Settings ?? new();
        var parts = await store.ReadAsync(session => TaskRunTable.Of(session, row.Id), CancellationToken.None);
        var failed = parts.Any(part => part.State is RunState.Failed);
        var work = new ParallelOptions
        {
            CancellationToken = live.Stop,
            MaxDegreeOfParallelism = settings.EnableParallelProcessing is true ? settings.WorkerPool ?? Environment.ProcessorCount : 1,
        };
        await Parallel.ForEachAsync(parts.Where(part => part.FinishedAt is null), work, async (part, _) =>
        {
            if (Volatile.Read(ref failed) && settings.ContinueOnError is not true)
                return;
            var task = job.Tasks.First(task => task.Id == part.TaskId); // the job is as it was when the run was started
            var plan = new TaskPlan
            {
                JobId = job.Id,
                TaskId = task.Id,
                RunId = row.Id,
                Source = ends!.Value.Source,
                Destination = ends.Value.Destination,
                Table = task.Table,
                Query = task.Query,
                CheckColumn = task.IncrementalCheckColumn,
                Settings = settings,
                FullRefresh = row.FullRefresh,
                Time = time,
                AdoptedTables = job.Adopted.ToHashSet(StringComparer.OrdinalIgnoreCase),
            };
            if (!await WorkTaskAsync(part, plan, live, journal, writes))
                Volatile.Write(ref failed, true);
        });
        return await store.ReadAsync(session => TaskRunTable.Of(session, row.Id), CancellationToken.None);
    }

    /// <summary>False when the task failed.</summary>
    private async Task<bool> WorkTaskAsync(TaskRunRow part, TaskPlan plan, LiveRun live, RunJournal journal, WriteBehind writes)
    {
        part = part with { Status = RunStatus.InProgress, StartedAt = part.StartedAt ?? time.GetUtcNow() };
        await SaveAsync(part);
        var progress = new TaskProgress(part, journal, writes, time);
        live.Tasks[part.Id] = progress;
        TaskRunRow end;
        try
        {
            var result = await doors.Replicate(plan, progress, live.Stop);
            progress.Progress(result.RowsRead, result.RecordsAffected);
            end = progress.Row with
            {
                Status = RunStatus.Successful,
                Details = $"{result.RowsRead} rows read, {result.RecordsAffected} affected in {result.DestinationTable} ({result.Path})",
                DestinationTable = result.DestinationTable,
                CheckColumn = result.CheckColumn,
                Checkpoint = result.Checkpoint,
            };
        }
        catch (OperationCanceledException) when (live.Stop.IsCancellationRequested)
        {
            // Unfinished: resumed at the next start, or ended as canceled with the run.
            writes.Add(session => TaskRunTable.Save(session, progress.Row));
            throw;
        }
        catch (ReplicationException e)
        {
            end = progress.Row with { Status = RunStatus.Failed, Details = $"{e.Code}: {e.Message}" };
        }
        catch (Exception e)
        {
            log?.Invoke($"run {part.RunId}, task {part.TaskId}: {e}");
            end = progress.Row with { Status = RunStatus.Failed, Details = $"internal_error: {e.Message}" };
        }

        journal.Write(end.State is RunState.Failed ? LogLevel.Error : LogLevel.Info, $"{end.Status}: {end.Details}", part.TaskName);
        // What is queued of its progress must not overwrite the outcome.
        await writes.FlushAsync();
        await SaveAsync(end with { FinishedAt = time.GetUtcNow() });
        live.Tasks.TryRemove(part.Id, out _);
        return end.State is not RunState.Failed;
    }

    private Task SaveAsync(TaskRunRow part) => store.WriteAsync(session => TaskRunTable.Save(session, part), CancellationToken.None);
}
