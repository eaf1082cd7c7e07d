using System.Globalization;
using System.Text;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// One file of a folder that is loaded into one table with the others. Its size and hash are its mark: they stand in the checkpoint, in the rows' own
/// transaction, so that a file is loaded once, and again when it changes. Without a key its rows are told apart by file and place in it.
/// </summary>
internal sealed class FolderFile : ISourceTable
{
    private const string FileColumn = "_file";
    private const string RowColumn = "_row";

    private readonly ISourceTable rows;
    private readonly string mark;
    private readonly byte[] name;

    public FolderFile(ISourceTable rows, string name)
    {
        (this.rows, this.name) = (rows, Encoding.UTF8.GetBytes(name));
        mark = rows.ContentMark() ?? throw NotSupported.By(rows.Shape.Connector, "has no files to tell apart: type LoadFolder needs a CSV folder as source");
        Shape = IsNumbered ? Numbered(rows.Shape) : rows.Shape;
    }

    public SourceShape Shape { get; }

    /// <summary>Rows are told apart by file and place.</summary>
    private bool IsNumbered => rows.Shape.Key.Count == 0;

    /// <summary>The rows are read in this run; else the file is as it was.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Rows of it that a longer former content left at the destination, once all rows are read; null where there can be none.</summary>
    public Expression? Leftover => IsNumbered && IsRead
        ? new Expression.Binary("AND", new Expression.Binary("=", new Expression.Column(FileColumn), new Expression.Text(Encoding.UTF8.GetString(name))), new Expression.Binary(">", new Expression.Cast(new Expression.Column(RowColumn), "INTEGER"), new Expression.Number(Count.ToString(CultureInfo.InvariantCulture))))
        : null;

    /// <summary>Rows numbered so far.</summary>
    private long Count { get; set; }

    public string? HighMark() => mark;

    public bool IsForward(string earlier, string now) => true;

    public string Show(string mark) => mark;

    public IRowReader Read(RowRange range)
    {
        if (range.Low == mark)
            return new Nothing();
        IsRead = true;
        Count = 0;
        var reader = rows.Read(range with { Low = null });
        return IsNumbered ? new Numbering(this, reader) : reader;
    }

    private static SourceShape Numbered(SourceShape rows)
    {
        foreach (var own in (string[])[FileColumn, RowColumn])
        {
            if (rows.Columns.Any(column => column.Name.Equals(own, StringComparison.OrdinalIgnoreCase)))
                throw new ReplicationException("name_refused", $"{rows.Place} has a column \"{own}\", which the program adds where a query names no key. Name the key: REPLICATE [t] (PRIMARY KEY([…])) SELECT …, or rename the column: SELECT [{own}] AS [other], …");
        }

        return rows with
        {
            Columns = [.. rows.Columns,
                new(FileColumn, "text", NotNull: true, "BINARY") { Logical = LogicalType.Text },
                new(RowColumn, "bigint", NotNull: true, "BINARY") { Logical = LogicalType.Int64 }],
            BatchWidth = rows.BatchWidth + 2,
            Key = [FileColumn, RowColumn],
            CanResume = false,
            RowNumber = null,
            Notes = [.. rows.Notes.Where(note => !note.StartsWith("The file has no key", StringComparison.Ordinal)), $"No key is named: rows are told apart by file and place, in the columns {FileColumn} and {RowColumn}."],
            Suggested = rows.Suggested is not { } suggested ? null : column => column switch { FileColumn => null, RowColumn => "bigint", _ => suggested(column) },
        };
    }

    private sealed class Nothing : IRowReader
    {
        public bool Fill(Batch batch) => false;

        public string? Position(Batch batch) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Numbering(FolderFile file, IRowReader inner) : IRowReader
    {
        public bool Fill(Batch batch)
        {
            // Ours stand behind the file's own columns, before those that it hides.
            var own = file.rows.Shape.Columns.Count;
            var view = batch.View([.. batch.Columns[..own], .. batch.Columns[(own + 2)..]]);
            var more = inner.Fill(view);
            for (var row = 0; row < view.Count; row++)
            {
                batch.Columns[own].Add(CellKind.Text, file.name);
                batch.Columns[own + 1].Add(++file.Count);
                if (view.Refusal(row) is { } reason)
                    batch.Refuse(row, reason);
            }

            batch.Count = view.Count;
            return more;
        }

        public string? Position(Batch batch) => null;

        public void Dispose() => inner.Dispose();
    }
}
