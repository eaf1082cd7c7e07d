using System.Globalization;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Reads the rows of a file into batches, as text.</summary>
internal sealed class CsvRowReader(RecordReader rows, CsvTable table, CsvChoice choice, string? stamp, int? limit, CancellationToken ct) : IRowReader
{
    private readonly int[] places = [.. choice.Places];
    private readonly byte[][] nulls = [.. table.File.Dialect.Nulls];
    private readonly int width = table.Columns.Count;
    private int left = limit ?? int.MaxValue;
    private bool ended;

    public bool Fill(Batch batch)
    {
        var columns = batch.Columns;
        long bytes = 0;
        while (!ended && left > 0 && batch.Count < batch.Capacity && bytes < Batch.MaxBytes)
        {
            if (!rows.Read())
            {
                ended = true;
                break;
            }

            if (rows.Count != width)
                throw CsvErrors.Ragged(table.File.Path, rows.Line, rows.Count, width, table.File.Dialect.HasHeader);
            for (var i = 0; i < places.Length; i++)
            {
                var value = rows[places[i]];
                if (!rows.IsQuoted(places[i]) && (value.IsEmpty || IsNull(value)))
                {
                    columns[i].AddNull();
                    continue;
                }

                columns[i].Add(CellKind.Text, value);
                bytes += value.Length;
            }

            batch.Count++;
            if (limit is not null)
                left--;
        }

        ct.ThrowIfCancellationRequested();
        return !ended && left > 0;
    }

    public string? Position(Batch batch) => stamp is null || batch.Count == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{rows.Offset}@{rows.NextLine}@{stamp}");

    public void Dispose()
    {
    }

    private bool IsNull(ReadOnlySpan<byte> value)
    {
        foreach (var text in nulls)
        {
            if (value.SequenceEqual(text))
                return true;
        }

        return false;
    }
}
