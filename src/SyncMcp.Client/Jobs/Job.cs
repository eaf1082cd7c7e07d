using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SyncMcp.Client.Jobs;

/// <summary>Moves the tables named by its tasks from one connection to another.</summary>
public sealed record Job
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name, unique in the workspace.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary><c>Standard</c>, <c>SyncAll</c>, <c>LoadFolder</c>, <c>ChangeDataCapture</c> or <c>ReverseETL</c>; fixed after creation.</summary>
    public string? Type { get; init; }

    /// <summary>Where rows come from.</summary>
    public Reference? SourceConnection { get; init; }

    /// <summary>Where rows go.</summary>
    public Reference? DestinationConnection { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it replicates.</summary>
    public JobSettings? Settings { get; init; }

    /// <summary>Scripts before and after.</summary>
    [Code] public JobEvents? Events { get; init; }

    /// <summary>Last or present state.</summary>
    [ServerSet] public string? Status { get; init; }

    /// <summary>The last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>When the schedule starts it next.</summary>
    [ServerSet] public DateTimeOffset? NextRun { get; init; }

    /// <summary>The next five times of an enabled schedule; embedded engine only.</summary>
    [ServerSet] public IReadOnlyList<DateTimeOffset>? NextRuns { get; init; }

    /// <summary>What it asks for and this engine cannot do, with the way out; such a job does not run or arm. Embedded engine only.</summary>
    [ServerSet] public IReadOnlyList<string>? NotSupported { get; init; }

    /// <summary>The workspace that owns it.</summary>
    [ServerSet] public Reference? Workspace { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    [ServerSet] public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What the caller may do.</summary>
    [ServerSet] public Permissions? Permissions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Scripts that the server runs around a job.</summary>
public sealed record JobEvents
{
    /// <summary>Before the job.</summary>
    [Code, StringLength(Limits.Code)] public string? PreJob { get; init; }

    /// <summary>After the job.</summary>
    [Code, StringLength(Limits.Code)] public string? PostJob { get; init; }
}

/// <summary>How a job replicates; merged member by member on update.</summary>
public sealed record JobSettings
{
    /// <summary>Run tasks in parallel.</summary>
    public bool? EnableParallelProcessing { get; init; }

    /// <summary>Number of parallel tasks.</summary>
    [Range(1, 64)] public int? WorkerPool { get; init; }

    /// <summary>Detail of the log.</summary>
    [AllowedValues("None", "Error", "Info", "Transfer", "Verbose")] public string? Verbosity { get; init; }

    /// <summary>Schema at the destination.</summary>
    [StringLength(Limits.Name)] public string? DestinationSchema { get; init; }

    /// <summary>Before destination table names.</summary>
    [StringLength(Limits.Name)] public string? TableNamePrefix { get; init; }

    /// <summary>Times in GMT.</summary>
    public bool? UseGmtDatetime { get; init; }

    /// <summary>Deletes all rows before each run.</summary>
    public bool? TruncateTableData { get; init; }

    /// <summary>Drops the table before each run.</summary>
    public bool? DropTable { get; init; }

    /// <summary>Cut overlong text.</summary>
    public bool? AutoTruncateStrings { get; init; }

    /// <summary>Go on after errors.</summary>
    public bool? ContinueOnError { get; init; }

    /// <summary>Follow new source columns.</summary>
    public bool? AlterSchema { get; init; }

    /// <summary>Leave deleted rows there (default true).</summary>
    public bool? SkipDeleted { get; init; }

    /// <summary>First load from: date, or integer.</summary>
    [StringLength(40)] public string? ReplicateStartDate { get; init; }

    /// <summary>Chunk of the first load, in units.</summary>
    [Range(1, int.MaxValue)] public int? ReplicateInterval { get; init; }

    /// <summary>Its unit.</summary>
    [AllowedValues("minutes", "hours", "days", "weeks", "months", "years")] public string? ReplicateIntervalUnit { get; init; }

    /// <summary>Rows per batch.</summary>
    [Range(1, 1_000_000)] public int? BatchSize { get; init; }

    /// <summary>Seconds; 0 waits without limit.</summary>
    [Range(0, 86_400)] public int? CommandTimeout { get; init; }

    /// <summary>Windows event log.</summary>
    public bool? NotifyWindowsEvent { get; init; }

    /// <summary>More, as key=value;key=value of the server.</summary>
    [Code, StringLength(4000)] public string? OtherOptions { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Names the workspace whose jobs are meant.</summary>
public sealed record ListJobs
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";
}

/// <summary>Names one job.</summary>
public sealed record JobKey
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }
}

/// <summary>A new job.</summary>
public sealed record CreateJob
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";

    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>Standard by default.</summary>
    [AllowedValues("Standard", "SyncAll", "LoadFolder", "ChangeDataCapture", "ReverseETL")] public string? Type { get; init; }

    /// <summary>Source connection.</summary>
    [Names("connection")] public required Reference SourceConnection { get; init; }

    /// <summary>Destination connection.</summary>
    [Names("connection")] public required Reference DestinationConnection { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it replicates.</summary>
    public JobSettings? Settings { get; init; }

    /// <summary>Scripts before and after.</summary>
    [Code] public JobEvents? Events { get; init; }
}

/// <summary>A change of a job; objects are merged member by member, arrays replaced.</summary>
public sealed record UpdateJob : IPatch
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Source connection.</summary>
    [Names("connection")] public Reference? SourceConnection { get; init; }

    /// <summary>Destination connection.</summary>
    [Names("connection")] public Reference? DestinationConnection { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it replicates.</summary>
    public JobSettings? Settings { get; init; }

    /// <summary>Scripts before and after.</summary>
    [Code] public JobEvents? Events { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}

/// <summary>Starts a run of a job.</summary>
public sealed record ExecuteJob
{
    /// <summary>Job id or name.</summary>
    [Names("job")] public required string JobId { get; init; }

    /// <summary>Run only these tasks (ids or names).</summary>
    [Names("task")] public IReadOnlyList<string>? TaskIds { get; init; }

    /// <summary>Forget checkpoints, read all again.</summary>
    public bool? FullRefresh { get; init; }
}
