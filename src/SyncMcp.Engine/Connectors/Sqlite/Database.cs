using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>An open SQLite file. One thread at a time; waiting for locks and long statements end with the patience.</summary>
internal sealed unsafe class Database : IDisposable
{
    private const int DenyAction = 1;
    private const int ActionPragma = 19;
    private const int ActionAttach = 24;
    private const int ActionDetach = 25;

    private readonly string side;
    private readonly Patience patience;
    private readonly GCHandle patienceHandle;
    private nint handle;
    private bool confined;

    private Database(string path, string side, Patience patience, nint handle)
    {
        Path = path;
        this.side = side;
        this.patience = patience;
        this.handle = handle;
        patienceHandle = GCHandle.Alloc(patience);
        var context = GCHandle.ToIntPtr(patienceHandle);
        _ = Native.sqlite3_busy_handler(handle, &OnBusy, context);
        Native.sqlite3_progress_handler(handle, 5_000, &OnProgress, context);
        // The file may come from anywhere: its views and triggers must reach nothing but its own rows.
        _ = Native.sqlite3_db_config(handle, Native.ConfigTrustedSchema, 0, 0);
        _ = Native.sqlite3_db_config(handle, Native.ConfigDefensive, 1, 0);
    }

    /// <summary>Version of the library.</summary>
    public static string Version => Native.Text(Native.sqlite3_libversion());

    /// <summary>The file, links resolved.</summary>
    public string Path { get; }

    public bool InTransaction => Native.sqlite3_get_autocommit(handle) == 0;

    public long Changes => Native.sqlite3_changes64(handle);

    /// <summary>All changes since the opening, those of triggers too.</summary>
    public long TotalChanges => Native.sqlite3_total_changes64(handle);

    /// <summary>The library's own words on the last failure.</summary>
    public string Words { get; private set; } = "";

    /// <summary>Opens a file that is there, for reading only.</summary>
    public static Database OpenSource(string path, Patience patience) =>
        File.Exists(path) ? Open(path, "source", Native.OpenReadOnly, patience) : throw SqliteErrors.Missing(path);

    /// <summary>Opens a file for writing; makes it when it is absent.</summary>
    public static Database OpenDestination(string path, Patience patience)
    {
        if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            throw new ReplicationException("folder_missing", $"folder {folder} does not exist; make it first or choose another place for the destination file.");
        Journal.RequireOwn(path);
        return Open(path, "destination", Native.OpenReadWrite | Native.OpenCreate, patience);
    }

    /// <summary>A database without a name, on the system's temporary disk, that is gone when it is closed or its process ends.</summary>
    /// <param name="about">Stands for its path in messages.</param>
    /// <param name="patience">Ends long statements.</param>
    public static Database OpenScratch(string about, Patience patience)
    {
        var database = Open("", "scratch", Native.OpenReadWrite | Native.OpenCreate, patience, about);
        database.Execute("PRAGMA journal_mode = OFF");
        return database;
    }

    /// <summary>Prepares one statement.</summary>
    public Statement Prepare(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        fixed (byte* text = bytes)
        {
            var result = Native.sqlite3_prepare_v2(handle, text, bytes.Length, out var statement, out _);
            return result == Native.Ok ? new(this, statement) : throw Failure(result);
        }
    }

    /// <summary>Prepares one statement, behind which nothing may stand.</summary>
    /// <exception cref="ReplicationException"><c>several_statements</c>, or there is none.</exception>
    public Statement PrepareAlone(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        Statement? first = null;
        fixed (byte* text = bytes)
        {
            for (var rest = text; rest < text + bytes.Length && *rest != 0;)
            {
                var result = Native.sqlite3_prepare_v2(handle, rest, (int)(text + bytes.Length - rest), out var statement, out var tail);
                if (first is not null && (statement != 0 || result != Native.Ok))
                {
                    _ = Native.sqlite3_finalize(statement);
                    first.Dispose();
                    throw new ReplicationException("several_statements", "there is more than one statement in it; make a task for each.");
                }

                if (result != Native.Ok)
                    throw Failure(result);
                if (statement != 0)
                    first = new(this, statement);
                rest = tail;
            }
        }

        return first ?? throw new ReplicationException("statement_missing", "there is no statement in it, only blanks and comments.");
    }

    /// <summary>How the texts of a column compare.</summary>
    public string Collation(string table, string column)
    {
        fixed (byte* schema = "main\0"u8, tableName = Encoding.UTF8.GetBytes(table + '\0'), columnName = Encoding.UTF8.GetBytes(column + '\0'))
        {
            return Native.sqlite3_table_column_metadata(handle, schema, tableName, columnName, out _, out var collation, out _, out _, out _) == Native.Ok ? Native.Text(collation) : "BINARY";
        }
    }

    /// <summary>From here on a lock of another is a refusal at once.</summary>
    public void WaitNoMore() => _ = Native.sqlite3_busy_handler(handle, null, 0);

