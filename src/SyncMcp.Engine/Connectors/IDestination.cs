using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>An open destination. It belongs to one thread at a time.</summary>
public interface IDestination : IDisposable
{
    /// <summary>Looks at the table that a task writes; writes nothing.</summary>
    /// <exception cref="ReplicationException">The table is another's, or source and destination no longer fit.</exception>
    ITarget Open(ISourceTable source, TargetPlan plan);
}

/// <summary>What a task wants of its destination.</summary>
public sealed record TargetPlan
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The table, with the job's prefix.</summary>
    public required string Table { get; init; }

    /// <summary>The schema that the job names; null for the connection's own. Only where <see cref="IConnector.HasSchemas"/>.</summary>
    public string? Schema { get; init; }

    /// <summary>The statement in its canonical spelling: where it changed, fewer columns are a wish and no accident.</summary>
    public required string Statement { get; init; }

    /// <summary>Types that the statement names, by column.</summary>
    public required IReadOnlyDictionary<string, string> Types { get; init; }

    /// <summary>Drop the table and make it anew in the first transaction of the run.</summary>
    public bool Drop { get; init; }

    /// <summary>Delete all rows in the first transaction of the run.</summary>
    public bool Truncate { get; init; }

    /// <summary>Add columns that are new at the source.</summary>
    public bool Alter { get; init; }

    /// <summary>Put rows that the table refuses aside instead of failing.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>A person approved writing into this table although the job did not make it.</summary>
    public bool Adopted { get; init; }

    /// <summary>Present time, for our own records.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Hears of rows put aside and columns left out.</summary>
    public required ITaskObserver Observer { get; init; }
}

/// <summary>The table that a task writes, and the task's checkpoint beside it.</summary>
public interface ITarget
{
    /// <summary>The task's checkpoint; null before its first transaction.</summary>
    Checkpoint? Checkpoint { get; }

    /// <summary>False when the table is absent or empty: a checkpoint then says nothing.</summary>
    bool HasRows { get; }

    /// <summary>The first transaction adds columns: rows that are there lack their values, so that all rows are to be read once.</summary>
    bool HasNewColumns { get; }

    /// <summary>
    /// The type in whose form each of the source's columns is to arrive, in their order; null for one that arrives as the source has it. Null where all do: a source of the same kind.
    /// What does not fit its form is marked in the batch (<see cref="Batch.Refusal"/>).
    /// </summary>
    IReadOnlyList<LogicalType?>? Forms { get; }

    /// <summary>Source and destination are one file, which cannot be written while it is read.</summary>
    bool IsAtTheSource { get; }

    /// <summary>A transaction writes the whole table anew: a pass is better one transaction than many.</summary>
    bool WritesWhole => false;

    /// <summary>Rows per transaction where the job does not say: enough that a commit costs nothing, few enough that others get their turn several times a second.</summary>
    int TransactionRows => 40_960;

    /// <summary>
    /// Begins a transaction. Its first statement moves the checkpoint from the one last seen by compare-and-set, so that of two workers one is fenced off.
    /// Makes, drops or empties the table where the plan asks for it and <paramref name="first"/> says that the run begins here.
    /// </summary>
    /// <exception cref="ReplicationException">Code <c>fenced</c>: another worker moved the checkpoint.</exception>
    void Begin(Checkpoint next, bool first);

    /// <summary>Writes rows by upsert on the key, or stages them where the table has none. Rows with a <see cref="Batch.Refusal"/> go to <see cref="RefusedRows"/> instead.</summary>
    /// <returns>Rows inserted or really changed; gathered ones count in <see cref="Flush"/>, staged ones in <see cref="Commit"/>.</returns>
    long Write(Batch batch);

    /// <summary>Writes rows that <see cref="Write"/> has gathered only, so that many go at once; the transaction stays open.</summary>
    /// <returns>Rows inserted or really changed.</returns>
    long Flush() => 0;

    /// <summary>Commits the rows with their checkpoint.</summary>
    /// <returns>Rows that took the place of others where the content was replaced.</returns>
    long Commit(Checkpoint checkpoint);

    /// <summary>Forgets the open transaction; no error where there is none.</summary>
    void Rollback();

    /// <summary>A way past the batches, where this pair has one.</summary>
    IPushDown? PushDown();

    /// <summary>Deletes rows by an expression over the table's columns; between <see cref="Begin"/> and <see cref="Commit"/>.</summary>
    /// <returns>Rows deleted.</returns>
    long Delete(Expression where) => throw NotSupported.By("this destination", "cannot delete the rows of a file that became shorter: name a key in the query");

    /// <summary>
    /// Drops the checkpoints of the other parts of a task (<see cref="FolderLoad.Parent"/>), between <see cref="Begin"/> and <see cref="Commit"/>: the table was
    /// empty, so that what they remember says nothing.
    /// </summary>
    void ForgetOtherParts() => throw NotSupported.By("this destination", "cannot take the files of a folder: choose another one for a job of type LoadFolder");

    /// <summary>Begins to gather the source's keys beside the table, outside of any transaction; only for tables with a key that exist.</summary>
    IKeyComparison CompareKeys() => throw NotSupported.By("this destination", "cannot compare keys: skip_deleted=false and CHECKCACHE need that");
}

/// <summary>The keys of the source beside the rows of the table.</summary>
public interface IKeyComparison : IDisposable
{
    /// <summary>Gathers keys, column by column as in <see cref="SourceShape.Key"/>. They become values of the table's types as rows do; those with a <see cref="Batch.Refusal"/> are left out.</summary>
    void Add(Batch keys);

    /// <summary>Keys gathered that the table does not hold.</summary>
    long CountMissing();

    /// <summary>Rows of the table whose key was not gathered.</summary>
    long CountExtra();

    /// <summary>Deletes those rows; between <see cref="ITarget.Begin"/> and <see cref="ITarget.Commit"/>.</summary>
    /// <returns>Rows deleted.</returns>
    long DeleteExtra();
}

/// <summary>Moves rows inside one engine that sees both sides. Used between <see cref="ITarget.Begin"/> and <see cref="ITarget.Commit"/>.</summary>
public interface IPushDown
{
    /// <summary>Moves the rows of a range.</summary>
    /// <exception cref="ReplicationException">Code <c>row_refused</c> or <c>value_refused</c>: the same range by batches finds the row.</exception>
    PushedRows Push(RowRange range);
}

/// <summary>What a push moved.</summary>
/// <param name="Read">Rows read.</param>
/// <param name="Affected">Rows inserted or really changed.</param>
/// <param name="Position">Where it ended; null at the end of the pass.</param>
public sealed record PushedRows(long Read, long Affected, string? Position);
