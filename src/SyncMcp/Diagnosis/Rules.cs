namespace SyncMcp.Diagnosis;

/// <summary>
/// What servers, drivers and services say when something is wrong, sorted by cause. The first rule that fits a line counts, so what is said precisely stands before
/// what is said loosely. Sources: the error tables of PostgreSQL (SQLSTATE), SQLite, MySQL, SQL Server, Oracle, Snowflake, Salesforce and HTTP, our own engine's codes, and the
/// texts in tests/SyncMcp.Tests/Diagnosis, which were collected from public threads.
/// </summary>
internal static class Rules
{
    public static readonly IReadOnlyList<Rule> All =
    [
        // Our own engine says a code before its words; these are exact.
        new(Causes.NotApproved, "table_not_owned"),
        new(Causes.Dependency, "step_failed", "upstream_failed", "dependency failed", "parent task failed", "previous step failed", "skipped because *failed", "not started because *failed"),
        new(Causes.StillRunning, "previous run is still", "already running", "already_running", "overlapping run", "previous execution has not", "skipped *still running", "another run of * is in progress", "while run * went on"),
        new(Causes.Cancelled, "cancelled by", "canceled by", "was cancelled", "was canceled", "run cancelled", "run canceled", "aborted by user", "operation cancelled by user", "stopped by user"),
        new(Causes.Interrupted, "interrupted", "the program ended", "server restarted while", "host process exited"),
        new(Causes.ScriptError, "script_error", "script_failed", "script_invalid", "script_limit", "script_refused", "ReferenceError:", "TypeError: *undefined", "SyntaxError: Unexpected token", "event script"),

        // A full disk, before "could not write" and "I/O error" can say less.
        new(Causes.DestinationFull, "destination_full", "disk_full", "no space left on device", "53100", "database or disk is full", "disk full", "ENOSPC", "the table * is full", "ORA-01653", "ORA-01654", "ORA-01536",
            "filegroup is full", "would exceed your licensed limit", "transaction log for database * is full", "could not extend file", "STORAGE_LIMIT_EXCEEDED", "not enough space on the disk", "not enough free space", "quota exceeded for disk", "1114 *is full"),

        new(Causes.Tls, "tls_refused", "certificate has expired", "certificate is expired", "certificate verify failed", "self-signed certificate", "self signed certificate", "unable to get local issuer certificate",
            "unable to verify the first certificate", "PKIX path building failed", "SSL handshake", "TLS handshake", "remote certificate is invalid", "UntrustedRoot", "PartialChain", "RemoteCertificateNameMismatch",
            "hostname mismatch", "Hostname/IP does not match certificate", "certificate is not valid", "certificate signed by unknown authority", "SSL connection could not be established", "SSL routines",
            "no pg_hba.conf entry *no encryption", "no pg_hba.conf entry *SSL off", "server does not support SSL", "The server does not support SSL", "tlsv1 alert", "SEC_E_", "SSL_ERROR", "SSLHandshakeException", "SSLError",
            "unsupported protocol *ssl", "bad certificate", "ERR_TLS_CERT", "provider: SSL Provider", "certificate * not trusted"),

        new(Causes.RateLimit, "rate limit", "rate-limit", "ratelimit", "too many requests", "429", "REQUEST_LIMIT_EXCEEDED", "EXCEEDED_ID_LIMIT", "TotalRequests Limit exceeded", "API Call limit", "Max bulk v2 query jobs",
            "quota exceeded", "quotaExceeded", "exceeded your current quota", "Quota exceeded", "too many connections", "53300", "remaining connection slots", "sorry, too many clients already", "max_user_connections", "max_connections_per_hour",
            "ThrottlingException", "Throttled", "throttling", "Rate exceeded", "ConcurrentRequests", "concurrent requests limit", "SSS_REQUEST_LIMIT_EXCEEDED", "connection pool has been exhausted", "server_busy", "user_request_limit", "exceeded the maximum number of concurrent"),

        new(Causes.Lock, "deadlock", "1205", "1213", "40P01", "lock wait timeout", "could not obtain lock", "55P03", "lock timeout", "canceling statement due to lock timeout", "database is locked", "SQLITE_BUSY", "SQLITE_LOCKED", "database table is locked",
            "UNABLE_TO_LOCK_ROW", "ORA-00054", "ORA-00060", "table_in_use", "could not serialize access", "40001", "being used by another process", "resource busy and acquire", "lock request time out"),

        // A standby says it like this; file systems like that.
        new(Causes.ReadOnly, "read_only", "read-only transaction", "25006", "attempt to write a readonly database", "readonly database", "read only database", "read-only file system", "--read-only option", "--super-read-only", "database is read-only", "is in read-only mode", "hot standby"),

        new(Causes.Credentials, "password_refused", "password_missing", "credentials_unreadable", "password authentication failed", "28P01", "28000 *role", "authentication failed", "authentication failure", "login failed", "Access denied for user",
            "invalid username or password", "invalid username, password", "security token required", "MUST_USE_SECURITY_TOKEN", "incorrect username or password", "Incorrect username or password was specified", "INVALID_LOGIN", "INVALID_SESSION_ID", "invalid session id", "session expired", "INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT",
            "invalid_grant", "expired access/refresh token", "token has expired", "token expired", "token is expired", "access token expired", "ExpiredToken", "expired token", "invalid_client", "invalid api key", "invalid access token",
            "JWT token is invalid", "JWT expired", "401 unauthorized", "401 (unauthorized)", "status code 401", "HTTP 401", "unauthorized *401", "401 client error", "invalid credentials", "bad credentials", "ORA-01017", "ORA-28001", "password has expired", "password must be reset",
            "account is locked", "user temporarily locked", "SASL auth", "role * does not exist", "no password supplied", "authentication token", "re-authenticate", "reauthorize", "AADSTS", "SignatureDoesNotMatch", "InvalidAccessKeyId", "UNAUTHENTICATED", "wrong username or password"),

        new(Causes.Permission, "rights_missing", "permission denied", "42501", "insufficient privilege", "Insufficient privileges", "has no privileges", "must be owner of", "command denied to user", "ORA-01031", "INSUFFICIENT_ACCESS", "insufficient_scope",
            "not authorized to perform", "AccessDenied", "access is denied", "Access Denied", "is not authorized", "403 forbidden", "403 (forbidden)", "status code 403", "HTTP 403", "no pg_hba.conf entry", "client with IP address * is not allowed", "request with IP* is not allowed to access", "EACCES", "path_refused", "UnauthorizedAccess", "must be superuser",
            "The SELECT permission was denied", "permission was denied", "PERMISSION_DENIED", "View all Data", "requires *privilege"),

        new(Causes.KeyDuplicate, "duplicate key value", "23505", "UNIQUE constraint failed", "Duplicate entry", "unique constraint *violated", "ORA-00001", "Violation of PRIMARY KEY", "Violation of UNIQUE KEY", "Cannot insert duplicate key", "DUPLICATE_VALUE", "ON CONFLICT DO UPDATE command cannot affect row a second time",
            "21000", "Duplicate row detected during DML", "UPDATE or DELETE the same row more than once", "must match at most one source row"),
        new(Causes.KeyMissing, "key_missing", "no unique or exclusion constraint matching", "42P10", "has no primary key", "no primary key", "requires a primary key", "primary key is required", "without a primary key", "key column * null", "does not have a replica identity", "cannot update table * because it does not have a replica identity"),
        new(Causes.Constraint, "violates foreign key", "23503", "FOREIGN KEY constraint failed", "foreign key constraint fails", "violates check constraint", "23514", "CHECK constraint failed", "violates not-null constraint", "23502", "NOT NULL constraint failed", "cannot be null", "ORA-02291", "ORA-01400",
            "FIELD_CUSTOM_VALIDATION_EXCEPTION", "REQUIRED_FIELD_MISSING", "row_refused", "NULL result in a non-nullable column", "Cannot insert the value NULL", "conflicted with the FOREIGN KEY"),

        new(Causes.TypeChanged, "type_changed", "cannot be cast automatically", "column * is of type * but expression is of type", "42804", "cannot change data type", "incompatible types", "type mismatch between source and destination", "cannot alter type", "has changed type from"),
        new(Causes.SchemaDrift, "schema_drift", "schema has changed", "schema changed", "schema mismatch", "SchemaMismatch", "column count doesn't match", "has more target columns than", "has more expressions than target columns", "Insert value list does not match column list", "columns but * values were supplied",
            "new column * in source", "cached plan must not change result type", "Number of columns in file", "table \"* has no column", "added to the source", "does not match table", "missing in new schema"),

        new(Causes.ValueRefused, "value_refused", "value too long for type", "22001", "Data too long for column", "numeric field overflow", "22003", "out of range", "invalid input syntax for", "22P02", "invalid byte sequence for encoding", "22021", "date/time field value out of range", "22008", "22007", "Incorrect string value", "Incorrect integer value",
            "Incorrect datetime value", "Incorrect date value", "Truncated incorrect", "Data truncated for column", "String or binary data would be truncated", "Numeric value * is not recognized", "Date * is not recognized", "Timestamp * is not recognized", "is too long and would be truncated", "Error converting data type", "Conversion failed when converting",
            "ORA-12899", "ORA-01722", "ORA-01861", "STRING_TOO_LONG", "cannot convert value", "could not convert string to", "Arithmetic overflow", "unsupported Unicode escape sequence", "datatype mismatch", "invalid UTF-8", "invalid utf8"),

        // A column before a table: "column t.c does not exist" names both.
        new(Causes.ColumnGone, "column_missing", "check_column_missing", "column * does not exist", "42703", "no such column", "Unknown column", "has no column named", "Invalid column name", "INVALID_FIELD", "No such column", "invalid identifier", "Unrecognized name", "ORA-00904", "field * does not exist", "unknown field", "external ID field does not exist",
            "column not found", "Invalid field", "42S22", "column * not found", "Undefined column"),
        new(Causes.TableGone, "table_missing", "source_missing", "schema_missing", "relation * does not exist", "42P01", "no such table", "Table * doesn't exist", "Unknown table", "Invalid object name", "ORA-00942", "does not exist or not authorized", "INVALID_TYPE", "sObject type * is not supported", "database * does not exist", "3D000", "Unknown database", "schema * does not exist", "3F000",
            "42S02", "Not found: Table", "Not found: Dataset", "was not found in location", "object does not exist", "Table or view not found", "TABLE_OR_VIEW_NOT_FOUND", "entity_missing", "table * not found", "object * not found", "table * does not exist", "NoSuchTable", "Cannot open database *requested by the login"),

        new(Causes.QuerySyntax, "query_invalid", "statement_failed", "statement_refused", "statement_missing", "several_statements", "syntax error", "42601", "SQL syntax", "ORA-00933", "ORA-00936", "MALFORMED_QUERY", "Incorrect syntax near", "SQL compilation error", "parse error", "unexpected token", "unterminated quoted", "unrecognized token", "function * does not exist", "42883", "no such function",
            "incomplete input", "must appear in the GROUP BY", "ambiguous column", "is ambiguous"),

        new(Causes.FileMalformed, "file_empty", "row_ragged", "row_too_long", "header_invalid", "quoting_invalid", "not_a_database", "source_damaged", "state_damaged", "file is not a database", "database disk image is malformed", "file is encrypted or is not a database", "unterminated CSV", "extra data after last expected column", "missing data for column", "22P04",
            "malformed CSV", "Error parsing CSV", "invalid JSON", "Unexpected end of JSON", "is not a valid JSON", "files_failed", "end-of-file marker", "bad zip file", "Invalid parquet", "not a Parquet file", "Expected * columns *found", "Expected * fields *saw", "unescaped quote"),
        new(Causes.FileMissing, "file_missing", "folder_missing", "no such file or directory", "could not find file", "could not find a part of the path", "ENOENT", "unable to open database file", "cannot_open", "NoSuchKey", "specified key does not exist", "NoSuchBucket", "BlobNotFound", "file not found", "FileNotFoundException", "The system cannot find the file", "The system cannot find the path"),

        // Nobody answered the first knock; the same words later mean a slow statement.
        new(Causes.HostUnreachable, "connect ETIMEDOUT", "connect timed out", "connection to server * timed out", "could not connect to server", "dial tcp * timeout", "Can't connect to MySQL server", "ConnectTimeout"),
        new(Causes.Timeout, "command_timeout", "statement timeout", "57014", "canceling statement due to", "query timed out", "timed out", "timeout expired", "Timeout expired", "execution timeout", "max_execution_time", "maximum statement execution time exceeded", "QUERY_TIMEOUT", "QUERY_TOO_COMPLICATED", "504 gateway", "gateway timeout", "gateway time-out", "status code 504", "HTTP 504", "deadline exceeded", "DEADLINE_EXCEEDED", "read timeout",
            "ReadTimeout", "ETIMEDOUT", "ESOCKETTIMEDOUT", "timeout of * exceeded", "Statement reached its statement or warehouse timeout", "ORA-01013", "TimeoutException", "request timeout", "408"),

        new(Causes.HostUnreachable, "server_unreachable", "connection refused", "ECONNREFUSED", "could not translate host name", "name or service not known", "Temporary failure in name resolution", "nodename nor servname", "getaddrinfo", "ENOTFOUND", "EAI_AGAIN", "No such host is known", "no such host", "no route to host", "network is unreachable", "EHOSTUNREACH", "ENETUNREACH", "UnknownHostException",
            "Can't connect to local MySQL", "Unknown MySQL server host", "Cannot assign requested address", "Failed to connect to", "actively refused", "A network-related or instance-specific error", "ORA-12541", "ORA-12514", "ORA-12170", "Name does not resolve", "failed to resolve", "the database system is starting up", "the database system is shutting down", "57P03",
            "503 service unavailable", "status code 503", "HTTP 503", "502 bad gateway", "status code 502", "SERVER_UNAVAILABLE", "DNS lookup", "DNS resolution", "DNS name", "DNS request", "DNS error"),
        new(Causes.ConnectionLost, "connection_lost", "connection reset", "ECONNRESET", "server closed the connection unexpectedly", "MySQL server has gone away", "Lost connection to MySQL", "Broken pipe", "EPIPE", "socket hang up", "terminating connection due to", "57P01", "unexpected EOF", "connection was forcibly closed", "forcibly closed by the remote host", "Communications link failure",
            "connection is closed", "connection already closed", "Connection closed", "RemoteDisconnected", "Connection aborted", "ORA-03113", "ORA-03135", "transport-level error", "Exception while reading from stream", "remote end closed connection", "premature close", "connection has been closed", "idle-in-transaction"),

        new(Causes.Configuration, "property_missing", "property_invalid", "option_invalid", "start_invalid", "connector_missing", "name_refused", "same_table", "same_destination", "not_supported", "not_on_this_server", "no_sql", "interval_too_small", "missing required property", "required property", "not a valid value for", "does not have a current database", "no active warehouse"),
    ];
}
