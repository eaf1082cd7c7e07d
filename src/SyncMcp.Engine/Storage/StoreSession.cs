using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Engine.Storage;

/// <summary>One transaction on the store. The Table classes hold the SQL, in a subset that PostgreSQL accepts too.</summary>
internal sealed class StoreSession(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>A time as the store holds it: UTC text of one length, so that text order is time order.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Runs a statement; gives the number of rows it touched.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>All rows of a query.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>The first row of a query; default where there is none.</summary>
    public T? One<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        return reader.Read() ? map(reader) : default;
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // the callers' statements are constants (a test holds them to it); values travel as parameters
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value switch { null => DBNull.Value, DateTimeOffset time => Time(time), bool truth => truth ? 1L : 0L, _ => value });
        return command;
    }
}

/// <summary>Columns that may be null, and times.</summary>
internal static class RowReading
{
    /// <summary>A text or null.</summary>
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>A number or null.</summary>
    public static long? Number(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    /// <summary>A time or null.</summary>
    public static DateTimeOffset? Time(this SqliteDataReader row, int column) => row.IsDBNull(column)
        ? null
        : DateTimeOffset.Parse(row.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
