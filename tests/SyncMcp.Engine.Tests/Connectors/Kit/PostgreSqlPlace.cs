using System.Globalization;
using System.Text;
using Npgsql;
using SyncMcp.Engine.Connectors;
using SyncMcp.Testing;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>A database of its own on the tests' PostgreSQL server.</summary>
public sealed class PostgreSqlPlace : KitPlace
{
    private readonly PostgresServer server;
    private readonly string database;
    private readonly FileRoots roots;

    private PostgreSqlPlace(PostgresServer server, string database, FileRoots roots) => (this.server, this.database, this.roots) = (server, database, roots);

    public override ResolvedConnection Connection => new(
        "PostgreSQL",
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Server"] = "127.0.0.1",
            ["Port"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["Database"] = database,
            ["User"] = PostgresServer.User,
            ["Password"] = PostgresServer.Password,
        },
        roots);

    public override bool IsTyped => true;

    public static async Task<KitPlace> OpenAsync(Lab lab)
    {
        var shared = await PostgresServer.SharedAsync();
        return new PostgreSqlPlace(shared, await shared.NewDatabaseAsync(), lab.Roots);
    }

    public override void Make(KitTable table)
    {
        var key = table.Key.Count > 0 ? $", PRIMARY KEY({string.Join(", ", table.Key.Select(Lab.Quote))})" : "";
        Execute($"CREATE TABLE {Lab.Quote(table.Name)}({string.Join(", ", table.Columns.Select(column => $"{Lab.Quote(column.Name)} {TypeMap.Declare("PostgreSQL", column.Type)}"))}{key})");
        Put(table, table.Rows);
    }

    public override void Put(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        using var connection = Open();
        var (name, columns) = (Lab.Quote(table.Name), string.Join(", ", table.Columns.Select(column => Lab.Quote(column.Name))));
        Execute(connection, $"CREATE TEMP TABLE incoming AS SELECT {columns} FROM {name} LIMIT 0");
        using (var copy = connection.BeginTextImport($"COPY incoming({columns}) FROM STDIN"))
        {
            foreach (var row in rows)
                copy.Write(string.Join('\t', row.Select(Escape)) + "\n");
        }

        var update = string.Join(", ", table.Columns.Where(column => !table.Key.Contains(column.Name)).Select(column => $"{Lab.Quote(column.Name)} = excluded.{Lab.Quote(column.Name)}"));
        var conflict = table.Key.Count == 0 ? "" : $" ON CONFLICT ({string.Join(", ", table.Key.Select(Lab.Quote))}) DO {(update.Length == 0 ? "NOTHING" : $"UPDATE SET {update}")}";
        Execute(connection, $"INSERT INTO {name}({columns}) SELECT {columns} FROM incoming{conflict}");
    }

    public override void Delete(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        foreach (var row in rows)
            Execute($"DELETE FROM {Lab.Quote(table.Name)} WHERE {string.Join(" AND ", table.KeyPlaces.Select(place => $"{Lab.Quote(table.Columns[place].Name)} = '{row[place]}'"))}");
    }

    public override void AddColumn(KitTable table, KitColumn column) => Execute($"ALTER TABLE {Lab.Quote(table.Name)} ADD COLUMN {Lab.Quote(column.Name)} {TypeMap.Declare("PostgreSQL", column.Type)}");

    public override void DropColumn(KitTable table, string column) => Execute($"ALTER TABLE {Lab.Quote(table.Name)} DROP COLUMN {Lab.Quote(column)}");

    public override IReadOnlyList<string?[]> Rows(KitTable table)
    {
        using var connection = Open();
        Execute(connection, "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET bytea_output = 'hex'");
        using var command = Command(connection, $"SELECT {string.Join(", ", table.Columns.Select(column => Lab.Quote(column.Name) + "::text"))} FROM {Lab.Quote(table.Name)}");
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
            rows.Add([.. table.Columns.Select((column, i) => reader.IsDBNull(i) ? null : Spelled(column.Type, reader.GetString(i)))]);
        return rows;
    }

    private static string Spelled(LogicalType type, string text) => type.Kind switch
    {
        LogicalKind.Boolean => text == "true" ? "1" : "0",
        LogicalKind.TimestampTz => text + ":00",
        _ => text,
    };

    private static string Escape(string? value)
    {
        if (value is null)
            return "\\N";
        var text = new StringBuilder(value);
        return text.Replace("\\", "\\\\").Replace("\t", "\\t").Replace("\n", "\\n").Replace("\r", "\\r").ToString();
    }

    private NpgsqlConnection Open() => server.OpenAsync(database).GetAwaiter().GetResult();

    private void Execute(string sql)
    {
        using var connection = Open();
        Execute(connection, sql);
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

#pragma warning disable CA2100 // tests write their own statements
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
#pragma warning restore CA2100
}
