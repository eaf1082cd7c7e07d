using System.Buffers;
using System.Text;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>Spells rows as the file wants them. Values come as UTF-8; null is no value, an empty text stands in quotes.</summary>
internal sealed class RowWriter : IDisposable
{
    private readonly CsvLayout layout;
    private readonly Stream stream;
    private readonly SearchValues<byte> special;
    private readonly byte[][] nulls;
    private byte[] buffer = new byte[1 << 20];
    private int used;
    private bool isFirst = true;

    /// <summary>Writes to a file.</summary>
    /// <param name="file">The file; it belongs to the caller.</param>
    /// <param name="layout">How it is spelled.</param>
    public RowWriter(Stream file, CsvLayout layout)
    {
        this.layout = layout;
        file.Write(layout.Mark);
        stream = layout.Charset.Encoding is { } encoding ? Encoding.CreateTranscodingStream(file, encoding, Encoding.UTF8, leaveOpen: true) : file;
        special = layout.Quote is { } quote ? SearchValues.Create([layout.Delimiter, quote, (byte)'\r', (byte)'\n']) : SearchValues.Create([layout.Delimiter, (byte)'\r', (byte)'\n']);
        nulls = [.. layout.Nulls];
    }

    /// <summary>A value in quotes where it needs them. What cannot be spelled without quotes was refused before (<see cref="CsvLayout.Trouble"/>).</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        Between();
        Ensure((value.Length * 2) + 4);
        if (layout.Quote is not { } quote || !NeedsQuotes(value))
        {
            value.CopyTo(buffer.AsSpan(used));
            used += value.Length;
            return;
        }

        buffer[used++] = quote;
        for (int next; (next = value.IndexOf(quote)) >= 0; value = value[(next + 1)..])
        {
            value[..(next + 1)].CopyTo(buffer.AsSpan(used));
            used += next + 1;
            buffer[used++] = quote;
        }

        value.CopyTo(buffer.AsSpan(used));
        used += value.Length;
        buffer[used++] = quote;
    }

    /// <summary>A null.</summary>
    public void AddNull()
    {
        Between();
        if (nulls.Length == 0)
            return;
        Ensure(nulls[0].Length + 4);
        nulls[0].CopyTo(buffer.AsSpan(used));
        used += nulls[0].Length;
    }

    /// <summary>The first row.</summary>
    public void AddHeader(IReadOnlyList<string> columns)
    {
        foreach (var column in columns)
            Add(Encoding.UTF8.GetBytes(column));
        EndRow();
    }

    /// <summary>Ends the row.</summary>
    public void EndRow()
    {
        Ensure(4);
        layout.LineEnd.CopyTo(buffer.AsSpan(used));
        used += layout.LineEnd.Length;
        isFirst = true;
        if (used < buffer.Length / 2)
            return;
        stream.Write(buffer.AsSpan(0, used));
        used = 0;
    }

    /// <summary>Hands all rows to the file.</summary>
    public void Finish()
    {
        stream.Write(buffer.AsSpan(0, used));
        used = 0;
        stream.Flush();
        if (layout.Charset.Encoding is not null)
            stream.Dispose();
    }

    public void Dispose()
    {
    }

    private bool NeedsQuotes(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || value.ContainsAny(special) || value[0] == ' ' || value[^1] == ' ')
            return true;
        foreach (var text in nulls)
        {
            if (value.SequenceEqual(text))
                return true;
        }

        return false;
    }

    private void Between()
    {
        Ensure(2);
        if (!isFirst)
            buffer[used++] = layout.Delimiter;
        isFirst = false;
    }

    private void Ensure(int more)
    {
        if (buffer.Length - used < more)
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + more));
    }
}
