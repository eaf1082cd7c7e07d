namespace SyncMcp.Engine.Connectors;

/// <summary>A few thousand rows, column by column. Batches are recycled: whoever gets one hands it back when it is done.</summary>
public sealed class Batch
{
    /// <summary>Most rows in a batch.</summary>
    public const int Capacity = 4096;

    /// <summary>A batch is full at this size too, so that wide rows do not fill the memory.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>A batch of so many columns.</summary>
    public Batch(int columns) => Columns = [.. Enumerable.Range(0, columns).Select(_ => new BatchColumn())];

    /// <summary>The columns; each holds <see cref="Count"/> cells.</summary>
    public IReadOnlyList<BatchColumn> Columns { get; }

    /// <summary>Rows in it.</summary>
    public int Count { get; set; }

    /// <summary>Empties it for the next rows.</summary>
    public void Clear()
    {
        Count = 0;
        foreach (var column in Columns)
            column.Clear();
    }
}
