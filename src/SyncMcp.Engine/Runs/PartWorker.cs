using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>What the parts of one run write to.</summary>
internal sealed record PartDesk(LiveRun Live, RunJournal Journal, WriteBehind Writes);

/// <summary>Works the parts of a run (tasks, statements, steps), as many at once as it allows, and stores how each ended.</summary>
internal sealed class PartWorker(EngineStore store, TimeProvider time, Action<string>? log)
{
    /// <summary>Works those that are not done; all of them as they then are.</summary>
    public async Task<IReadOnlyList<TaskRunRow>> WorkAsync(RunRow row, IRunWork work, PartDesk desk)
    {
        var parts = await store.ReadAsync(session => TaskRunTable.Of(session, row.Id), CancellationToken.None);
        var failed = parts.Any(part => part.State is RunState.Failed);
        var uncommitted = new List<TaskRunRow>();
        var options = new ParallelOptions { CancellationToken = desk.Live.Stop, MaxDegreeOfParallelism = work.AtOnce };
        await Parallel.ForEachAsync(parts.Where(part => part.FinishedAt is null), options, async (part, _) =>
        {
            if (Volatile.Read(ref failed) && !work.ContinuesOnError)
                return;
            var end = await WorkPartAsync(part, work, desk);
            if (end.State is RunState.Failed)
                Volatile.Write(ref failed, true);
            if (work.IsWhole && end.State is not RunState.Failed)
                uncommitted.Add(end);
            else
                await EndPartAsync(end, desk);
        });
        if (uncommitted.Count > 0)
            await CommitAsync(uncommitted, failed, work, desk);
        return await store.ReadAsync(session => TaskRunTable.Of(session, row.Id), CancellationToken.None);
    }

    /// <summary>The end of parts that last together or not at all.</summary>
    private async Task CommitAsync(List<TaskRunRow> parts, bool failed, IRunWork work, PartDesk desk)
    {
        try
        {
            if (!failed)
                await work.CommitAsync();
        }
        catch (ReplicationException e)
        {
            failed = true;
            parts[^1] = parts[^1] with { Status = RunStatus.Failed, Details = $"{e.Code}: {e.Message}", RowsRead = 0, RecordsAffected = 0 };
        }

        foreach (var part in parts)
        {
            await EndPartAsync(
                failed && part.State is not RunState.Failed
                    ? part with { Status = RunStatus.Skipped, Details = $"Undone ({part.Details}): all stand in one transaction, and another failed.", RowsRead = 0, RecordsAffected = 0 }
                    : part,
                desk);
        }
    }

    /// <summary>Works one part; how it ended, not stored yet.</summary>
    private async Task<TaskRunRow> WorkPartAsync(TaskRunRow part, IRunWork work, PartDesk desk)
    {
        var (live, journal, writes) = desk;
        part = part with { Status = RunStatus.InProgress, StartedAt = part.StartedAt ?? time.GetUtcNow() };
        await SaveAsync(part);
        var progress = new TaskProgress(part, journal, writes, time);
        live.Tasks[part.Id] = progress;
        try
        {
            var result = await work.WorkAsync(part, progress, live.Stop);
            if (!work.IsWhole) // else nobody may take the numbers for what lasts
                progress.Progress(result.RowsRead, result.RecordsAffected);
            var row = work.IsWhole ? progress.Row with { RowsRead = result.RowsRead, RecordsAffected = result.RecordsAffected } : progress.Row;
            return row with
            {
                Status = RunStatus.Successful,
                Details = result.Details,
                DestinationTable = result.DestinationTable,
                CheckColumn = result.CheckColumn,
                Checkpoint = result.Checkpoint,
                Output = result.Output,
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
            return progress.Row with { Status = RunStatus.Failed, Details = $"{e.Code}: {e.Message}" };
        }
        catch (Exception e)
        {
            log?.Invoke($"run {part.RunId}, {part.TaskId}: {e}");
            return progress.Row with { Status = RunStatus.Failed, Details = $"internal_error: {e.Message}" };
        }
    }

    private async Task EndPartAsync(TaskRunRow end, PartDesk desk)
    {
        desk.Journal.Write(end.State is RunState.Failed ? LogLevel.Error : LogLevel.Info, $"{end.Status}: {end.Details}", end.TaskName);
        // What is queued of its progress must not overwrite the outcome.
        await desk.Writes.FlushAsync();
        await SaveAsync(end with { FinishedAt = time.GetUtcNow() });
        desk.Live.Tasks.TryRemove(end.Id, out _);
    }

    private Task SaveAsync(TaskRunRow part) => store.WriteAsync(session => TaskRunTable.Save(session, part), CancellationToken.None);
}
