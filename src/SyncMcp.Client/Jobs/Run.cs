using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Jobs;

/// <summary>One execution of a job, transformation or pipeline, or of one of their tasks or steps, as history and status give it.</summary>
public sealed record Run
{
    /// <summary>History entry.</summary>
    public string? Id { get; init; }

    /// <summary>The node that ran it.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The job that ran.</summary>
    public Reference? Job { get; init; }

    /// <summary>The transformation that ran.</summary>
    public Reference? Transformation { get; init; }

    /// <summary>The pipeline that ran.</summary>
    public Reference? Pipeline { get; init; }

    /// <summary>The task that ran, for a task's own entry.</summary>
    public Reference? Task { get; init; }

    /// <summary>The step that ran, for a step's own entry.</summary>
    public Reference? Step { get; init; }

    /// <summary>State as the server says it; see <see cref="RunState"/>.</summary>
    public string? Status { get; init; }

    /// <summary>What happened, or the error.</summary>
    public string? Details { get; init; }

    /// <summary>Start.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>End; null while running.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Duration in milliseconds (unit inferred).</summary>
    public long? Runtime { get; init; }

    /// <summary>Rows inserted or really changed at the destination.</summary>
    public long? RecordsAffected { get; init; }

    /// <summary>Rows read at the source.</summary>
    public long? RowsRead { get; init; }

    /// <summary>Rows read per second.</summary>
    public double? RowsPerSecond { get; init; }

    /// <summary>Name of the log file.</summary>
    public string? LogFile { get; init; }

    /// <summary>Who or what started it: user, schedule, API.</summary>
    public string? TriggeredBy { get; init; }

    /// <summary>The tasks of a job's or transformation's run; only in status and in one entry.</summary>
    public IReadOnlyList<Run>? Tasks { get; init; }

    /// <summary>The steps of a pipeline's run, each with its own run's id; only in status and in one entry.</summary>
    public IReadOnlyList<Run>? Steps { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Normalised states of a run.</summary>
public enum RunState
{
    /// <summary>A text that says nothing known; keep the raw text.</summary>
    Unknown,

    /// <summary>Starting, testing, in progress, queued.</summary>
    Running,

    /// <summary>Done without error.</summary>
    Succeeded,

    /// <summary>Ended with an error.</summary>
    Failed,

    /// <summary>Could not start properly.</summary>
    Error,

    /// <summary>Stopped by somebody.</summary>
    Canceled,

    /// <summary>A scheduled start while the previous run went on.</summary>
    Skipped,
}

/// <summary>The words for states and how foreign words are read.</summary>
public static class RunStatus
{
    /// <summary>Made, not yet taken by a runner.</summary>
    public const string Starting = "Starting";

    /// <summary>Rows are moving.</summary>
    public const string InProgress = "In progress";

    /// <summary>Done.</summary>
    public const string Successful = "Successful";

    /// <summary>Ended with an error.</summary>
    public const string Failed = "Failed";

    /// <summary>Could not start properly.</summary>
    public const string Error = "Error";

    /// <summary>Stopped by somebody.</summary>
    public const string Canceled = "Canceled";

    /// <summary>A scheduled start while the previous run went on.</summary>
    public const string Skipped = "SKIPPED";

    /// <summary>Never run.</summary>
    public const string Idle = "Idle";

    private static readonly string[] All = [Starting, InProgress, Successful, Failed, Error, Canceled, Skipped, Idle];

    /// <summary>True for one of the words above.</summary>
    public static bool IsKnown(string? status) => All.Contains(status, StringComparer.OrdinalIgnoreCase);

    /// <summary>The state that a server's word means (sync-api-v2 1.6), without regard to case.</summary>
    public static RunState Read(string? status)
    {
        if (string.IsNullOrWhiteSpace(status))
            return RunState.Unknown;
        bool Has(string part) => status.Contains(part, StringComparison.OrdinalIgnoreCase);
        return status switch
        {
            _ when status.StartsWith("success", StringComparison.OrdinalIgnoreCase) => RunState.Succeeded,
            _ when Has("fail") => RunState.Failed,
            _ when status.Equals("error", StringComparison.OrdinalIgnoreCase) => RunState.Error,
            _ when Has("cancel") => RunState.Canceled,
            _ when Has("skip") => RunState.Skipped,
            _ when Has("start") || Has("test") || Has("progress") || Has("running") || Has("queue") || Has("pending") => RunState.Running,
            _ => RunState.Unknown,
        };
    }
}

/// <summary>Which runs of a job are meant, newest first.</summary>
public sealed record ListJobHistory : IPaged
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Only runs in this state, e.g. Failed.</summary>
    [StringLength(40)] public string? Status { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedAfter { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedBefore { get; init; }

    /// <inheritdoc/>
    public int? Limit { get; init; }

    /// <inheritdoc/>
    public int? Offset { get; init; }
}

/// <summary>Which runs of one task are meant, newest first.</summary>
public sealed record ListJobTaskHistory : IPaged
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Task id or name.</summary>
    [Names("task")] public required string TaskId { get; init; }

    /// <summary>Only runs in this state, e.g. Failed.</summary>
    [StringLength(40)] public string? Status { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedAfter { get; init; }

    /// <summary>ISO 8601.</summary>
    public DateTimeOffset? StartedBefore { get; init; }

    /// <inheritdoc/>
    public int? Limit { get; init; }

    /// <inheritdoc/>
    public int? Offset { get; init; }
}

/// <summary>Names one run of a job.</summary>
public sealed record JobRunKey
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }
}

/// <summary>Which lines of a run's log are meant.</summary>
public sealed record GetRunLog
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Id of the run.</summary>
    [StringLength(200, MinimumLength = 1)] public required string HistoryId { get; init; }

    /// <summary>Last lines, default 100.</summary>
    [Range(1, 1000)] public int? Tail { get; init; }

    /// <summary>Or lines after this one.</summary>
    [Range(0, int.MaxValue)] public int? After { get; init; }

    /// <summary>Only lines that contain this.</summary>
    [StringLength(200, MinimumLength = 1)] public string? Grep { get; init; }
}

/// <summary>Lines of a run's log.</summary>
public sealed record RunLog
{
    /// <summary>Lines in all that match.</summary>
    public long Total { get; init; }

    /// <summary>Number of the last line given; ask for the lines after it.</summary>
    public long Last { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<RunLogLine> Lines { get; init; }
}

/// <summary>One line of a run's log.</summary>
/// <param name="Line">Number, from 1.</param>
/// <param name="At">When it was written.</param>
/// <param name="Level"><c>Error</c>, <c>Info</c>, <c>Transfer</c> or <c>Verbose</c>.</param>
/// <param name="Text">What it says.</param>
public sealed record RunLogLine(long Line, DateTimeOffset At, string Level, string Text);
