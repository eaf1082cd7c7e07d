namespace SyncMcp.Engine.Connectors;

/// <summary>A few thousand rows, column by column. Batches are recycled: whoever gets one hands it back when it is done.</summary>
public sealed class Batch
{
    /// <summary>Most rows in a batch; fewer where there are many columns.</summary>
    public const int MaxRows = 4096;

    /// <summary>A batch is full at this size too, so that wide rows do not fill the memory.</summary>
    public const int MaxBytes = 2 << 20;

    /// <summary>A batch of so many columns.</summary>
    public Batch(int columns)
    {
        Capacity = Math.Clamp(MaxCells / Math.Max(columns, 1), 16, MaxRows);
        Columns = [.. Enumerable.Range(0, columns).Select(_ => new BatchColumn(Capacity))];
    }

    private Batch(BatchColumn[] columns, int capacity) => (Columns, Capacity) = (columns, capacity);

    private string?[]? refusals;

    private const int MaxCells = 32 * MaxRows;

    /// <summary>Rows that fit.</summary>
    public int Capacity { get; }

    /// <summary>The columns; each holds <see cref="Count"/> cells.</summary>
    public BatchColumn[] Columns { get; }

    /// <summary>Rows in it.</summary>
    public int Count { get; set; }

    /// <summary>Rows in it that cannot be written; see <see cref="Refusal"/>.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>Marks a row that the destination cannot hold, or that the source could not read: it is put aside or ends the run, and is never written. The first reason stays.</summary>
    public void Refuse(int row, string reason)
    {
        refusals ??= new string?[Capacity];
        if (refusals[row] is not null)
            return;
        refusals[row] = reason;
        RefusedCount++;
    }

    /// <summary>Why a row must not be written; null for a good one.</summary>
    public string? Refusal(int row) => RefusedCount == 0 ? null : refusals![row];

    /// <summary>An empty batch over some of the columns of this one: what is put there stands here too, once the rows are counted.</summary>
    public Batch View(BatchColumn[] columns) => new(columns, Capacity);

    /// <summary>Empties it for the next rows.</summary>
    public void Clear()
    {
        Count = 0;
        if (RefusedCount > 0)
            Array.Clear(refusals!);
        RefusedCount = 0;
        foreach (var column in Columns)
            column.Clear();
    }
}
