using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>One COPY … FROM STDIN (FORMAT BINARY). Not completed, it leaves nothing.</summary>
internal sealed class CopyIn : IDisposable
{
    private readonly Session session;
    private readonly NpgsqlRawCopyStream stream;
    private readonly CancellationTokenRegistration cancellation;
    private bool ended;

    public CopyIn(Session session, string into)
    {
        this.session = session;
        stream = session.Do(ct => session.Connection.BeginRawBinaryCopyAsync($"COPY {into} FROM STDIN (FORMAT BINARY)", ct));
        cancellation = session.Token.UnsafeRegister(static state => ((Session)state!).CancelAtServer(), session);
        Write(Header);
    }

    // Signature, flags, length of the extension.
    private static ReadOnlySpan<byte> Header => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', (byte)'\n', 0xff, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public void Write(ReadOnlySpan<byte> rows)
    {
        try
        {
            stream.Write(rows);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            throw session.Trouble(error);
        }
    }

    /// <summary>Ends it; the rows are there.</summary>
    public void Complete()
    {
        Write([0xff, 0xff]);
        ended = true;
        try
        {
            stream.Dispose();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            throw session.Trouble(error);
        }
        finally
        {
            cancellation.Dispose();
        }
    }

    public void Dispose()
    {
        cancellation.Dispose();
        if (ended)
            return;
        ended = true;
        try
        {
            stream.Cancel();
            stream.Dispose();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The rows are not wanted; whoever wrote them has heard why.
        }
    }
}
