using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using SyncMcp.Client.Jobs;

namespace SyncMcp.Client.Transformations;

/// <summary>Work inside a destination after loading (ELT): SQL statements, its tasks, or a dbt project; runs on a trigger.</summary>
public sealed record Transformation
{
    /// <summary>Opaque id, made by the server.</summary>
    [ServerSet] public required string Id { get; init; }

    /// <summary>Name, unique in the workspace.</summary>
    [Cosmetic] public string? Name { get; init; }

    /// <summary><c>SQL</c>, <c>DBT</c> or <c>DBT-Cloud</c>; fixed after creation.</summary>
    public string? Type { get; init; }

    /// <summary>Where it runs.</summary>
    public Reference? DestinationConnection { get; init; }

    /// <summary>Cron of a trigger of type Scheduled that has none of its own.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>What starts it by itself.</summary>
    public TransformationTrigger? Trigger { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it runs.</summary>
    public TransformationSettings? Settings { get; init; }

    /// <summary>Last or present state.</summary>
    [ServerSet] public string? Status { get; init; }

    /// <summary>The last run.</summary>
    [ServerSet] public Run? LastRun { get; init; }

    /// <summary>When the schedule starts it next.</summary>
    [ServerSet] public DateTimeOffset? NextRun { get; init; }

    /// <summary>The next five times of an enabled schedule; embedded engine only.</summary>
    [ServerSet] public IReadOnlyList<DateTimeOffset>? NextRuns { get; init; }

    /// <summary>What it asks for and this engine cannot do, with the way out; it does not run or arm then. Embedded engine only.</summary>
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

/// <summary>What starts a transformation by itself; its type decides which of the other members count.</summary>
public sealed record TransformationTrigger
{
    /// <summary>Decides; None by default.</summary>
    [AllowedValues("None", "Scheduled", "AfterJob")] public string? Type { get; init; }

    /// <summary>AfterJob: id or name of the job.</summary>
    [Names("job")] public string? AfterJob { get; init; }

    /// <summary>Only where all these tasks of it succeeded.</summary>
    [Names("task")] public IReadOnlyList<string>? AfterJobTasks { get; init; }

    /// <summary>Scheduled: as schedule.cron, which it stands for.</summary>
    [StringLength(Limits.Name)] public string? ScheduleCron { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>How a transformation runs; merged member by member on update.</summary>
public sealed record TransformationSettings
{
    /// <summary>Detail of the log.</summary>
    [AllowedValues("None", "Error", "Info", "Transfer", "Verbose")] public string? Verbosity { get; init; }

    /// <summary>Seconds a statement may take; 0 waits without limit.</summary>
    [Range(0, 86_400)] public int? CommandTimeout { get; init; }

    /// <summary>Run tasks in parallel.</summary>
    public bool? EnableParallelProcessing { get; init; }

    /// <summary>Number of parallel tasks.</summary>
    [Range(1, 64)] public int? WorkerPool { get; init; }

    /// <summary>Run again after a failure.</summary>
    public bool? AutomaticRetry { get; init; }

    /// <summary>dbt: folder of the project.</summary>
    [Code, StringLength(4000)] public string? ProjectPath { get; init; }

    /// <summary>dbt: target schema.</summary>
    [StringLength(Limits.Name)] public string? DbtSchema { get; init; }

    /// <summary>dbt: number of threads.</summary>
    [Range(1, 64)] public int? Threads { get; init; }

    /// <summary>dbt Cloud: the job.</summary>
    [Code, StringLength(Limits.Name)] public string? DbtJob { get; init; }

    /// <summary>Members of the server that this contract does not know.</summary>
    [JsonExtensionData] public Dictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>The words for what starts a transformation.</summary>
public static class TriggerType
{
    /// <summary>Only somebody who executes it, or a pipeline's step.</summary>
    public const string None = "None";

    /// <summary>A cron expression.</summary>
    public const string Scheduled = "Scheduled";

    /// <summary>The end of a good run of a job.</summary>
    public const string AfterJob = "AfterJob";
}

/// <summary>Names the workspace whose transformations are meant.</summary>
public sealed record ListTransformations
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";
}

/// <summary>Names one transformation.</summary>
public sealed record TransformationKey
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }
}

/// <summary>A new transformation.</summary>
public sealed record CreateTransformation
{
    /// <summary>Workspace id or name.</summary>
    [Names("workspace")] public string WorkspaceId { get; set; } = "default";

    /// <summary>Unique name.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>SQL by default.</summary>
    [AllowedValues("SQL", "DBT", "DBT-Cloud")] public string? Type { get; init; }

    /// <summary>Where it runs.</summary>
    [Names("connection")] public required Reference DestinationConnection { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>What starts it by itself.</summary>
    public TransformationTrigger? Trigger { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it runs.</summary>
    public TransformationSettings? Settings { get; init; }
}

/// <summary>A change of a transformation; objects are merged member by member, arrays replaced.</summary>
public sealed record UpdateTransformation : IPatch
{
    /// <summary>Transformation id or name.</summary>
    [Names("transformation")] public required string TransformationId { get; init; }

    /// <summary>New name.</summary>
    [Cosmetic, StringLength(Limits.Name, MinimumLength = 1)] public string? Name { get; init; }

    /// <summary>Where it runs.</summary>
    [Names("connection")] public Reference? DestinationConnection { get; init; }

    /// <summary>When it runs by itself.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>What starts it by itself.</summary>
    public TransformationTrigger? Trigger { get; init; }

    /// <summary>Mail after a run.</summary>
    public Alerts? Alerts { get; init; }

    /// <summary>Labels.</summary>
    [Cosmetic] public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>How it runs.</summary>
    public TransformationSettings? Settings { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<string>? Clear { get; init; }
}
