using SyncMcp.Engine.Api;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Runs;

/// <summary>
/// What differs between the kinds of things that run: one thing as it is stored at a moment. All else (claim, journal, progress, cancel, end,
/// recovery, skipped starts) exists once, in <see cref="Dispatch"/> and <see cref="Runner"/>.
/// </summary>
internal interface IRunnable
{
    RunOwner Owner { get; }

    string Name { get; }

    /// <summary>Counts changes of the definition.</summary>
    long Version { get; }

    /// <summary>The expression of its enabled schedule; null without one.</summary>
    string? Cron { get; }

    /// <summary>Detail of its logs; null for the default.</summary>
    string? Verbosity { get; }

    /// <summary>Its parts in their order, also those that a run leaves out.</summary>
    IReadOnlyList<RunPart> Parts { get; }

    /// <summary>The words for its parts and its effects in messages.</summary>
    RunWords Words { get; }

    /// <summary>The parts that a run works where nobody chose.</summary>
    /// <exception cref="ApiException">400: it cannot run here, or has nothing to run.</exception>
    IReadOnlyList<RunPart> Choose(StoreSession session);

    /// <summary>Another text after any change of what a run of it would do: a run goes on only with what it was started with.</summary>
    string State(StoreSession session);

    /// <summary>True where a run of it would still do what this one was started for.</summary>
    bool IsStill(StoreSession session, RunRow run) => State(session) == run.StartedWith;

    /// <summary>True where a run of it works another thing as a part: a trigger need not start that too.</summary>
    bool Works(RunOwner other) => false;

    /// <summary>Takes what a run needs out of the store, unless it is gone.</summary>
    IRunWork Prepare(StoreSession session, RunRow run);
}

/// <summary>A task or step as runs name it.</summary>
internal sealed record RunPart(string Id, string Name);

/// <summary>Words of one kind in messages.</summary>
/// <param name="Thing">For example <c>job</c>.</param>
/// <param name="Part">For example <c>task</c>.</param>
/// <param name="Changed">What was changed when a run cannot go on: <c>The job or one of its connections</c>.</param>
/// <param name="Kept">What an end in the middle leaves: <c>Rows already written stay.</c></param>
/// <param name="GoesOn">How the parts behind one that failed are worked all the same; null where no setting does that.</param>
internal sealed record RunWords(string Thing, string Part, string Changed, string Kept, string? GoesOn = null);

/// <summary>A run's work, from its start or resumption on.</summary>
internal interface IRunWork : IAsyncDisposable
{
    /// <summary>Go on with the next part after one failed.</summary>
    bool ContinuesOnError { get; }

    /// <summary>Parts that are worked at once.</summary>
    int AtOnce { get; }

    /// <summary>What the parts did lasts only when all of it is committed at the end; where one failed, nothing of it lasts.</summary>
    bool IsWhole { get; }

    /// <summary>Opens what the parts need; null when that went well, else why the run cannot start.</summary>
    Task<string?> OpenAsync(CancellationToken ct);

    /// <summary>Works one part.</summary>
    /// <exception cref="ReplicationException">The part failed; the message names the thing and the way out.</exception>
    Task<PartResult> WorkAsync(TaskRunRow part, ITaskObserver observer, CancellationToken ct);

    /// <summary>Makes what all parts did last, where it is whole.</summary>
    /// <exception cref="ReplicationException">It could not be committed: nothing lasts.</exception>
    Task CommitAsync();
}

/// <summary>What a part did.</summary>
internal sealed record PartResult
{
    public required string Details { get; init; }

    public long RowsRead { get; init; }

    public long RecordsAffected { get; init; }

    public string? DestinationTable { get; init; }

    public string? CheckColumn { get; init; }

    public string? Checkpoint { get; init; }

    /// <summary>What a script gave, as JSON.</summary>
    public string? Output { get; init; }
}
