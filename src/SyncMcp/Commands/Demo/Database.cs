using Microsoft.Data.Sqlite;

namespace SyncMcp.Commands.Demo;

/// <summary>The demo's own way to its two files, past the engine: it makes the data and afterwards judges what the engine did.</summary>
internal static class Database
{
    public static SqliteConnection Open(string path, bool readOnly = false)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static void Execute(string path, string sql)
    {
        using var connection = Open(path);
        Execute(connection, sql);
    }

    /// <summary>A prepared insert into a table of so many columns.</summary>
    public static Inserter Insert(SqliteConnection connection, string table, int columns) => new(connection, table, columns);

    internal sealed class Inserter : IDisposable
    {
        private readonly SqliteCommand command;

        public Inserter(SqliteConnection connection, string table, int columns)
        {
            command = connection.CreateCommand();
            command.CommandText = $"INSERT INTO {table} VALUES ({string.Join(", ", Enumerable.Range(1, columns).Select(i => $"${i}"))})";
            for (var i = 1; i <= columns; i++)
                command.Parameters.Add(new SqliteParameter($"${i}", null));
        }

        public void Row(params ReadOnlySpan<object?> values)
        {
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            command.ExecuteNonQuery();
        }

        public void Dispose() => command.Dispose();
    }
}
