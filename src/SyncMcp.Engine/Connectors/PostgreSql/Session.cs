using Npgsql;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>
/// One connection to a server, for one thread at a time. Every wait ends with the run: commands are awaited with its token, which cancels them at the server too.
/// </summary>
internal sealed class Session : IDisposable
{
    // One name in a query means one thing, whoever set up the database: no other schema is searched, and texts, times and numbers look the same everywhere.
    private const string SetUp = """
        SELECT current_setting('server_version'), current_setting('TimeZone'), pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE')::text;
        SET search_path = ''; SET standard_conforming_strings = on; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'; SET extra_float_digits = 1; SET xmloption = 'content'
        """;

    private static readonly TimeSpan ForLocks = TimeSpan.FromSeconds(30);

    private readonly NpgsqlDataSource source;
    private readonly string side;

    private Session(Address address, NpgsqlDataSource source, string side, TimeSpan? commandTimeout, CancellationToken ct) =>
        (Address, this.source, this.side, CommandTimeout, Token, Connection) = (address, source, side, commandTimeout, ct, source.CreateConnection());

    public Address Address { get; }

    public NpgsqlConnection Connection { get; }

    public CancellationToken Token { get; }

    public TimeSpan? CommandTimeout { get; }

    public string Version { get; private set; } = "";

    /// <summary>The time zone that sessions get here when they ask for none.</summary>
    public string Zone { get; private set; } = "";

    /// <summary>What sessions of other users do is visible.</summary>
    public bool SeesOthers { get; private set; }

    /// <summary>Opens a connection that cannot write.</summary>
    public static Session OpenSource(Address address, TimeSpan? commandTimeout, CancellationToken ct) => Open(address, "source", "; SET default_transaction_read_only = on", commandTimeout, ct);

    /// <summary>Opens a connection for writing.</summary>
    public static Session OpenDestination(Address address, TimeSpan? commandTimeout, CancellationToken ct) => Open(address, "destination", "", commandTimeout, ct);

    /// <summary>Runs work on the connection; what goes wrong says so in our words.</summary>
    public T Do<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return work(Token).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
        {
            throw Trouble(error);
        }
    }

    /// <summary>The error as we say it; the cancellation where the run was cancelled, whatever broke by it.</summary>
    public Exception Trouble(Exception error)
    {
        Token.ThrowIfCancellationRequested();
        return error is OperationCanceledException ? new ReplicationException("connection_lost", $"the connection to {side} {Address.Place} was closed; run again.", error) : Errors.Map(error, Address, side);
    }

    /// <summary>
    /// Reads what the source made: its views can call its functions, with our rights. One of those may turn off the session's own rule that nothing is
    /// written, but not that of a transaction which says it itself.
    /// </summary>
    public T Reading<T>(Func<T> work)
    {
        BeginReading();
        try
        {
            return work();
        }
        finally
        {
            EndReading();
        }
    }

    /// <summary>Begins such a transaction.</summary>
    public void BeginReading() => Execute("BEGIN READ ONLY");

    /// <summary>Ends it.</summary>
    public void EndReading() => TryExecute("ROLLBACK");

    /// <summary>Runs a statement; gives the number of rows that it touched.</summary>
    public int Execute(string sql, params IReadOnlyList<object?> values) => Do(async ct =>
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(ct);
    });

    /// <summary>Runs a statement that ends something; whether it can does not matter.</summary>
    public void TryExecute(string sql)
    {
        if (Connection.FullState != System.Data.ConnectionState.Open)
            return;
        try
        {
            using var command = Command(sql, []);
            command.ExecuteNonQuery();
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The connection is gone, and with it what was to be ended.
        }
    }

    /// <summary>The rows of a query. Columns are to be texts, integers or booleans.</summary>
    public List<T> Query<T>(string sql, Func<NpgsqlDataReader, T> read, params IReadOnlyList<object?> values) => Do(async ct =>
    {
        var rows = new List<T>();
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            rows.Add(read(reader));
        return rows;
    });

    /// <summary>The first column of the first row as text; null where there is no row or no value.</summary>
    public string? Text(string sql, params IReadOnlyList<object?> values) => Query(sql, row => row.IsDBNull(0) ? null : row.GetString(0), values).FirstOrDefault();

    /// <summary>Asks the server, by a connection of its own, to end what this one waits for. Nobody waits for this, and nobody hears whether it helped.</summary>
    public void CancelAtServer() => _ = Task.Run(async () =>
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand($"SELECT pg_catalog.pg_cancel_backend({Connection.ProcessID})", connection);
            await command.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or TimeoutException)
        {
            // It is gone, or the connection is.
        }
    });

    public void Dispose()
    {
        try
        {
            Connection.Dispose();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or InvalidOperationException)
        {
            // It broke, and whoever used it has heard why.
        }

        source.Dispose();
    }

    private static Session Open(Address address, string side, string more, TimeSpan? commandTimeout, CancellationToken ct)
    {
        var session = new Session(address, address.Source(commandTimeout), side, commandTimeout, ct);
        try
        {
            session.Do(async token =>
            {
                await session.Connection.OpenAsync(token);
                return true;
            });
            // Sooner than the command's own time: that somebody holds a lock is the better answer.
            var patience = $"; SET lock_timeout = {(long)((commandTimeout * 0.75) ?? ForLocks).TotalMilliseconds}";
            (session.Version, session.Zone, session.SeesOthers) = session.Query(SetUp + more + patience, row => (row.GetString(0), row.GetString(1), row.GetString(2) == "true")).Single();
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private NpgsqlCommand Command(string sql, IReadOnlyList<object?> values)
    {
#pragma warning disable CA2100 // composed of constants and quoted names only; values are parameters
        var command = new NpgsqlCommand(sql, Connection);
#pragma warning restore CA2100
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return command;
    }
}
