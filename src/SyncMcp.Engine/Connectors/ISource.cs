using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>An open source. It belongs to one thread at a time.</summary>
public interface ISource : IDisposable
{
    /// <summary>Looks at the table that a statement reads.</summary>
    /// <exception cref="ReplicationException">No such table or column, or the source cannot be read.</exception>
    ISourceTable Open(ReplicateStatement statement, SourceWish wish);
}

/// <summary>What the task wants of its source beside the statement.</summary>
/// <param name="CheckColumn">The column set on the task; empty for none, null to choose one.</param>
/// <param name="Overlap">How far before the last high mark times are read again, for rows that were stamped before it and committed after it.</param>
/// <param name="Now">High marks later than this do not count: one row from the future would hide all changes until then.</param>
public sealed record SourceWish(string? CheckColumn, TimeSpan Overlap, DateTimeOffset Now);

/// <summary>The rows of one statement.</summary>
public interface ISourceTable
{
    /// <summary>How the rows look.</summary>
    SourceShape Shape { get; }

    /// <summary>
    /// The check column's highest value now, as the source writes it into a checkpoint: a pass that begins now and ends well has seen every row below it.
    /// Null when the column cannot tell (empty, or values of several kinds): the next pass reads all rows.
    /// </summary>
    string? HighMark();

    /// <summary>False when the mark lies below an earlier one, that is when the source went back: then nothing but a pass over all rows is safe.</summary>
    bool IsForward(string earlier, string now);

    /// <summary>A mark as a person reads it.</summary>
    string Show(string mark);

    /// <summary>Reads a range.</summary>
    IRowReader Read(RowRange range);

    /// <summary>
    /// Reads the keys alone of the rows of a range, column by column as in <see cref="SourceShape.Key"/>, as they are at one moment: whoever
    /// misses a row here deletes it at the destination.
    /// </summary>
    IRowReader ReadKeys(RowRange range) => throw NotSupported.By(Shape.Connector, "cannot list the keys of a source: skip_deleted=false and CHECKCACHE need that");

    /// <summary>A value that a person gave as a mark of the check column, in the spelling of the column's own values.</summary>
    /// <exception cref="ReplicationException">Code <c>start_invalid</c>: the column holds values of another kind.</exception>
    string MarkOf(StartValue value) => throw NotSupported.By(Shape.Connector, "cannot begin at a value: clear replicate_start_date, replicate_interval, START and END");

    /// <summary>Size and hash of the file that is read; null where the source is no file.</summary>
    string? ContentMark() => null;

    /// <summary>The check column's lowest value; null where it has none.</summary>
    string? LowMark() => throw NotSupported.By(Shape.Connector, "cannot cut the first load: clear replicate_interval");
}

/// <summary>Rows of a pass, in the source's own order.</summary>
/// <param name="Low">Rows whose check column is at or above this mark (less the overlap) or null; null for all rows.</param>
/// <param name="After">Where the last chunk ended (<see cref="IRowReader.Position"/>); null for the beginning.</param>
/// <param name="Limit">Most rows; null for all. Only for sources that can resume.</param>
/// <param name="MayExceed">The limit is our own and nobody's wish: who can move all rows at once in about a second may do so.</param>
public sealed record RowRange(string? Low, string? After, int? Limit, bool MayExceed = false)
{
    /// <summary>Only rows whose check column is below this mark, none with null in it; null for no bound.</summary>
    public string? Below { get; init; }

    /// <summary><see cref="Low"/> was given by a person: it holds without overlap.</summary>
    public bool Exact { get; init; }

    /// <summary>All rows of the statement.</summary>
    public bool IsAll => Low is null && After is null && Below is null;
}

/// <summary>Reads rows into batches.</summary>
public interface IRowReader : IDisposable
{
    /// <summary>Appends rows until the batch is full; false when there are no more.</summary>
    bool Fill(Batch batch);

    /// <summary>Where the batch ends, in a form that a checkpoint can keep; null where the source cannot resume.</summary>
    string? Position(Batch batch);
}

/// <summary>How the rows of a statement look.</summary>
public sealed record SourceShape
{
    /// <summary>The connector: a destination of the same kind takes types verbatim.</summary>
    /// <remarks>A destination of another kind declares <see cref="TypeMap"/>'s name for <see cref="SourceColumn.Logical"/> and gets its cells in the form of docs/types.md.</remarks>
    public required string Connector { get; init; }

    /// <summary>File or server, for messages and to notice that a task reads elsewhere now.</summary>
    public required string Place { get; init; }

    /// <summary>Table or view, as the source spells it.</summary>
    public required string Table { get; init; }

    /// <summary>The carried columns, in the order of the batch; hidden columns for the position may follow there.</summary>
    public required IReadOnlyList<SourceColumn> Columns { get; init; }

    /// <summary>Columns in a batch of this table.</summary>
    public required int BatchWidth { get; init; }

    /// <summary>Names of the key at the destination; empty when rows cannot be told apart: then each run replaces the content.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>Rows come in an order that a later run can go on in.</summary>
    public required bool CanResume { get; init; }

    /// <summary>Column of the batch with a number that stays with its row; null where the order of reading is all there is.</summary>
    public int? RowNumber { get; init; }

    /// <summary>
    /// For a source without types: the type that all values of a column have now, as every destination knows it; null for text. Asked only for a column that is made:
    /// later runs go by the type that it has then, whatever the values are, and what does not fit is refused.
    /// </summary>
    public Func<string, string?>? Suggested { get; init; }

    /// <summary>The check column; null when every run reads all rows.</summary>
    public string? CheckColumn { get; init; }

    /// <summary>SQLite: types are enforced.</summary>
    public bool Strict { get; init; }

    /// <summary>SQLite: keyed by the primary key alone.</summary>
    public bool WithoutRowid { get; init; }

    /// <summary>What the run log should say about the choices made.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A carried column.</summary>
/// <param name="Name">Name at the destination.</param>
/// <param name="Type">Declared type at the source, verbatim; empty for none.</param>
/// <param name="NotNull">Never null.</param>
/// <param name="Collation">SQLite: how texts compare; <c>BINARY</c> elsewhere.</param>
public sealed record SourceColumn(string Name, string Type, bool NotNull, string Collation)
{
    /// <summary>What its values are, for a destination of another kind.</summary>
    public required LogicalType Logical { get; init; }

    /// <summary>SQLite: a key <c>INTEGER PRIMARY KEY DESC</c>, which is no row number.</summary>
    public bool Descending { get; init; }
}
