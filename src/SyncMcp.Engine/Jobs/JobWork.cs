using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>A job's run at work: both connections are tested, then each task moves its rows.</summary>
internal sealed class JobWork(JobRow job, RunRow run, ResolvedConnection? source, ResolvedConnection? destination, EngineStore store, RunDoors doors) : IRunWork
{
    private JobRow job = job;
    private readonly JobSettings settings = job.Definition.Settings ?? new();
    private readonly HashSet<string> adopted = job.Adopted.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool ContinuesOnError => settings.ContinueOnError is true;

    // A check that ran beside the task whose copy it checks would see it half done.
    public int AtOnce => settings.EnableParallelProcessing is true && !job.Tasks.Any(task => task.Enabled is not false && TaskShape.Readable(task)?.Check is not null) ? settings.WorkerPool ?? Environment.ProcessorCount : 1;

    public bool IsWhole => false;

    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        if (source is null || destination is null)
            return $"The {(source is null ? "source" : "destination")} connection of the job is gone.";
        if (await doors.Test(source, ct) is { } sourceTrouble)
            return $"Source connection: {sourceTrouble}";
        if (await doors.Test(destination, ct) is { } trouble)
            return $"Destination connection: {trouble}";
        return job.Definition.Type == NewTables.JobType ? await AddTablesAsync(source, ct) : null;
    }

    public async Task<PartResult> WorkAsync(TaskRunRow part, ITaskObserver observer, CancellationToken ct)
    {
        var task = job.Tasks.First(task => task.Id == part.TaskId); // the job is as it was when the run was started
        var plan = new TaskPlan
        {
            JobId = job.Id,
            TaskId = task.Id,
            RunId = run.Id,
            Source = source!,
            Destination = destination!,
            Table = task.Table,
            Query = task.Query,
            EachFile = job.Definition.Type == FolderJob.JobType,
            CheckColumn = task.IncrementalCheckColumn,
            Settings = settings,
            FullRefresh = run.FullRefresh,
            Time = doors.Time,
            AdoptedTables = adopted,
        };
        var result = await doors.Replicate(plan, observer, ct);
        return new()
        {
            Details = $"{result.RowsRead} rows read, {result.RecordsAffected} affected in {result.DestinationTable} ({result.Path}){(result.Found is { } found ? $". {found}" : "")}",
            RowsRead = result.RowsRead,
            RecordsAffected = result.RecordsAffected,
            DestinationTable = result.DestinationTable,
            CheckColumn = result.CheckColumn,
            Checkpoint = result.Checkpoint,
        };
    }

    public Task CommitAsync() => Task.CompletedTask;

    /// <summary>
    /// Gives the tables that are new at the source their tasks, and the run their parts. No change of the definition: what a person decides about such a
    /// job is its type and its exclusions, so that neither its version nor what the run was started with changes.
    /// </summary>
    private async Task<string?> AddTablesAsync(ResolvedConnection from, CancellationToken ct)
    {
        try
        {
            var tables = await doors.Tables(from, ct);
            job = await store.WriteAsync(
                session =>
                {
                    var now = JobTable.Get(session, job.Id);
                    if (now.Version != job.Version)
                        return job; // whoever changed it meanwhile meant the next run
                    var added = NewTables.Tasks(now, tables);
                    if (added.Count == 0)
                        return now;
                    var parts = TaskRunTable.Of(session, run.Id);
                    var worksAll = now.Tasks.Where(task => task.Enabled is not false).All(task => parts.Any(part => part.TaskId == task.Id));
                    now = now with { Tasks = [.. now.Tasks, .. added] };
                    JobTable.Update(session, now);
                    if (worksAll)
                        TaskRunTable.Append(session, run, JobRuns.Of(added), parts.Count);
                    return now;
                },
                CancellationToken.None);
            return null;
        }
        catch (ReplicationException e)
        {
            return $"Tables of the source: {e.Message}";
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
