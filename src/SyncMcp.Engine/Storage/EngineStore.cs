using Microsoft.Data.Sqlite;

namespace SyncMcp.Engine.Storage;

/// <summary>
/// The engine's metadata in <c>engine.db</c>. One writer at a time, readers beside it (WAL). A write that has returned is on the disk, not only in its
/// cache: everything that was answered 2xx must be there after a power cut.
/// </summary>
internal sealed class EngineStore : IDisposable
{
    private readonly string connectionString;
    private readonly SqliteConnection writer;
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly AsyncLocal<bool> rehearsing = new();

    private EngineStore(string file)
    {
        connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWriteCreate, DefaultTimeout = 5 }.ToString();
        writer = Open();
    }

    /// <summary>Opens the store, made or brought up to date where necessary.</summary>
    /// <exception cref="EngineStartException">It cannot be opened, or is newer than this program (<c>store_newer</c>).</exception>
    public static EngineStore Open(string file, TimeProvider time)
    {
        EngineStore? store = null;
        try
        {
            CreatePrivate(file);
            store = new(file);
            RequireOurs(store.writer, file);
            Migrations.Apply(store.writer, time);
            return store;
        }
        catch (SqliteException e)
        {
            store?.Dispose();
            var explained = StoreErrors.Explain(e);
            throw new EngineStartException(explained.Code, $"{file}: {explained.Message}", e);
        }
        catch
        {
            store?.Dispose();
            throw;
        }
    }

    /// <summary>Reads in one transaction: everything seen is of one moment.</summary>
    public Task<T> ReadAsync<T>(Func<StoreSession, T> read, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: true);
        return Task.FromResult(read(new(connection, transaction)));
    }

    /// <summary>From here on, in this call alone, nothing that is written stays.</summary>
    public void Rehearse() => rehearsing.Value = true;

    /// <summary>Writes in one transaction; an exception leaves nothing behind. Must not be called from within itself.</summary>
    /// <exception cref="RehearsedException">The call is a rehearsal, and this would have been written.</exception>
    public async Task<T> WriteAsync<T>(Func<StoreSession, T> write, CancellationToken ct)
    {
        await writing.WaitAsync(ct);
        try
        {
            // IMMEDIATE: a transaction that reads before it writes would otherwise fail at once when another process wrote in between.
            using var transaction = writer.BeginTransaction(deferred: false);
            var result = write(new(writer, transaction));
            if (rehearsing.Value)
                throw new RehearsedException(); // undoes it, and ends the handler before it acts on what is not there
            transaction.Commit();
            return result;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Writes in one transaction.</summary>
    public Task WriteAsync(Action<StoreSession> write, CancellationToken ct) => WriteAsync(
        session =>
        {
            write(session);
            return true;
        },
        ct);

    /// <summary>Closes all connections, so that the files are free.</summary>
    public void Dispose()
    {
        writer.Dispose();
        using var pooled = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pooled);
        writing.Dispose();
    }

    // No migration makes triggers or views: in a store that came from elsewhere they would change what was approved at the moment when it runs.
    private static void RequireOurs(SqliteConnection connection, string file)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')";
        if (command.ExecuteScalar() is long and > 0 and var found)
        {
            throw new EngineStartException("store_altered",
                $"{file} holds {found} triggers or views, and syncmcp never makes any. Somebody else made or changed it. Choose another directory with --data or SYNCMCP_DATA, or have a look at it before you drop them.");
        }
    }

    // SQLite gives its log and shared memory the mode of the database: closed to others once, all three are.
    private static void CreatePrivate(string file)
    {
        if (OperatingSystem.IsWindows() || File.Exists(file) || Directory.Exists(file))
            return;
        new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
