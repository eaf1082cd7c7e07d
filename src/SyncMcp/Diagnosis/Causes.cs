namespace SyncMcp.Diagnosis;

/// <summary>All causes that are told apart.</summary>
internal static class Causes
{
    public static readonly Cause Credentials = new("credentials_refused", "The server refused the user, password, token or session.",
        "Renew the connection's credentials (update_connection with a ${secret:NAME}), prove them with test_connection, then run again what find_runs with this cause lists.");

    public static readonly Cause HostUnreachable = new("host_unreachable", "The server could not be reached: name not found, connection refused, or no route.",
        "test_connection; check host, port and that the server is up, then run again.");

    public static readonly Cause ConnectionLost = new("connection_lost", "The connection was cut in the middle of the work.",
        "Run again; if it returns, look at the server's own log and at what stands between (proxy, idle timeouts).");

    public static readonly Cause Tls = new("tls_failed", "TLS failed: a certificate is expired, unknown or for another name, or the two sides share no protocol.",
        "Renew the certificate or make its authority known (doctor names it); do not turn verification off.");

    public static readonly Cause TableGone = new("table_missing", "A table, view, schema or object is not there, or the user may not see it.",
        "list_connection_tables shows what is there; correct the task's query, or give the user rights, or remove the task.");

    public static readonly Cause ColumnGone = new("column_missing", "A column or field is not there, or the user may not see it.",
        "list_connection_columns shows what is there; correct the task's query. recent_changes says what was changed through syncmcp.");

    public static readonly Cause SchemaDrift = new("schema_drift", "Source and destination table no longer have the same columns.",
        "Set alter_schema to add the new column, name the wanted columns in the task's query, or set drop_table for one run (asks a person).");

    public static readonly Cause TypeChanged = new("type_changed", "A column's type at the destination does not fit the source's.",
        "Widen the destination's column, convert in the task's query, or set drop_table for one run (asks a person).");

    public static readonly Cause ValueRefused = new("value_refused", "A value does not fit its column: too long, out of range, or not of its type.",
        "The evidence names column and value where the server does; mend the row at the source, convert in the query, widen the column, or set continue_on_error.");

    public static readonly Cause KeyMissing = new("key_missing", "Rows cannot be told apart: no key, or a key that is null.",
        "Name the key in the task's query: REPLICATE [t] (PRIMARY KEY([…])) SELECT …");

    public static readonly Cause KeyDuplicate = new("key_duplicate", "Two rows have the same key where only one may.",
        "Find the doubled key at the source, or choose a key that tells its rows apart.");

    public static readonly Cause Constraint = new("constraint_violated", "The destination's own rules (foreign key, check, not null, trigger) refuse a row.",
        "Load the referenced table first, or write into a table without those rules.");

    public static readonly Cause RateLimit = new("rate_limited", "The service allows no more calls for now: quota, rate limit, or too many connections.",
        "Wait for the limit to renew, spread the schedules, or lower the workers of the job.");

    public static readonly Cause Timeout = new("timed_out", "A statement or request took longer than it may.",
        "Run again when the server is less busy; else raise command_timeout, or shorten the query (index on the check column, smaller interval).");

    public static readonly Cause DestinationFull = new("destination_full", "There is no room left where the rows go.",
        "Free or add room at the destination, then run again; nothing was half written.");

    public static readonly Cause ReadOnly = new("read_only", "The place that was to be written allows reading only.",
        "Point the destination at a writable server (a standby is read-only), or give write rights to the file.");

    public static readonly Cause Lock = new("locked", "Another session held what was needed: a lock, a deadlock, or a busy file.",
        "Run again; if it returns, move the schedules apart, or end the session that holds the lock.");

    public static readonly Cause Permission = new("permission_denied", "The user is known but may not do this.",
        "Grant the right that the evidence names to the connection's user, then run again.");

    public static readonly Cause QuerySyntax = new("query_invalid", "A query or statement is not understood by the server.",
        "Correct the task's query or the transformation's SQL; the evidence says where it stops.");

    public static readonly Cause ScriptError = new("script_error", "A script of an event, or of the job, failed.",
        "Correct the script; the evidence names the line where it is known. It asks a person, whole, when it changes.");

    public static readonly Cause Cancelled = new("cancelled", "Somebody or something stopped the run.",
        "recent_changes says who, where it was done through syncmcp. Run again if that was a mistake.");

    public static readonly Cause StillRunning = new("still_running", "It was left out, since the run before it had not ended.",
        "Give the schedule more room, or find why the run before takes longer (get_overview names what is slower than usual).");

    public static readonly Cause Dependency = new("dependency_failed", "Something before it failed, so that it was not done.",
        "Mend the failure that it names; this one then goes by itself.")
    { IsConsequence = true };

    public static readonly Cause FileMissing = new("file_missing", "A file or folder is not there.",
        "Put it there, or correct the path of the connection.");

    public static readonly Cause FileMalformed = new("file_malformed", "A file is damaged or not of the form that was expected.",
        "Look at the line that the evidence names; correct the file or the connection's format properties.");

    public static readonly Cause Interrupted = new("interrupted", "The program ended while the run was under way.",
        "Run again; what was written stays, and the rest follows.");

    public static readonly Cause NotApproved = new("not_approved", "The engine held back a write that nobody approved.",
        "Run it from the chat: a person is shown what it would write, and asked.");

    public static readonly Cause Configuration = new("configuration_invalid", "A setting of the connection, job or task is missing or not understood.",
        "Correct the setting that the evidence names.");

    /// <summary>Stands where no rule knows what went wrong.</summary>
    public const string Unknown = "unknown";

    /// <summary>The cause of that id; null where there is none.</summary>
    public static Cause? Find(string? id) => All.FirstOrDefault(cause => cause.Id == id);

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Cause> All =
    [
        Credentials, HostUnreachable, ConnectionLost, Tls, TableGone, ColumnGone, SchemaDrift, TypeChanged, ValueRefused, KeyMissing, KeyDuplicate, Constraint, RateLimit,
        Timeout, DestinationFull, ReadOnly, Lock, Permission, QuerySyntax, ScriptError, Cancelled, StillRunning, Dependency, FileMissing, FileMalformed, Interrupted, NotApproved, Configuration,
    ];
}
