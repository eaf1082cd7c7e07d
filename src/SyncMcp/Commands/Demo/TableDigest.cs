using System.Buffers.Binary;
using System.Security.Cryptography;
using SQLitePCL;

namespace SyncMcp.Commands.Demo;

/// <summary>Number of rows and SHA-256 of every value of a table with its storage class, in the order of the key: equal digests mean equal rows.</summary>
internal sealed record TableDigest(long Rows, string Sha256)
{
    /// <summary>Reads the whole table.</summary>
    /// <param name="path">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns, in this order on both sides.</param>
    /// <param name="key">The columns to order by.</param>
    public static TableDigest Of(string path, string table, IReadOnlyList<string> columns, string key)
    {
        using var connection = Database.Open(path, readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", columns)} FROM {table} ORDER BY {key}";
        using var reader = command.ExecuteReader();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var statement = reader.Handle ?? throw new InvalidOperationException("no statement");
        Span<byte> head = stackalloc byte[9];
        long rows = 0;
        while (reader.Read())
        {
            rows++;
            for (var i = 0; i < columns.Count; i++)
            {
                var kind = raw.sqlite3_column_type(statement, i);
                head[0] = (byte)kind;
                var body = kind is raw.SQLITE_TEXT or raw.SQLITE_BLOB ? raw.sqlite3_column_blob(statement, i) : default; // text as its UTF-8
                BinaryPrimitives.WriteInt64LittleEndian(head[1..], kind switch
                {
                    raw.SQLITE_INTEGER => raw.sqlite3_column_int64(statement, i),
                    raw.SQLITE_FLOAT => BitConverter.DoubleToInt64Bits(raw.sqlite3_column_double(statement, i)),
                    _ => body.Length,
                });
                hash.AppendData(head);
                hash.AppendData(body);
            }
        }

        return new(rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>The columns of a table, sorted, so that two databases agree on the order.</summary>
    public static IReadOnlyList<string> Columns(string path, string table)
    {
        using var connection = Database.Open(path, readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT name FROM pragma_table_info('{table}') ORDER BY name";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }
}