    /// <summary>A command begins: its time counts from here.</summary>
    public void RestartClock() => patience.Restart();

    public void Execute(string sql)
    {
        using var statement = Prepare(sql);
        while (statement.Step())
        {
        }
    }

    /// <summary>For the way out of an error: what fails here is less than what failed before.</summary>
    public void TryExecute(string sql)
    {
        try
        {
            Execute(sql);
        }
        catch (Exception e) when (e is ReplicationException or OperationCanceledException)
        {
            // closing the connection rolls back too
        }
    }

    /// <summary>Columns of the first row; null when there is none.</summary>
    public Cell[]? First(string sql, params ReadOnlySpan<Cell> parameters)
    {
        using var statement = Prepare(sql);
        for (var i = 0; i < parameters.Length; i++)
            statement.Bind(i + 1, parameters[i]);
        if (!statement.Step())
            return null;
        var row = new Cell[statement.ColumnCount];
        for (var i = 0; i < row.Length; i++)
            row[i] = statement.Value(i);
        return row;
    }

    /// <summary>Attaches a file for reading only, under the schema name <c>src</c>.</summary>
    public void AttachSource(string path)
    {
        if (!File.Exists(path))
            throw SqliteErrors.Missing(path);
        var uri = new StringBuilder("file:");
        foreach (var b in Encoding.UTF8.GetBytes(path))
            uri.Append(char.IsAsciiLetterOrDigit((char)b) || b is (byte)'/' or (byte)'.' or (byte)'-' or (byte)'_' ? (char)b : $"%{b:x2}");
        Execute($"ATTACH {SqlDialect.Text(uri.Append("?mode=ro").ToString())} AS src");
    }

    /// <summary>From here on nothing can attach files or set pragmas, whatever the file's views and triggers hold.</summary>
    public void Confine()
    {
        if (confined)
            return;
        _ = Native.sqlite3_set_authorizer(handle, &OnAuthorize, 0);
        confined = true;
    }

    /// <summary>From here on every statement needs the consent of these rules.</summary>
    public void Confine(delegate* unmanaged[Cdecl]<nint, int, byte*, byte*, byte*, byte*, int> authorizer, nint rules)
    {
        _ = Native.sqlite3_set_authorizer(handle, authorizer, rules);
        confined = true;
    }

    /// <summary>A name in quotes is a name: else SQLite takes one that is gone meanwhile for a text, and writes it into every row.</summary>
    public void NamesAreNames() => _ = Native.sqlite3_db_config(handle, Native.ConfigQuotedTextsInQueries, 0, 0);

    /// <summary>For our own look at the tables.</summary>
    public void Release()
    {
        if (!confined)
            return;
        _ = Native.sqlite3_set_authorizer(handle, null, 0);
        confined = false;
    }

    public ReplicationException Failure(int result)
    {
        Words = Native.Text(Native.sqlite3_errmsg(handle));
        // Waiting for another's lock ends with the command's time too; the lock is the reason then.
        var isLock = (result & 0xff) is Native.Busy or Native.Locked;
        return patience.Ended is { } ended && !isLock ? ended : SqliteErrors.Map(handle, result, Path, side);
    }

    public void Dispose()
    {
        if (handle == 0)
            return;
        _ = Native.sqlite3_close_v2(handle);
        handle = 0;
        patienceHandle.Free();
    }

    private static Database Open(string path, string side, int flags, Patience patience, string? about = null)
    {
        if (Directory.Exists(path))
            throw new ReplicationException("not_a_database", $"{path} is a folder, not an SQLite file.");
        var name = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* pointer = name)
        {
            // No link may have taken the file's place since its path was checked.
            var result = Native.sqlite3_open_v2(pointer, out var handle, flags | Native.OpenUri | Native.OpenNoMutex | Native.OpenNoFollow | Native.OpenExtendedResult, null);
            if (result != Native.Ok)
            {
                var failure = SqliteErrors.Map(handle, result, path, side);
                _ = Native.sqlite3_close_v2(handle);
                throw failure;
            }

            var database = new Database(about ?? path, side, patience, handle);
            try
            {
                // The first read is where SQLite finds out what the file really is.
                database.First("SELECT count(*) FROM sqlite_schema");
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnBusy(nint context, int count) => ((Patience)GCHandle.FromIntPtr(context).Target!).WaitForLock(count) ? 1 : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProgress(nint context) => ((Patience)GCHandle.FromIntPtr(context).Target!).IsOver ? 1 : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAuthorize(nint context, int action, byte* first, byte* second, byte* schema, byte* trigger) =>
        action is ActionAttach or ActionDetach || (action is ActionPragma && !IsAskedByFullTextTables(first, second)) ? DenyAction : Native.Ok;

    // FTS5 asks for the data's version whenever a full-text table is read; the pragma changes nothing.
    private static bool IsAskedByFullTextTables(byte* pragma, byte* value) =>
        value is null && MemoryMarshal.CreateReadOnlySpanFromNullTerminated(pragma).SequenceEqual("data_version"u8);
}
