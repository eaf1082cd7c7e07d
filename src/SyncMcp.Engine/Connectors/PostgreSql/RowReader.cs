namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Puts rows of one COPY into batches, up to a limit: the next chunk goes on in the same COPY, so that a pass sees the table as it was at one moment.</summary>
internal sealed class RowReader(CopyRows rows, IReadOnlyList<Wire> wires, IReadOnlyList<int> order, int? limit, Action<RowReader> done) : IRowReader
{
    private readonly Wire[] wires = [.. wires];
    private int left = limit ?? int.MaxValue;

    /// <summary>Where the last batch ended.</summary>
    public string? LastPosition { get; private set; }

    public bool Fill(Batch batch)
    {
        var columns = batch.Columns;
        long bytes = 0;
        while (left > 0 && batch.Count < batch.Capacity && bytes < Batch.MaxBytes)
        {
            if (!rows.Next())
                return false;
            for (var i = 0; i < wires.Length; i++)
            {
                if (!rows.Field(out var value))
                {
                    columns[i].AddNull();
                    continue;
                }

                bytes += value.Length;
                WireReader.Add(wires[i], value, columns[i]);
            }

            batch.Count++;
            if (limit is not null)
                left--;
        }

        return true;
    }

    public string? Position(Batch batch) =>
        order.Count == 0 || batch.Count == 0 ? null : LastPosition = Positions.Write(order.Select(column => batch.Columns[column].CellAt(batch.Count - 1)));

    public void Dispose() => done(this);
}
