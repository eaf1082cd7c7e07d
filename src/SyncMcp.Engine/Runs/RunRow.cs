using SyncMcp.Client.Jobs;

namespace SyncMcp.Engine.Runs;

/// <summary>A run as it is stored.</summary>
internal sealed record RunRow
{
    public required string Id { get; init; }

    public required RunOwner Owner { get; init; }

    /// <summary>The run that it is a part of and that waits for its end.</summary>
    public string? ParentRunId { get; init; }

    public required string Status { get; init; }

    public string? Details { get; init; }

    /// <summary>Drop checkpoints and read everything again.</summary>
    public bool FullRefresh { get; init; }

    public required string TriggeredBy { get; init; }

    /// <summary>What it was to do when it was started; see <see cref="IRunnable.State"/>.</summary>
    public string StartedWith { get; init; } = "";

    /// <summary>What its good end starts, by id, each with its state at the start of this run; see <see cref="RunStarts.InsertAfter"/>.</summary>
    public IReadOnlyDictionary<string, string>? Triggers { get; init; }

    /// <summary>The process that works it; null before and after.</summary>
    public string? ClaimedBy { get; init; }

    /// <summary>Who asked for its end.</summary>
    public string? CanceledBy { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public long RowsRead { get; init; }

    public long RecordsAffected { get; init; }
}

/// <summary>One task's or step's part of a run, as it is stored.</summary>
internal sealed record TaskRunRow
{
    public required string Id { get; init; }

    public required string RunId { get; init; }

    public required RunOwner Owner { get; init; }

    public required string TaskId { get; init; }

    public required string TaskName { get; init; }

    public int Position { get; init; }

    public required string Status { get; init; }

    public string? Details { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    public long RowsRead { get; init; }

    public long RecordsAffected { get; init; }

    /// <summary>Time at work, without the time between an interruption and its resumption.</summary>
    public long Milliseconds { get; init; }

    public string? DestinationTable { get; init; }

    public string? CheckColumn { get; init; }

    /// <summary>A copy of what the destination holds.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The run that it started and waits for.</summary>
    public string? ChildRunId { get; init; }

    /// <summary>What a script gave, as JSON.</summary>
    public string? Output { get; init; }

    public RunState State => RunStatus.Read(Status);
}

/// <summary>Which part of a history is meant.</summary>
internal sealed record HistoryFilter(string? Status, DateTimeOffset? After, DateTimeOffset? Before, int? Limit, int? Offset)
{
    private const int DefaultLimit = 25;

    /// <summary>"Failed" means every failed run, whatever counts its text carries; a word that says nothing known is compared as it is.</summary>
    public (string, object?)[] Values =>
    [
        ("@state", Status is null ? null : (Enum.TryParse<RunState>(Status, ignoreCase: true, out var state) && Enum.IsDefined(state) ? state : RunStatus.Read(Status)).ToString()),
        ("@status", Status),
        ("@after", After),
        ("@before", Before),
    ];

    public (string, object?)[] Page => [("@limit", Limit ?? DefaultLimit), ("@offset", Offset ?? 0)];
}
