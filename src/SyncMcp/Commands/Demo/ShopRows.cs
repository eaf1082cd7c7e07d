using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Commands.Demo;

/// <summary>The shop's rows in one spelling, whichever kind of database holds them.</summary>
internal static class ShopRows
{
    /// <summary>Walks both sides in the order of the key; gives the number of rows and of those that differ or have no counterpart.</summary>
    public static async Task<(long Rows, long Differing)> CompareAsync(string path, PostgresPlace place, string table, string key, CancellationToken ct)
    {
        await using var connection = Database.Open(path, readOnly: true);
        var columns = TableDigest.Columns(path, table);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table} ORDER BY {key}";
        await using var reader = await command.ExecuteReaderAsync(ct);
        var types = Enumerable.Range(0, columns.Count).Select(reader.GetDataTypeName).ToList();
        long rows = 0, differing = 0;
        await foreach (var other in place.RowsAsync(table, columns, key, ct))
        {
            rows++;
            if (!await reader.ReadAsync(ct) || Enumerable.Range(0, columns.Count).Any(i => Spelled(reader, i) != Plain(other[i], types[i])))
                differing++;
        }

        while (await reader.ReadAsync(ct))
            differing++;
        return (rows, differing);
    }

    private static string? Spelled(SqliteDataReader row, int column) => row.GetValue(column) switch
    {
        DBNull => null,
        byte[] bytes => "\\x" + Convert.ToHexStringLower(bytes),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // SQLite keeps booleans and decimals as numbers.
    private static string? Plain(string? text, string type) => type switch
    {
        _ when text is null => null,
        "BOOLEAN" => text == "true" ? "1" : "0",
        _ when type.StartsWith("DECIMAL", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal) => text.TrimEnd('0').TrimEnd('.'),
        _ => text,
    };
}
