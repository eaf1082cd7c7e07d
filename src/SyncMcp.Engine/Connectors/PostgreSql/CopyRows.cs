using System.Buffers.Binary;
using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>The rows of one COPY … TO STDOUT (FORMAT BINARY) as they come from the server: fields without copies, in a buffer of our own.</summary>
internal sealed class CopyRows : IDisposable
{
    private const int HeaderLength = 19;

    private readonly Session session;
    private readonly NpgsqlRawCopyStream stream;
    private readonly CancellationTokenRegistration cancellation;
    private byte[] buffer = new byte[256 << 10];
    private int at;
    private int end;
    private bool disposed;

    public CopyRows(Session session, string query)
    {
        this.session = session;
        session.BeginReading();
        try
        {
            stream = session.Do(ct => session.Connection.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT BINARY)", ct));
        }
        catch
        {
            session.EndReading();
            throw;
        }

        // A read waits where no token is heard: the server is asked to end it.
        cancellation = session.Token.UnsafeRegister(static state => ((Session)state!).CancelAtServer(), session);
        if (session.CommandTimeout is { } limit)
            stream.ReadTimeout = (int)limit.TotalMilliseconds;
        try
        {
            Ensure(HeaderLength);
            var extension = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(15));
            Ensure(HeaderLength + extension);
            at += HeaderLength + extension;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>All rows were read.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Steps to the next row; false at the end.</summary>
    public bool Next()
    {
        if (IsAtEnd)
            return false;
        Ensure(2);
        var fields = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(at));
        at += 2;
        IsAtEnd = fields < 0;
        return !IsAtEnd;
    }

    /// <summary>The next field of the row, good until the next call; false for null.</summary>
    public bool Field(out ReadOnlySpan<byte> value)
    {
        value = default;
        Ensure(4);
        var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
        at += 4;
        if (length < 0)
            return false;
        Ensure(length);
        value = buffer.AsSpan(at, length);
        at += length;
        return true;
    }

    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        cancellation.Dispose();
        try
        {
            // The rest of the rows is not wanted: the server hears that, or it would be read to its end.
            if (!IsAtEnd)
                stream.Cancel();
            stream.Dispose();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // What was wanted was read, and whoever wanted more has heard why not.
        }

        session.EndReading();
    }

    private void Ensure(int count)
    {
        if (end - at < count)
            Fill(count);
    }

    private void Fill(int count)
    {
        buffer.AsSpan(at, end - at).CopyTo(buffer);
        (at, end) = (0, end - at);
        if (buffer.Length < count)
            Array.Resize(ref buffer, (int)Math.Min(Math.Max(buffer.Length * 2L, count), Array.MaxLength));
        while (end < count)
        {
            var read = Read();
            if (read == 0)
                throw session.Trouble(new EndOfStreamException("the server ended the rows in the middle"));
            end += read;
        }
    }

    private int Read()
    {
        try
        {
            return stream.Read(buffer.AsSpan(end));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            throw session.Trouble(error);
        }
    }
}
