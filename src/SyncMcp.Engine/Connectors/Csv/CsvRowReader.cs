using System.Globalization;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Reads the rows of a file into batches, as text.</summary>
/// <param name="rows">Where to begin.</param>
/// <param name="table">The file.</param>
/// <param name="places">For each column of the batch, its place in the file.</param>
/// <param name="ct">Ends the reading.</param>
/// <param name="stamp">Stands in positions; null where reading cannot go on at one.</param>
/// <param name="limit">Most rows.</param>
internal sealed class CsvRowReader(RecordReader rows, CsvTable table, IReadOnlyList<int> places, CancellationToken ct, string? stamp = null, int? limit = null) : IRowReader
{
    private readonly int[] places = [.. places];
    private readonly int width = table.Columns.Count;
    private int left = limit ?? int.MaxValue;
    private bool ended;

    /// <summary>A ragged row is marked in the batch, so that it can be put aside, instead of ending the run at once.</summary>
    public bool RefusesRagged { get; init; } = true;

    /// <summary>Columns of the batch that tell rows apart: a row without a value there is refused, since it would never be found again.</summary>
    public IReadOnlyList<int> Key { get; init; } = [];

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
            {
                var trouble = CsvErrors.Ragged(table.File.Path, rows.Line, rows.Count, width, table.File.Dialect.HasHeader);
                if (!RefusesRagged)
                    throw trouble;
                batch.Refuse(batch.Count, trouble.Message);
            }

            for (var i = 0; i < places.Length; i++)
            {
                if (places[i] >= rows.Count || table.IsNull(rows, places[i]))
                {
                    columns[i].AddNull();
                    continue;
                }

                var value = rows[places[i]];
                columns[i].Add(CellKind.Text, value);
                bytes += value.Length;
            }

            foreach (var place in Key)
            {
                if (columns[place].Kind(batch.Count) == CellKind.Null)
                    batch.Refuse(batch.Count, CsvErrors.NoKey(table.File.Path, rows.Line, table.Columns[places[place]]));
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
}
