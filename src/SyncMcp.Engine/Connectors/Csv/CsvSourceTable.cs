using System.Globalization;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// The rows of a file, read straight. The file's own stamp is the mark: with a key, a file that is as it was at the last run is not read again.
/// A position is a place in the file, good as long as the stamp is the same; else the file is read from its beginning.
/// </summary>
internal sealed class CsvSourceTable : ISourceTable
{
    // Times of files are coarse: one that changed just now may change again without a new time.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    private readonly CsvTable table;
    private readonly CsvChoice choice;
    private readonly SourceWish wish;
    private readonly CancellationToken ct;
    private readonly string stamp;
    private RecordReader? last;

    public CsvSourceTable(CsvTable table, CsvChoice choice, SourceWish wish, CancellationToken ct)
    {
        (this.table, this.choice, this.wish, this.ct) = (table, choice, wish, ct);
        stamp = $"{table.File.Stamp}/{table.File.Dialect.Fingerprint}";
        Shape = new()
        {
            Connector = "CSV",
            Place = table.File.Path,
            Table = Path.GetFileName(table.File.Path),
            Columns = choice.Columns,
            BatchWidth = choice.Columns.Count,
            Key = choice.Key,
            CanResume = choice.Key.Count > 0 && table.File.CanSeek,
            Notes = choice.Notes,
            Suggested = choice.Suggested,
        };
    }

    public SourceShape Shape { get; }

    /// <summary>The stamp; null where it proves nothing.</summary>
    public string? HighMark() => choice.Key.Count > 0 && wish.Now.UtcDateTime - table.File.Stamp.Changed > Settled ? stamp : null;

    public bool IsForward(string earlier, string now) => true;

    public string Show(string mark) =>
        mark.Split('.') is [var length, var ticks, ..] ? $"{length} bytes of {new DateTime(long.Parse(ticks, NumberStyles.HexNumber, CultureInfo.InvariantCulture), DateTimeKind.Utc):yyyy-MM-dd HH:mm:ss}" : mark;

    public string? ContentMark() => table.File.ContentMark();

    public IRowReader Read(RowRange range)
    {
        var (offset, line) = range.Low == stamp ? (table.File.Stamp.Length, 0) : Place(range.After) ?? (table.RowsOffset, table.RowsLine);
        // The next chunk goes on where the last one ended, with the same buffer.
        if (last is null || last.Offset != offset || !Shape.CanResume)
            last = table.Rows(offset, line);
        return new CsvRowReader(last, table, choice.Places, ct, Shape.CanResume ? stamp : null, range.Limit) { Key = choice.KeyPlaces };
    }

    // Without a check column there is one range only: all rows.
    public IRowReader ReadKeys(RowRange range) => new CsvRowReader(table.Rows(table.RowsOffset, table.RowsLine), table, [.. choice.KeyPlaces.Select(place => choice.Places[place])], ct) { RefusesRagged = false, Key = [.. Enumerable.Range(0, choice.KeyPlaces.Count)] };

    private (long Offset, long Line)? Place(string? position) =>
        position?.Split('@', 3) is [var offset, var line, var of] && of == stamp
            ? (long.Parse(offset, CultureInfo.InvariantCulture), long.Parse(line, CultureInfo.InvariantCulture))
            : null;
}
