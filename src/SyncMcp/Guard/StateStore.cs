using Microsoft.Data.Sqlite;

namespace SyncMcp.Guard;

/// <summary>
/// <c>state.db</c> in the operator's folder: approvals, open questions, codes, tokens, the head of the audit log. Several programs use it at once;
/// it is opened at the first guarded need.
/// </summary>
internal sealed class StateStore(OperatorPlace place, TimeProvider time)
{
    private readonly Lock opening = new();
    private string? connection;

    /// <summary>For what may hold a secret: SQL, scripts, options and the questions that show them.</summary>
    public Sealing Sealing { get; } = new(place, "state.key");

    /// <summary>Milliseconds since 1970: how the store keeps time.</summary>
    public long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>One transaction that holds the store's write lock from its beginning, so that what is read inside stays true until it ends.</summary>
    public T Write<T>(Func<Session, T> work)
    {
        using var open = Open();
        using var transaction = open.BeginTransaction(deferred: false);
        var result = work(new(open, transaction));
        transaction.Commit();
        return result;
    }

    /// <summary>Reads.</summary>
    public T Read<T>(Func<Session, T> work)
    {
        using var open = Open();
        using var transaction = open.BeginTransaction(deferred: true);
        return work(new(open, transaction));
    }

    private SqliteConnection Open()
    {
        var open = new SqliteConnection(connection ?? Prepare());
        open.Open();
        return open;
    }

    private string Prepare()
    {
        lock (opening)
        {
            if (connection is not null)
                return connection;
            var path = place.File("state.db");
            OperatorPlace.MakePrivate(path);
            var text = new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 10 }.ToString();
            using var open = new SqliteConnection(text);
            open.Open();
            using var command = open.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
            return connection = text;
        }
    }

    // Hashes only of what must not be read back (tokens). Times in milliseconds.
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS approval (
          origin TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, definition TEXT NOT NULL, facts TEXT NOT NULL,
          who TEXT NOT NULL, how TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (origin, kind, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS question (
          nonce TEXT PRIMARY KEY, origin TEXT NOT NULL, asked INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS question_key (
          id TEXT PRIMARY KEY, secret BLOB NOT NULL, made INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS code (
          code TEXT PRIMARY KEY, bound TEXT NOT NULL, origin TEXT NOT NULL, tool TEXT NOT NULL, question TEXT NOT NULL, phrase TEXT,
          made INTEGER NOT NULL, granted INTEGER) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS token (
          hash TEXT PRIMARY KEY, bound TEXT NOT NULL, state TEXT NOT NULL, made INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pin (
          one INTEGER PRIMARY KEY CHECK (one = 1), salt BLOB NOT NULL, hash BLOB NOT NULL, iterations INTEGER NOT NULL,
          wrong INTEGER NOT NULL, until INTEGER NOT NULL, at INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS kept (
          log TEXT NOT NULL, entry INTEGER NOT NULL, origin TEXT NOT NULL, at INTEGER NOT NULL, call TEXT NOT NULL, who TEXT NOT NULL, tool TEXT NOT NULL,
          arguments TEXT NOT NULL, kind TEXT NOT NULL, id TEXT, thing TEXT, outcome TEXT, made TEXT, undone INTEGER, undoes INTEGER, PRIMARY KEY (log, entry)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS reference (
          origin TEXT NOT NULL, connection TEXT NOT NULL, property TEXT NOT NULL, reference TEXT NOT NULL, PRIMARY KEY (origin, connection, property)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS replay (
          origin TEXT NOT NULL, principal TEXT NOT NULL, key TEXT NOT NULL, bound TEXT NOT NULL, answer TEXT, made INTEGER NOT NULL,
          PRIMARY KEY (origin, principal, key)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS run (
          origin TEXT NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, id TEXT NOT NULL, status TEXT NOT NULL,
          started INTEGER, finished INTEGER, milliseconds INTEGER, rows INTEGER, details TEXT, cause TEXT,
          PRIMARY KEY (origin, principal, kind, owner, id)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS run_by_time ON run (origin, principal, started);
        CREATE TABLE IF NOT EXISTS run_known (
          origin TEXT NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL, owner TEXT NOT NULL, since INTEGER NOT NULL,
          PRIMARY KEY (origin, principal, kind, owner)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS change_plan (
          origin TEXT NOT NULL, principal TEXT NOT NULL, id TEXT NOT NULL, content TEXT NOT NULL, progress TEXT NOT NULL, made INTEGER NOT NULL,
          PRIMARY KEY (origin, principal, id)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sighting (
          origin TEXT NOT NULL, principal TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
          updated INTEGER, hash TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (origin, principal, kind, id, first)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS sighting_by_last ON sighting (origin, principal, last);
        CREATE TABLE IF NOT EXISTS fact (
          origin TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (origin, name)) WITHOUT ROWID;
        """;

    /// <summary>Statements inside one transaction.</summary>
    internal sealed class Session(SqliteConnection connection, SqliteTransaction transaction)
    {
        /// <summary>Runs a statement; gives how many rows it changed.</summary>
        public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
        {
            using var command = Command(sql, values);
            return command.ExecuteNonQuery();
        }

        /// <summary>All rows of a query.</summary>
        public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
        {
            using var command = Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }

        /// <summary>A fact about an origin; null where none is kept.</summary>
        public string? Fact(string origin, string name) =>
            Query("SELECT value FROM fact WHERE origin = @origin AND name = @name", row => row.GetString(0), ("@origin", origin), ("@name", name)).FirstOrDefault();

        /// <summary>Keeps a fact about an origin.</summary>
        public void Keep(string origin, string name, string value) =>
            Execute("INSERT INTO fact (origin, name, value) VALUES (@origin, @name, @value) ON CONFLICT DO UPDATE SET value = @value",
                ("@origin", origin), ("@name", name), ("@value", value));

        private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> values)
        {
            var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            foreach (var (name, value) in values)
                command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            return command;
        }
    }
}
