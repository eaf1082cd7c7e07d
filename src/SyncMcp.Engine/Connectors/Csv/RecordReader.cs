using System.Buffers;
using System.Text.Unicode;

namespace SyncMcp.Engine.Connectors.Csv;

/// <summary>
/// Cuts a file into rows and values, as RFC 4180 says; any line end ends a row. Bytes stay bytes: nothing is decoded that is UTF-8 already.
/// Strict, since what a lenient reader guesses is silently wrong: a quote inside a bare value, text behind a closing quote and a quote that never closes are errors.
/// </summary>
/// <remarks>
/// Our own and not a library's: it must tell an empty value from an empty text in quotes, know the byte where a row ends (to go on there) and the line of the file (for messages),
/// and hold rows to a size. The libraries looked at tell none of these.
/// </remarks>
internal sealed class RecordReader
{
    /// <summary>Longest row. A quote that never closes ends here and not in the memory.</summary>
    public const int MostBytes = 32 << 20;

    private readonly CsvFile file;
    private readonly Stream stream;
    private readonly byte delimiter;
    private readonly int quote;
    private readonly SearchValues<byte> special;
    private readonly bool mustValidate;
    private byte[] buffer = new byte[256 << 10];
    private Field[] fields = new Field[64];
    private int start;
    private int end;
    private int next;
    private bool ended;
    private bool inQuotes;
    private bool terminated;
    private long bufferOffset;
    private long nextLine;

    private struct Field
    {
        public int Start;
        public int Length;
        public bool Quoted;
        public bool Doubled;
    }

    /// <summary>Reads from an offset of the file on, which is the beginning of that line.</summary>
    public RecordReader(CsvFile file, long offset = 0, long line = 1)
    {
        this.file = file;
        stream = file.Content(offset);
        delimiter = file.Dialect.DelimiterOf(file.Path);
        quote = file.Dialect.Quote ?? -1;
        special = SearchValues.Create(file.Dialect.Quote is { } q ? [delimiter, (byte)'\n', (byte)'\r', q] : [delimiter, (byte)'\n', (byte)'\r']);
        mustValidate = file.Charset.Encoding is null;
        bufferOffset = Math.Max(offset, file.MarkLength);
        nextLine = line;
    }

    /// <summary>Values of the row.</summary>
    public int Count { get; private set; }

    /// <summary>The line of the file where the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The line after the row.</summary>
    public long NextLine => nextLine;

    /// <summary>Where in the file the next row begins.</summary>
    public long Offset => bufferOffset + next;

    /// <summary>A row that something was appended to while it was read was left for the next run.</summary>
    public bool LeftOpenRow { get; private set; }

    /// <summary>Rows of more than one value cannot be empty lines: those are passed over.</summary>
    public bool SkipsEmptyLines { get; set; }

    /// <summary>The line end of the last row; empty where the file ended without one.</summary>
    public ReadOnlySpan<byte> LineEnd => !terminated ? default : next >= 2 && buffer[next - 2] == '\r' && buffer[next - 1] == '\n' ? "\r\n"u8 : "\n"u8;

    /// <summary>The value, without its quotes; good until the next row.</summary>
    public ReadOnlySpan<byte> this[int index] => buffer.AsSpan(fields[index].Start, fields[index].Length);

    /// <summary>The value stood in quotes.</summary>
    public bool IsQuoted(int index) => fields[index].Quoted;

    /// <summary>The next row; false at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            start = next;
            while (!Parse())
                More();
            if (ended && start == end)
            {
                _ = file.HasGrown();
                return false;
            }

            // A row without its line end in a file that grows is half of a row.
            if (!terminated && file.HasGrown())
            {
                LeftOpenRow = true;
                next = start;
                return false;
            }

