using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>Works runs from their rows: opens what they need, works the parts that are not done, writes the outcome. A run always ends with a state, or stays to be resumed.</summary>
internal sealed class Runner(
    EngineStore store, RunKinds kinds, RunStarts starts, Func<RunRow, Task> start, TimeProvider time, Action<string>? log) : IDisposable
{
    /// <summary>Runs that are worked at once; more wait as Starting.</summary>
    public const int AtOnce = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly PartWorker works = new(store, time, log);
    private readonly SemaphoreSlim turns = new(AtOnce, AtOnce);
    private readonly string process = Guid.NewGuid().ToString("N");
    private readonly ConcurrentDictionary<string, LiveRun> live = new(StringComparer.Ordinal);

    /// <summary>The run as this process works on it; null where it does not.</summary>
    public LiveRun? Find(string runId) => live.GetValueOrDefault(runId);

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

    /// <summary>Works a run that another waits for, in that one's turn: if both took one, runs that wait could hold all of them.</summary>
    /// <returns>The run, ended.</returns>
    public async Task<RunRow> WorkChildAsync(string runId, CancellationToken ct)
    {
        while (true)
        {
            using (var run = new LiveRun(ct))
            {
                if (live.TryAdd(runId, run))
                {
                    try
                    {
                        await ClaimAndWorkAsync(runId, run, ct);
                    }
                    finally
                    {
                        live.TryRemove(runId, out _);
                    }
                }
                else if (Find(runId) is { } other)
                {
                    await other.Ended.WaitAsync(ct);
                }
            }

            if (await store.ReadAsync(session => RunTable.Find(session, runId), CancellationToken.None) is { FinishedAt: not null } ended)
                return ended;
            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task ClaimAndWorkAsync(string runId, LiveRun run, CancellationToken stopping)
    {
        var claimed = await StoreAsync(session => RunTable.Claim(session, runId, process) ? RunTable.Find(session, runId) : null, runId, stopping);
        if (claimed is null)
            return;
        var outcome = await WorkAsync(claimed, run);
        foreach (var next in await StoreAsync(session => End(session, runId, outcome), runId, stopping))
            await start(next);
    }

    /// <summary>The outcome; null when the engine stops before the run's end.</summary>
    private async Task<RunRow?> WorkAsync(RunRow row, LiveRun live)
    {
        var (thing, last) = await store.ReadAsync(session => (kinds.Find(session, row.Owner), RunLogTable.Last(session, row.Id)), CancellationToken.None);
        if (thing is null)
            return row with { Status = RunStatus.Error, Details = $"The {row.Owner.Kind} is gone." };
        RunRow? outcome;
        await using (var writes = new WriteBehind(store, log))
        {
            var journal = new RunJournal(row.Id, last, thing.Verbosity, writes, time);
            try
            {
                outcome = await OutcomeAsync(row, thing, new PartDesk(live, journal, writes), resumed: last > 0 || row.Status != RunStatus.Starting);
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

    /// <summary>Writes the begin or end of a run, again and again while the store cannot take it: a run that nobody works and that has no end would block its owner.</summary>
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

    /// <summary>The runs that this end starts.</summary>
    private IReadOnlyList<RunRow> End(StoreSession session, string runId, RunRow? outcome)
    {
        if (outcome is null)
        {
            RunTable.Release(session, runId, process); // it goes on at the next start
            return [];
        }

        var parts = TaskRunTable.Of(session, runId);
        var ended = RunTable.Finish(session, outcome with
        {
            FinishedAt = time.GetUtcNow(),
            RowsRead = parts.Sum(part => part.RowsRead),
            RecordsAffected = parts.Sum(part => part.RecordsAffected),
        });
        var words = kinds.Find(session, outcome.Owner)?.Words;
        var (status, details) = RunStatus.Read(outcome.Status) switch
        {
            RunState.Canceled => (RunStatus.Canceled, outcome.Details!),
            RunState.Error => (RunStatus.Error, "Not begun: " + outcome.Details),
            _ => (RunStatus.Skipped, $"Not begun: a {words?.Part ?? "part"} before it failed. {words?.GoesOn}".TrimEnd()),
        };
        TaskRunTable.FinishOpen(session, runId, status, details, time.GetUtcNow());
        return ended && RunStatus.Read(outcome.Status) is RunState.Succeeded
            ? starts.InsertAfter(session, outcome, parts.Where(part => part.State is RunState.Succeeded).Select(part => part.TaskId).ToHashSet(StringComparer.Ordinal))
            : [];
    }

    /// <summary>Null when the engine stops before the run's end.</summary>
    private async Task<RunRow?> OutcomeAsync(RunRow row, IRunnable thing, PartDesk desk, bool resumed)
    {
        if (row.CanceledBy is { } by)
            return Canceled(row, thing, by);
        try
        {
            desk.Journal.Write(LogLevel.Info, resumed ? "Run resumed after an interruption." : $"Run of {thing.Name} started by {row.TriggeredBy}.");
            await using var work = await PrepareAsync(row);
            // Who started the run, or let it start, saw another definition: what was changed since then is not theirs.
            if (work is null)
                return row with { Status = RunStatus.Error, Details = $"{thing.Words.Changed} was changed after this run was started and before it could go on. {thing.Words.Kept} Start the {thing.Words.Thing} again." };
            if (await work.OpenAsync(desk.Live.Stop) is { } trouble)
                return row with { Status = RunStatus.Error, Details = trouble };
            await store.WriteAsync(session => RunTable.SetStatus(session, row.Id, RunStatus.InProgress), CancellationToken.None);
            var worked = await works.WorkAsync(row, work, desk);
            var failed = worked.Where(part => part.State is RunState.Failed).ToList();
            return failed.Count == 0
                ? row with { Status = RunStatus.Successful, Details = resumed ? "Completed; it was interrupted and resumed." : "Completed" }
                : row with { Status = $"{failed.Count} of {worked.Count} {char.ToUpperInvariant(thing.Words.Part[0])}{thing.Words.Part[1..]}s Failed", Details = string.Join("; ", failed.Select(part => $"{part.TaskName}: {part.Details}")) };
        }
        catch (OperationCanceledException) when (desk.Live.Stop.IsCancellationRequested)
        {
            if (!desk.Live.Canceled)
                return null;
            var now = await store.ReadAsync(session => RunTable.Find(session, row.Id), CancellationToken.None);
            return Canceled(row, thing, now?.CanceledBy);
        }
    }

    private static RunRow Canceled(RunRow row, IRunnable thing, string? by) => row with { Status = RunStatus.Canceled, Details = $"Canceled by {by}. {thing.Words.Kept}" };

    /// <summary>The run's work; null where its owner is no longer what the run was started with.</summary>
    private Task<IRunWork?> PrepareAsync(RunRow row) => store.WriteAsync(
        session =>
        {
            RunTable.SetStatus(session, row.Id, "Testing");
            return kinds.Find(session, row.Owner) is { } now && now.IsStill(session, row) ? now.Prepare(session, row) : null;
        },
        CancellationToken.None);
}
