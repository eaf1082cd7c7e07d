using System.Runtime.CompilerServices;

namespace SyncMcp.Engine.Connectors;

/// <summary>What a cell holds.</summary>
public enum CellKind : byte
{
    /// <summary>Null.</summary>
    Null,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A double.</summary>
    Real,

    /// <summary>UTF-8 text, as it came: it may hold zeros and invalid sequences.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Blob,
}

/// <summary>
/// One column of a batch. The kind stands beside each cell, since SQLite's types do; a typed source fills one kind and nulls.
/// Numbers lie in one array (a double as its bits), texts and blobs in one buffer with the offset where each ends.
/// </summary>
public sealed class BatchColumn
{
    // What a full batch needs at most; more came with one huge value and goes with it.
    private const int Keep = 4 << 20;

    private readonly CellKind[] kinds;
    private readonly long[] numbers;
    private readonly int[] ends;

    // Pinned for life, so that a writer may hand addresses to native code without pinning each time.
    private byte[] bytes;
    private int count;

    internal BatchColumn(int capacity)
    {
        kinds = new CellKind[capacity];
        numbers = new long[capacity];
        ends = new int[capacity];
        bytes = GC.AllocateUninitializedArray<byte>(capacity * 4, pinned: true);
    }

    /// <summary>Bytes of texts and blobs so far.</summary>
    public int ByteCount { get; private set; }

    /// <summary>The kind of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CellKind Kind(int row) => kinds[row];

    /// <summary>An integer cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Integer(int row) => numbers[row];

    /// <summary>A real cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double Real(int row) => BitConverter.Int64BitsToDouble(numbers[row]);

    /// <summary>A text or blob cell; good until the batch is cleared. Its memory is pinned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(int row) => bytes.AsSpan((int)numbers[row], ends[row] - (int)numbers[row]);

    /// <summary>Appends a null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddNull() => kinds[count++] = CellKind.Null;

    /// <summary>Appends an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long value)
    {
        kinds[count] = CellKind.Integer;
        numbers[count++] = value;
    }

    /// <summary>Appends a double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double value)
    {
        kinds[count] = CellKind.Real;
        numbers[count++] = BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>Appends a text or blob.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(CellKind kind, ReadOnlySpan<byte> value)
    {
        if (value.Length > bytes.Length - ByteCount)
            Grow(value.Length);
        value.CopyTo(bytes.AsSpan(ByteCount));
        kinds[count] = kind;
        numbers[count] = ByteCount;
        ByteCount += value.Length;
        ends[count++] = ByteCount;
    }

    /// <summary>Puts an integer in a cell's place.</summary>
    public void Set(int row, long value) => (kinds[row], numbers[row]) = (CellKind.Integer, value);

    /// <summary>Puts a double in a cell's place.</summary>
    public void Set(int row, double value) => (kinds[row], numbers[row]) = (CellKind.Real, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Puts a text or blob in a cell's place; the old bytes stay unused in the buffer until the batch is cleared.</summary>
    public void Set(int row, CellKind kind, ReadOnlySpan<byte> value)
    {
        if (value.Length > bytes.Length - ByteCount)
            Grow(value.Length);
        value.CopyTo(bytes.AsSpan(ByteCount));
        (kinds[row], numbers[row]) = (kind, ByteCount);
        ByteCount += value.Length;
        ends[row] = ByteCount;
    }

    /// <summary>Cuts a text or blob to its first bytes.</summary>
    public void Cut(int row, int length) => ends[row] = (int)numbers[row] + length;

    internal void Clear()
    {
        count = 0;
        ByteCount = 0;
        if (bytes.Length > Keep)
            bytes = GC.AllocateUninitializedArray<byte>(Keep, pinned: true);
    }

    private void Grow(int more)
    {
        var wanted = (int)Math.Min(Math.Max((long)bytes.Length * 2, (long)ByteCount + more), Array.MaxLength);
        var larger = GC.AllocateUninitializedArray<byte>(wanted, pinned: true);
        bytes.AsSpan(0, ByteCount).CopyTo(larger);
        bytes = larger;
    }
}
