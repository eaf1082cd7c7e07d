using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Runs;

namespace SyncMcp.Engine.Jobs;

/// <summary>A job's run at work: both connections are tested, then each task moves its rows.</summary>
internal sealed class JobWork(JobRow job, RunRow run, ResolvedConnection? source, ResolvedConnection? destination, RunDoors doors) : IRunWork
{
    private readonly JobSettings settings = job.Definition.Settings ?? new();
    private readonly HashSet<string> adopted = job.Adopted.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool ContinuesOnError => settings.ContinueOnError is true;

    // A check that ran beside the task whose copy it checks would see it half done.
    public int AtOnce => settings.EnableParallelProcessing is true && !job.Tasks.Any(task => TaskShape.Readable(task)?.Check is not null) ? settings.WorkerPool ?? Environment.ProcessorCount : 1;

    public bool IsWhole => false;

    public async Task<string?> OpenAsync(CancellationToken ct)
    {
        if (source is null || destination is null)
            return $"The {(source is null ? "source" : "destination")} connection of the job is gone.";
        if (await doors.Test(source, ct) is { } sourceTrouble)
            return $"Source connection: {sourceTrouble}";
        return await doors.Test(destination, ct) is { } trouble ? $"Destination connection: {trouble}" : null;
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

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
