using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>Stored runs as the API shows them.</summary>
internal sealed class RunView(TimeProvider time)
{
    /// <summary>A run without its tasks, as lists hold it.</summary>
    /// <param name="name">Name of its owner.</param>
    /// <param name="run">The run.</param>
    public Run Bare(string name, RunRow run) => Of(run.Owner, name) with
    {
        Id = run.Id,
        Status = run.Status,
        Details = run.Details,
        StartedAt = run.StartedAt,
        FinishedAt = run.FinishedAt,
        Runtime = (long)((run.FinishedAt ?? time.GetUtcNow()) - run.StartedAt).TotalMilliseconds,
        RecordsAffected = run.RecordsAffected,
        RowsRead = run.RowsRead,
        TriggeredBy = run.TriggeredBy,
    };

    /// <summary>A run with its tasks; those at work with the numbers of this moment.</summary>
    /// <param name="session">The store.</param>
    /// <param name="name">Name of its owner.</param>
    /// <param name="run">The run.</param>
    /// <param name="live">Tasks at work, taken before the store was read: a task that ends in between must not fall back.</param>
    public Run Whole(StoreSession session, string name, RunRow run, IReadOnlyDictionary<string, TaskRunRow>? live = null)
    {
        var parts = TaskRunTable.Of(session, run.Id)
            .Select(part => part.FinishedAt is null && live?.GetValueOrDefault(part.Id) is { } now ? now : part).ToList();
        parts = [.. parts.Select(part => part is { FinishedAt: null, ChildRunId: { } child } ? WithNumbersOf(TaskRunTable.Of(session, child), part) : part)];
        var present = run.FinishedAt is not null ? run : run with { RowsRead = parts.Sum(part => part.RowsRead), RecordsAffected = parts.Sum(part => part.RecordsAffected) };
        List<Run> shown = [.. parts.Select(Part)];
        return run.Owner.Kind == RunOwner.PipelineKind ? Bare(name, present) with { Steps = shown } : Bare(name, present) with { Tasks = shown };
    }

    private static TaskRunRow WithNumbersOf(IReadOnlyList<TaskRunRow> below, TaskRunRow part) =>
        part with { RowsRead = below.Sum(one => one.RowsRead), RecordsAffected = below.Sum(one => one.RecordsAffected) };

    /// <summary>What never ran.</summary>
    public static Run Idle(RunOwner owner, string name) => Of(owner, name) with { Status = RunStatus.Idle };

    /// <summary>A part that never ran.</summary>
    public static Run Idle(RunOwner owner, string name, RunPart part) => Idle(owner, name) with { Task = new Reference { Id = part.Id, Name = part.Name } };

    /// <summary>One task's part of a run, with its owner.</summary>
    /// <param name="name">Name of its owner.</param>
    /// <param name="part">The part.</param>
    public static Run Part(string name, TaskRunRow part)
    {
        var whole = Of(part.Owner, name);
        return Part(part) with { Job = whole.Job, Transformation = whole.Transformation, Pipeline = whole.Pipeline };
    }

    private static Run Of(RunOwner owner, string name)
    {
        var reference = new Reference { Id = owner.Id, Name = name };
        return owner.Kind switch
        {
            RunOwner.JobKind => new() { Job = reference },
            RunOwner.TransformationKind => new() { Transformation = reference },
            _ => new() { Pipeline = reference },
        };
    }

    private static Run Part(TaskRunRow part)
    {
        var reference = new Reference { Id = part.TaskId, Name = part.TaskName };
        var isStep = part.Owner.Kind == RunOwner.PipelineKind;
        return new()
        {
            Id = part.Id,
            InstanceId = part.ChildRunId ?? part.RunId,
            Task = isStep ? null : reference,
            Step = isStep ? reference : null,
            Status = part.Status,
            Details = part.Details,
            StartedAt = part.StartedAt,
            FinishedAt = part.FinishedAt,
            Runtime = part.StartedAt is null ? null : part.Milliseconds,
            RecordsAffected = part.RecordsAffected,
            RowsRead = part.RowsRead,
            RowsPerSecond = part.Milliseconds > 0 && part.RowsRead > 0 ? Math.Round(part.RowsRead * 1000.0 / part.Milliseconds, 1) : null,
        };
    }
}
