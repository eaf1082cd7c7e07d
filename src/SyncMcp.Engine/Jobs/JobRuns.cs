using System.Text.Json;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Json;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Jobs;

/// <summary>A job as something that runs: its tasks move rows between its connections.</summary>
internal sealed class JobRuns(JobRow job, EngineStore store, RunDoors doors) : IRunnable
{
    private static readonly RunWords JobWords = new("job", "task", "The job or one of its connections", "Rows already written stay.", "continue_on_error goes on all the same.");

    public RunOwner Owner => RunOwner.Job(job.Id);

    public string Name => job.Name;

    public long Version => job.Version;

    public string? Cron => job.Scheduled ? job.Definition.Schedule!.Cron : null;

    public string? Verbosity => job.Definition.Settings?.Verbosity;

    public IReadOnlyList<RunPart> Parts => Of(job.Tasks);

    public RunWords Words => JobWords;

    /// <summary>How jobs are found.</summary>
    public static RunKind Kind(EngineStore store, RunDoors doors) => new(
        RunOwner.JobKind,
        (session, id) => JobTable.Find(session, id) is { } job ? new JobRuns(job, store, doors) : null,
        session => JobTable.All(session).Select(job => new JobRuns(job, store, doors)));

    /// <summary>The chosen tasks as parts of a run.</summary>
    public static IReadOnlyList<RunPart> Of(IEnumerable<JobTask> tasks) => [.. tasks.Select(task => new RunPart(task.Id, task.Name ?? task.Id))];

    public IReadOnlyList<RunPart> Choose(StoreSession session) => Of(TaskChoice.Of(session, job, null));

    // Names, labels and when it starts by itself say nothing of what a run does.
    public string State(StoreSession session) => string.Join('/',
        WorkText.Of(JsonSerializer.SerializeToNode(job.Definition with { Name = null, Labels = null, Schedule = null }, SyncJson.Info<Job>()),
            [.. job.Tasks.Select(task => JsonSerializer.SerializeToNode(task with { Name = null, Position = null }, SyncJson.Info<JobTask>()))]),
        $"{job.SourceId}:{doors.ConnectionVersion(session, job.SourceId)}", $"{job.DestinationId}:{doors.ConnectionVersion(session, job.DestinationId)}");

    public IRunWork Prepare(StoreSession session, RunRow run) => new JobWork(job, run, doors.Resolve(session, job.SourceId), doors.Resolve(session, job.DestinationId), store, doors);
}
