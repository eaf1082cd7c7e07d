namespace SyncMcp.Transports;

/// <summary>One line of input; valid until the next one is read.</summary>
/// <param name="Text">The line without its end; of a line that is too long only its first bytes.</param>
/// <param name="Tail">The last bytes of a line that is too long.</param>
/// <param name="TooLong">The line was longer than the limit and has been thrown away.</param>
internal readonly record struct Line(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Tail = default, bool TooLong = false);

/// <summary>Reads lines from a stream with bounded memory: what is longer than the limit is skipped, not stored.</summary>
internal sealed class LineReader(Stream input, int limit)
{
    private const int Small = 16 * 1024;
    private const int Kept = 1024;

    private byte[] buffer = new byte[Small];
    private int start;
    private int end;
    private bool ended;

    /// <summary>The next line; null at the end of the stream.</summary>
    public async ValueTask<Line?> ReadAsync(CancellationToken ct)
    {
        var scanned = start;
        while (true)
        {
            var newline = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
                return Take(scanned + newline, skip: 1);
            if (end - start > limit)
                return await SkipAsync(ct);
            if (ended)
                return start == end ? null : Take(end, skip: 0);

            MakeRoom();
            scanned = end;
            await FillAsync(ct);
        }
    }

    private Line Take(int lineEnd, int skip)
    {
        var line = buffer.AsMemory(start, lineEnd - start);
        start = lineEnd + skip;
        return line.Length <= limit ? new(line) : new(line[..Kept], line[^Kept..], TooLong: true);
    }

    private async ValueTask<Line?> SkipAsync(CancellationToken ct)
    {
        var head = buffer.AsSpan(start, Kept).ToArray();
        while (true)
        {
            var newline = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (newline >= 0 || ended)
            {
                var lineEnd = newline >= 0 ? start + newline : end;
                var tail = buffer.AsSpan(Math.Max(start, lineEnd - Kept), lineEnd - Math.Max(start, lineEnd - Kept)).ToArray();
                start = newline >= 0 ? lineEnd + 1 : end;
                return new(head, tail, TooLong: true);
            }

            start = Math.Max(start, end - Kept);
            MakeRoom();
            await FillAsync(ct);
        }
    }

    private void MakeRoom()
    {
        var held = end - start;
        if (held <= Small / 2 && buffer.Length > Small)
        {
            var smaller = new byte[Small]; // one large line must not hold its memory for ever
            buffer.AsSpan(start, held).CopyTo(smaller);
            buffer = smaller;
        }
        else if (start > 0)
        {
            buffer.AsSpan(start, held).CopyTo(buffer);
        }

        (start, end) = (0, held);
        if (end == buffer.Length)
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, limit + Small));
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        var read = await input.ReadAsync(buffer.AsMemory(end), ct);
        ended = read == 0;
        end += read;
    }
}
