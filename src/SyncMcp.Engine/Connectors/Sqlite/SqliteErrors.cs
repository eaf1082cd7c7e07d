namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>SQLite's result codes as errors that name the thing and the way out.</summary>
internal static class SqliteErrors
{
    private const int DiskFullErrno = 28;
    private const int QuotaErrno = 122;
    private const int FileTooBigErrno = 27;

    public static ReplicationException Missing(string path) => new("file_missing", $"file {path} does not exist; check the connection's Data Source (relative paths begin in the data directory's files folder).");

    public static ReplicationException Map(nint db, int result, string path, string side)
    {
        var words = db == 0 ? "out of memory" : Native.Text(Native.sqlite3_errmsg(db));
        var errno = db == 0 ? 0 : Native.sqlite3_system_errno(db);
        if ((result & 0xff) == Native.IoError && errno is DiskFullErrno or QuotaErrno or FileTooBigErrno)
            result = Native.Full;
        return (result & 0xff) switch
        {
            Native.NotADatabase => new("not_a_database", $"{path} is not an SQLite database (or it is encrypted)."),
            Native.Corrupt => new("source_damaged", $"{path} is damaged: {words}. Run PRAGMA integrity_check on a copy and restore it from a backup."),
            Native.Busy or Native.Locked => new("locked", $"{side} {path} is locked by another program that did not let go in time; close it or run again later."),
            Native.Full => new($"{side}_full", $"no space left for {side} {path}; free some disk space and run again. What was committed stays, nothing is half-written."),
            Native.ReadOnly => new("read_only", $"{side} {path} is read-only for this program: {words}. Give it write permission on the file and its folder, or choose another destination."),
            Native.CannotOpen => new("cannot_open", $"{side} {path} cannot be opened: {words}. Check that file and folder exist, with permission, and that no link stands in its path."),
            Native.IoError => new("io_error", $"reading or writing {side} {path} failed: {words} (system error {errno})."),
            Native.Constraint => new("row_refused", $"the destination refuses a row: {words}. Change the table's rule or leave such rows out by a WHERE."),
            Native.Mismatch or Native.TooBig => new("value_refused", $"the destination cannot hold a value: {words}."),
            Native.Denied => new("not_copied", "a table or view of this task needs a command (PRAGMA, ATTACH) that is not allowed while rows are copied, as some virtual tables do. Disable the task, or copy an ordinary table with the same rows."),
            Native.Interrupt => new("interrupted", $"a command on {side} {path} was interrupted."),
            _ => new($"{side}_error", $"{side} {path}: {words}."),
        };
    }
}
