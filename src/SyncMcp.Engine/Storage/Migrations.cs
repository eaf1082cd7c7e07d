using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Engine.Storage;

/// <summary>Brings a store to this program's shape: the numbered files of this folder, each once, in order, each in one transaction.</summary>
internal static class Migrations
{
    private const string Prefix = "migrations/";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="EngineStartException"><c>store_newer</c>: a later version of the program made the store.</exception>
    public static void Apply(SqliteConnection connection, TimeProvider time)
    {
        var files = Files();
        using (var begin = connection.BeginTransaction(deferred: false))
        {
            var session = new StoreSession(connection, begin);
            session.Execute("CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL)");
            begin.Commit();
        }

        var applied = Applied(connection);
        if (applied.Except(files.Select(file => file.Version)).DefaultIfEmpty().Max() is > 0 and var newer)
        {
            throw new EngineStartException("store_newer",
                $"The store has version {newer}, this program knows {files[^1].Version}: a newer syncmcp made it. Update this program, or use another data directory.");
        }

        foreach (var (version, name, sql) in files.Where(file => !applied.Contains(file.Version)))
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            var session = new StoreSession(connection, transaction);
            session.Execute(sql, ("@now", time.GetUtcNow()));
            session.Execute("INSERT INTO migration (version, name, applied_at) VALUES (@version, @name, @now)", ("@version", version), ("@name", name), ("@now", time.GetUtcNow()));
            transaction.Commit();
        }
    }

    private static HashSet<long> Applied(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        return new StoreSession(connection, transaction).Query("SELECT version FROM migration", row => row.GetInt64(0)).ToHashSet();
    }

    private static List<(long Version, string Name, string Sql)> Files()
    {
        var assembly = typeof(Migrations).Assembly;
        var files = new List<(long, string, string)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[Prefix.Length..^".sql".Length];
            files.Add((long.Parse(name[..4], CultureInfo.InvariantCulture), name, reader.ReadToEnd()));
        }

        return files;
    }
}
