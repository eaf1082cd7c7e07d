namespace SyncMcp.Engine.Connectors;

/// <summary>Runs one task: reads at the source, writes at the destination, with the checkpoint in the rows' own transaction.</summary>
public static class Replication
{
    /// <summary>Runs the task to its end on a thread of its own.</summary>
    /// <exception cref="ReplicationException">The task could not do its work; nothing is half-written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was committed stays, the open chunk is rolled back.</exception>
    public static Task<TaskResult> RunAsync(TaskPlan plan, ITaskObserver observer, CancellationToken ct) =>
        Task.FromException<TaskResult>(new ReplicationException("connector_missing", $"no connector moves rows from {plan.Source.Connector} to {plan.Destination.Connector}."));
}
