using Microsoft.Data.Sqlite;

namespace SyncMcp.Tests.Testing;

/// <summary>A test's own way into SQLite files, past the engine: makes what is replicated and judges what arrived.</summary>
internal static class Sql
{
    /// <summary>Runs statements; makes the file where it is absent.</summary>
    public static void Run(string path, string statements)
    {
        using var file = Open(path);
        Run(file, statements);
    }

    /// <summary>Rows as texts, values joined by <c>|</c>, null as <c>NULL</c>.</summary>
    public static IReadOnlyList<string> Rows(string path, string query)
    {
        using var file = Open(path);
        using var command = file.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "NULL" : reader.GetString(column))));
        return rows;
    }

    /// <summary>Holds the file's write lock until disposed: writers wait, readers see what was there.</summary>
    public static IDisposable Lock(string path)
    {
        var file = Open(path);
        Run(file, "PRAGMA journal_mode = WAL");
        Run(file, "BEGIN IMMEDIATE");
        return file;
    }

    /// <summary>Holds the whole file until disposed: readers wait too.</summary>
    public static IDisposable LockWhole(string path)
    {
        var file = Open(path);
        Run(file, "BEGIN EXCLUSIVE");
        return file;
    }

    private static SqliteConnection Open(string path)
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        file.Open();
        return file;
    }

    private static void Run(SqliteConnection file, string statements)
    {
        using var command = file.CreateCommand();
        command.CommandText = statements;
        command.ExecuteNonQuery();
    }
}
