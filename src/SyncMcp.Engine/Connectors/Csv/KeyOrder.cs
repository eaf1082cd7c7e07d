namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Tells whether rows come with ever greater keys: then none comes twice, and nothing has to be merged.</summary>
/// <param name="places">Columns of the key in a batch.</param>
internal sealed class KeyOrder(int[] places)
{
    private readonly CellKind[] kinds = new CellKind[places.Length];
    private readonly long[] numbers = new long[places.Length];
    private readonly byte[][] bytes = [.. places.Select(_ => Array.Empty<byte>())];
    private readonly int[] lengths = new int[places.Length];
    private bool hasLast;

    /// <summary>True when the row's key is greater than the last one's, whose place it takes then. False also where the two cannot be compared.</summary>
    public bool Follows(Batch batch, int row)
    {
        if (hasLast && !IsGreater(batch, row))
            return false;
        for (var i = 0; i < places.Length; i++)
        {
            var column = batch.Columns[places[i]];
            kinds[i] = column.Kind(row);
            if (kinds[i] is not (CellKind.Text or CellKind.Blob))
            {
                numbers[i] = column.Integer(row);
                continue;
            }

            var value = column.Bytes(row);
            if (bytes[i].Length < value.Length)
                bytes[i] = new byte[value.Length * 2];
            value.CopyTo(bytes[i]);
            lengths[i] = value.Length;
        }

        hasLast = true;
        return true;
    }

    private bool IsGreater(Batch batch, int row)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var column = batch.Columns[places[i]];
            if (column.Kind(row) != kinds[i])
                return false;
            var order = kinds[i] switch
            {
                CellKind.Integer => column.Integer(row).CompareTo(numbers[i]),
                CellKind.Real => column.Real(row).CompareTo(BitConverter.Int64BitsToDouble(numbers[i])),
                CellKind.Null => 0,
                _ => column.Bytes(row).SequenceCompareTo(bytes[i].AsSpan(0, lengths[i])),
            };
            if (order != 0)
                return order > 0;
        }

        return false;
    }
}