            Line = nextLine;
            nextLine++;
            if (mustValidate && !Utf8.IsValid(buffer.AsSpan(start, next - start)))
                throw CsvErrors.Characters(file.Path, Line, file.Charset);
            Unfold();
            if (SkipsEmptyLines && Count == 1 && fields[0] is { Length: 0, Quoted: false })
                continue;
            return true;
        }
    }

    /// <summary>Finds the values of the row at <see cref="start"/>; false when the buffer ends before it.</summary>
    private bool Parse()
    {
        var data = buffer.AsSpan(0, end);
        var at = start;
        Count = 0;
        inQuotes = false;
        while (true)
        {
            if (at == end)
            {
                if (!ended)
                    return false;
                Add(at, 0);
                return End(at, isTerminated: false);
            }

            if (data[at] == quote)
            {
                if (!Quoted(data, ref at))
                    return false;
                if (at == end)
                    return End(at, isTerminated: false);
            }
            else
            {
                var length = data[at..].IndexOfAny(special);
                if (length < 0)
                {
                    if (!ended)
                        return false;
                    Add(at, end - at);
                    return End(end, isTerminated: false);
                }

                Add(at, length);
                at += length;
            }

            var mark = data[at];
            if (mark == delimiter)
            {
                at++;
                continue;
            }

            if (mark == '\n')
                return End(at + 1, isTerminated: true);
            if (mark != '\r')
                throw Wrong(Count, fields[Count - 1].Quoted ? "text stands behind the closing quote" : "a quote stands inside a value that does not begin with one");
            if (at + 1 < end)
                return End(data[at + 1] == '\n' ? at + 2 : at + 1, isTerminated: true);
            if (ended)
                return End(at + 1, isTerminated: true);
            return false;
        }
    }

    private bool Quoted(ReadOnlySpan<byte> data, ref int at)
    {
        var doubled = false;
        inQuotes = true;
        for (var search = at + 1; ;)
        {
            var found = data[search..].IndexOf((byte)quote);
            if (found < 0)
                return ended ? throw Wrong(Count + 1, "a quote opens here and never closes") : false;
            search += found + 1;
            if (search == end && !ended)
                return false;
            if (search < end && data[search] == quote)
            {
                doubled = true;
                search++;
                continue;
            }

            Add(at + 1, search - at - 2);
            fields[Count - 1].Quoted = true;
            fields[Count - 1].Doubled = doubled;
            at = search;
            inQuotes = false;
            return true;
        }
    }

    private void Add(int at, int length)
    {
        if (Count == fields.Length)
            Array.Resize(ref fields, Count * 2);
        fields[Count++] = new() { Start = at, Length = length };
    }

    private bool End(int at, bool isTerminated)
    {
        (next, terminated) = (at, isTerminated);
        return true;
    }

    /// <summary>Takes doubled quotes together, and counts lines inside values. Once the row is whole: a row that is cut by the buffer's end is looked at again.</summary>
    private void Unfold()
    {
        for (var i = 0; i < Count; i++)
        {
            ref var field = ref fields[i];
            if (!field.Quoted)
                continue;
            var value = buffer.AsSpan(field.Start, field.Length);
            nextLine += value.Count((byte)'\n');
            if (!field.Doubled)
                continue;
            var to = 0;
            for (var from = 0; from < value.Length; from++)
            {
                value[to++] = value[from];
                if (value[from] == quote)
                    from++;
            }

            field.Length = to;
        }
    }

    private void More()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            bufferOffset += start;
            (end, next, start) = (end - start, 0, 0);
        }

        if (end == buffer.Length)
        {
            if (end >= MostBytes)
                throw CsvErrors.TooLong(file.Path, nextLine, inQuotes, MostBytes);
            Array.Resize(ref buffer, Math.Min(buffer.Length * 2, MostBytes));
        }

        try
        {
            var read = stream.Read(buffer.AsSpan(end));
            ended = read == 0;
            end += read;
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw CsvErrors.Characters(file.Path, nextLine, file.Charset);
        }
    }

    private ReplicationException Wrong(int column, string trouble) => CsvErrors.Quoting(file.Path, nextLine, column, trouble, (char)quote);
}
