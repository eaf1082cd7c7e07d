using SyncMcp.Client.Jobs;

namespace SyncMcp.Engine.Connectors;

/// <summary>A connection as a connector sees it: properties with secrets in clear, and the folders it may touch.</summary>
/// <param name="Connector">Connector name, for example <c>SQLite</c>.</param>
/// <param name="Properties">Properties by the vendor's names, compared without case.</param>
/// <param name="Files">Resolves and checks paths against the allowed roots.</param>
public sealed record ResolvedConnection(string Connector, IReadOnlyDictionary<string, string> Properties, FileRoots Files)
{
    /// <summary>The same, confined to the folders that may be written.</summary>
    public ResolvedConnection ForWriting() => this with { Files = Files.ForWriting };
}

/// <summary>One task of one run: what to move, where, and how.</summary>
public sealed record TaskPlan
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Where rows come from.</summary>
    public required ResolvedConnection Source { get; init; }

    /// <summary>Where rows go.</summary>
    public required ResolvedConnection Destination { get; init; }

    /// <summary>Source table; used where <see cref="Query"/> is absent.</summary>
    public string? Table { get; init; }

    /// <summary>REPLICATE statement.</summary>
    public string? Query { get; init; }

    /// <summary>Check column set on the task; null = choose one.</summary>
    public string? CheckColumn { get; init; }

    /// <summary>The job's settings.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>Drop the checkpoint and read everything again.</summary>
    public bool FullRefresh { get; init; }

    /// <summary>Existing destination tables, not made by the job, that an approved definition names.</summary>
    public IReadOnlySet<string> AdoptedTables { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The table after FROM is a pattern: each file whose name fits is loaded (jobs of type LoadFolder).</summary>
    public bool EachFile { get; init; }

    /// <summary>The present time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Which path rows take; tests force one.</summary>
    public TransferPath Path { get; init; }
}

/// <summary>Which path rows take.</summary>
public enum TransferPath
{
    /// <summary>Push-down where the pair offers it, else batches.</summary>
    Auto,

    /// <summary>Push-down only; an error where the pair has none.</summary>
    PushDown,

    /// <summary>Columnar batches from reader to writer.</summary>
    Batches,
}

/// <summary>What a task's run did.</summary>
public sealed record TaskResult
{
    /// <summary>Rows read at the source.</summary>
    public long RowsRead { get; init; }

    /// <summary>Rows inserted or really changed at the destination.</summary>
    public long RecordsAffected { get; init; }

    /// <summary>Destination table.</summary>
    public required string DestinationTable { get; init; }

    /// <summary>The check column used; null when every run reads all rows.</summary>
    public string? CheckColumn { get; init; }

    /// <summary>The checkpoint now at the destination, as text.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>What a check found, in words; null for a copy.</summary>
    public string? Found { get; init; }

    /// <summary>The path that rows took.</summary>
    public TransferPath Path { get; init; }
}

/// <summary>Hears what a task's run does. Called from the worker's threads, a few times a second at most.</summary>
public interface ITaskObserver
{
    /// <summary>Totals so far.</summary>
    void Progress(long rowsRead, long recordsAffected);

    /// <summary>A line for the run log.</summary>
    void Log(LogLevel level, string text);
}

/// <summary>Levels of a run log, from few words to many.</summary>
public enum LogLevel
{
    /// <summary>Errors.</summary>
    Error,

    /// <summary>What happened.</summary>
    Info,

    /// <summary>Batches and statements.</summary>
    Transfer,

    /// <summary>Everything; may hold row data.</summary>
    Verbose,
}

/// <summary>A task could not do its work; the message names the thing and the way out and goes to the user as it is.</summary>
public sealed class ReplicationException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable code, for example <c>source_missing</c>, <c>table_not_owned</c>, <c>fenced</c>, <c>type_changed</c>, <c>destination_full</c>.</summary>
    public string Code { get; } = code;
}
