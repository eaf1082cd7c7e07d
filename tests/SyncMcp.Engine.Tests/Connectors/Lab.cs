using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>A folder with a source and a destination, and runs between them.</summary>
public sealed class Lab : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string root = Directory.CreateTempSubdirectory("syncmcp-lab").FullName;
    private int runs;

    public Lab() => Directory.CreateDirectory(Files);

    public string Files => Path.Combine(root, "data", "files");

    public string Source => Path.Combine(Files, "source.db");

    public string Destination => Path.Combine(Files, "destination.db");

    public FileRoots Roots => new(Files, () => []);

    public List<string> Logs { get; } = [];

    /// <summary>Hears of progress, on the run's own thread.</summary>
    public Action? Progressed { get; set; }

    public ResolvedConnection Connection(string path) => new("SQLite", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Data Source"] = path }, Roots);

    public TaskPlan Plan(string? table = null, string? query = null) => new()
    {
        JobId = "job",
        TaskId = "task",
        RunId = $"run{++runs}",
        Source = Connection(Source),
        Destination = Connection(Destination),
        Table = table,
        Query = query,
        Settings = new(),
    };

    public TaskResult Run(TaskPlan plan) => Start(plan, TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    /// <summary>Never waits longer than the patience, whatever the run does.</summary>
    public Task<TaskResult> Start(TaskPlan plan, CancellationToken ct) => Replication.RunAsync(plan, new Listener(this), ct).WaitAsync(Patience, CancellationToken.None);

    public TaskResult Run(string table, TransferPath path) => Run(Plan(table) with { Path = path });

    public ReplicationException Fails(TaskPlan plan) => Assert.Throws<ReplicationException>(() => Run(plan));

    public void AtSource(params string[] sql) => Execute(Source, sql);

    public void AtDestination(params string[] sql) => Execute(Destination, sql);

    public static void Execute(string path, params string[] sql)
    {
        using var connection = Open(path);
        foreach (var statement in sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement;
            command.ExecuteNonQuery();
        }
    }

    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = false }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>The rows with their storage classes, as lines, sorted.</summary>
    public static List<string> Rows(string path, string query)
    {
        using var connection = Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var lines = new List<string>();
        while (reader.Read())
        {
            var line = new StringBuilder();
            for (var i = 0; i < reader.FieldCount; i++)
                line.Append(Cell(reader.Handle!, i)).Append('|');
            lines.Add(line.ToString());
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    public List<string> SourceRows(string table, string columns = "*") => Rows(Source, $"SELECT {columns} FROM {Quote(table)}");

    public List<string> DestinationRows(string table, string columns = "*") => Rows(Destination, $"SELECT {columns} FROM {Quote(table)}");

    public string Ddl(string table) => Rows(Destination, $"SELECT sql FROM sqlite_schema WHERE name = '{table.Replace("'", "''", StringComparison.Ordinal)}'")[0];

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(root, recursive: true);
    }

    private static string Cell(sqlite3_stmt statement, int column) => raw.sqlite3_column_type(statement, column) switch
    {
        raw.SQLITE_INTEGER => "i" + raw.sqlite3_column_int64(statement, column).ToString(CultureInfo.InvariantCulture),
        raw.SQLITE_FLOAT => "r" + BitConverter.DoubleToInt64Bits(raw.sqlite3_column_double(statement, column)).ToString("x16", CultureInfo.InvariantCulture),
        raw.SQLITE_TEXT => "t" + Convert.ToHexStringLower(raw.sqlite3_column_blob(statement, column)) + " " + raw.sqlite3_column_text(statement, column).utf8_to_string(),
        raw.SQLITE_BLOB => "b" + Convert.ToHexStringLower(raw.sqlite3_column_blob(statement, column)),
        _ => "n",
    };

    private sealed class Listener(Lab lab) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => lab.Progressed?.Invoke();

        public void Log(LogLevel level, string text)
        {
            lock (lab.Logs)
                lab.Logs.Add($"{level}: {text}");
        }
    }
}
