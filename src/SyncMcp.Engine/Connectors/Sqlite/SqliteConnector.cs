using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>SQLite files, through the library that the program brings.</summary>
internal sealed class SqliteConnector : IConnector, ISqlConnector
{
    public string Name => "SQLite";

    /// <summary>The file behind <c>Data Source</c>, checked against the allowed folders.</summary>
    public static string PathOf(ResolvedConnection connection)
    {
        var named = connection.Properties.FirstOrDefault(property => property.Key.Equals("Data Source", StringComparison.OrdinalIgnoreCase)).Value;
        return string.IsNullOrWhiteSpace(named)
            ? throw new ReplicationException("property_missing", "the connection has no Data Source; set it to the path of an SQLite file.")
            : connection.Files.Resolve(named);
    }

    public Task<ConnectionTest> TestAsync(ResolvedConnection connection, CancellationToken ct) => Task.Run(() => Test(connection, ct), ct);

    public Task<IReadOnlyList<Table>> TablesAsync(ResolvedConnection connection, bool includeSystem, CancellationToken ct) => Task.Run<IReadOnlyList<Table>>(
        () =>
        {
            using var database = Database.OpenSource(PathOf(connection), new(ct));
            var owners = Ledger.Owners(database);
            return [.. Catalog.Tables(database)
                .Where(table => includeSystem || !table.IsSystem)
                .Select(table => new Table { Name = table.Name, Type = table.IsView ? "VIEW" : "TABLE", MadeByJob = owners.GetValueOrDefault(table.Name) })];
        },
        ct);

    public Task<IReadOnlyList<Column>> ColumnsAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run<IReadOnlyList<Column>>(
        () =>
        {
            using var database = Database.OpenSource(PathOf(connection), new(ct));
            var shape = Catalog.Describe(database, table) ?? throw NoTable(database, table);
            return [.. shape.Columns.Select(column => Describe(shape, column))];
        },
        ct);

    public Task<RowCount> CountAsync(ResolvedConnection connection, string table, CancellationToken ct) => Task.Run(
        () =>
        {
            using var database = Confined(connection, Database.OpenSource(PathOf(connection), new(ct, TimeSpan.FromSeconds(1))));
            var shape = Catalog.Describe(database, table) ?? throw NoTable(database, table);
            if (shape.IsView)
                return RowCount.Unknown;
            database.Confine();
            try
            {
                var rows = database.First($"SELECT count(*) FROM (SELECT 1 FROM main.{SqlDialect.Sqlite.Name(shape.Name)} LIMIT {RowCount.Most + 1})")![0].Integer;
                return rows <= RowCount.Most ? RowCount.Exactly(rows) : RowCount.AtLeast(RowCount.Most);
            }
            catch (ReplicationException slow) when (slow.Code == "command_timeout")
            {
                return RowCount.Unknown;
            }
        },
        ct);

    public ISource OpenSource(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) =>
        new SqliteSource(Confined(connection, Database.OpenSource(PathOf(connection), new(ct, commandTimeout))));

    public IDestination OpenDestination(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct)
    {
        var (database, isNew) = OpenForWriting(connection, commandTimeout, ct);
        return new SqliteDestination(database, isNew);
    }

    public ISqlRunner OpenSql(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct) => new SqlRunner(OpenForWriting(connection, commandTimeout, ct).Database);

    private static (Database Database, bool IsNew) OpenForWriting(ResolvedConnection connection, TimeSpan? commandTimeout, CancellationToken ct)
    {
        connection = connection.ForWriting();
        var path = PathOf(connection);
        var isNew = !File.Exists(path) || new FileInfo(path).Length == 0;
        var database = Confined(connection, Database.OpenDestination(path, new(ct, commandTimeout)));
        // Rows and checkpoint lie in one file: a power cut may take the last transactions, never half of one.
        if (database.First("PRAGMA main.journal_mode")![0].ToString() == "wal")
        {
            database.Execute("PRAGMA main.synchronous = NORMAL");
            // Into the file each 64 MB, not with each chunk: each time waits for the disk.
            database.Execute("PRAGMA wal_autocheckpoint = 16384");
        }

        return (database, isNew);
    }

    /// <summary>Looks at the place once more now that the file is open: what was swapped in between the check and the opening is not used.</summary>
    private static Database Confined(ResolvedConnection connection, Database database)
    {
        try
        {
            _ = connection.Files.Resolve(database.Path);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public static ReplicationException NoTable(Database database, string table) =>
        new("table_missing", $"there is no table \"{table}\" in {database.Path}.{Nearest.Hint(table, [.. Catalog.Tables(database).Where(known => !known.IsSystem).Select(known => known.Name)], '"')}");

    private static ConnectionTest Test(ResolvedConnection connection, CancellationToken ct)
    {
        try
        {
            var path = PathOf(connection);
            if (Directory.Exists(path))
                return new() { Message = $"{path} is a folder, not an SQLite file; name a file in it." };
            if (!File.Exists(path))
            {
                var folder = Path.GetDirectoryName(path)!;
                return Directory.Exists(folder)
                    ? new() { Success = true, Message = $"{path} does not exist yet: as a destination it is made by the first run; as a source it must be put there first." }
                    : new() { Message = $"Neither {path} nor its folder exists." };
            }

            using var database = Database.OpenSource(path, new(ct));
            var tables = Catalog.Tables(database).Count(table => !table.IsSystem);
            return new() { Success = true, Message = $"SQLite {Database.Version}, {path}: {tables} tables and views." };
        }
        catch (ReplicationException trouble)
        {
            return new() { Message = trouble.Message };
        }
    }

    private static Column Describe(TableShape shape, ColumnShape column)
    {
        var (length, precision, scale) = DeclaredSize.Of(column);
        return new()
        {
            Name = column.Name,
            DataType = column.Type,
            IsNullable = !column.NotNull && (column.Key == 0 || shape.NullableKey.Contains(column)),
            IsPrimaryKey = column.Key > 0,
            Length = length,
            Precision = precision,
            Scale = scale,
        };
    }

    /// <summary>The numbers in a declared type: <c>VARCHAR(40)</c>, <c>DECIMAL(10,2)</c>.</summary>
    private static class DeclaredSize
    {
        public static (long? Length, int? Precision, int? Scale) Of(ColumnShape column)
        {
            var open = column.Type.IndexOf('(', StringComparison.Ordinal);
            var close = column.Type.IndexOf(')', StringComparison.Ordinal);
            if (open < 0 || close < open)
                return default;
            var numbers = column.Type[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries);
            if (!int.TryParse(numbers[0], out var first))
                return default;
            if (column.IsText)
                return (first, null, null);
            return (null, first, numbers.Length > 1 && int.TryParse(numbers[1], out var second) ? second : null);
        }
    }
}
