using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

/// <summary>A run row as a crash between the row and its trigger leaves it.</summary>
internal static class Unstarted
{
    /// <summary>The engine's own door to a connection's version.</summary>
    public static long? Version(StoreSession session, string connectionId) => ConnectionTable.Find(session, connectionId)?.Version;

    /// <summary>Jobs whose runs go through these doors.</summary>
    public static RunDoors Doors(Func<StoreSession, string, ResolvedConnection?> resolve, Func<ResolvedConnection, CancellationToken, Task<string?>> test, Gate gate) =>
        new(resolve, Version, test, gate.Replicate);

    public static Task<string> InsertAsync(JobSession engine, string jobId, string? claimedBy = null) => InsertAsync(engine.Store, jobId, claimedBy);

    public static Task<string> InsertAsync(EngineStore store, string jobId, string? claimedBy = null) => store.WriteAsync(
        session =>
        {
            var job = JobTable.Get(session, jobId);
            var run = new RunRow
            {
                Id = Guid.CreateVersion7().ToString(),
                Owner = RunOwner.Job(jobId),
                Status = RunStatus.Starting,
                TriggeredBy = "admin",
                StartedAt = TimeProvider.System.GetUtcNow(),
                ClaimedBy = claimedBy,
                StartedWith = new JobRuns(job, store, Doors((_, _) => null, (_, _) => Task.FromResult<string?>(null), new())).State(session),
            };
            RunTable.Insert(session, run);
            foreach (var (task, at) in job.Tasks.Select((task, at) => (task, at)))
            {
                TaskRunTable.Insert(session, new()
                {
                    Id = Guid.CreateVersion7().ToString(),
                    RunId = run.Id,
                    Owner = RunOwner.Job(jobId),
                    TaskId = task.Id,
                    TaskName = task.Name!,
                    Position = at + 1,
                    Status = RunStatus.Starting,
                });
            }

            return run.Id;
        },
        JobSession.Ct);
}
