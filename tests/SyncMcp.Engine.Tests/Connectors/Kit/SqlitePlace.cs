using System.Globalization;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>An SQLite file.</summary>
public sealed class SqlitePlace(Lab lab, string path) : KitPlace
{
    public override ResolvedConnection Connection => lab.Connection(path);

    public override bool IsTyped => false;

    public override void Make(KitTable table)
    {
        var key = table.Key.Count > 0 ? $", PRIMARY KEY({string.Join(", ", table.Key.Select(Lab.Quote))})" : "";
        var columns = table.Columns.Select(column => $"{Lab.Quote(column.Name)} {(table.Key is [var only] && only == column.Name && column.Type.Kind == LogicalKind.Integer ? "INTEGER" : TypeMap.Declare("SQLite", column.Type))}{(table.Key.Contains(column.Name) ? " NOT NULL" : "")}");
        Lab.Execute(path, $"CREATE TABLE {Lab.Quote(table.Name)}({string.Join(", ", columns)}{key})");
        Put(table, table.Rows);
    }

    public override void Put(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        using var connection = Lab.Open(path);
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT OR REPLACE INTO {Lab.Quote(table.Name)}({string.Join(", ", table.Columns.Select(column => Lab.Quote(column.Name)))}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"$v{i}"))})";
        foreach (var row in rows)
        {
            command.Parameters.Clear();
            for (var i = 0; i < row.Length; i++)
                command.Parameters.AddWithValue($"$v{i}", Value(table.Columns[i].Type, row[i]));
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public override void Delete(KitTable table, params IReadOnlyList<string?[]> rows)
    {
        foreach (var row in rows)
            Lab.Execute(path, $"DELETE FROM {Lab.Quote(table.Name)} WHERE {string.Join(" AND ", table.KeyPlaces.Select(place => $"CAST({Lab.Quote(table.Columns[place].Name)} AS TEXT) = '{row[place]}'"))}");
    }

    public override void AddColumn(KitTable table, KitColumn column) => Lab.Execute(path, $"ALTER TABLE {Lab.Quote(table.Name)} ADD COLUMN {Lab.Quote(column.Name)} {TypeMap.Declare("SQLite", column.Type)}");

    public override void DropColumn(KitTable table, string column) => Lab.Execute(path, $"ALTER TABLE {Lab.Quote(table.Name)} DROP COLUMN {Lab.Quote(column)}");

    public override IReadOnlyList<string?[]> Rows(KitTable table)
    {
        using var connection = Lab.Open(path);
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {string.Join(", ", table.Columns.Select(column => Lab.Quote(column.Name)))} FROM {Lab.Quote(table.Name)}";
        using var reader = command.ExecuteReader();
        var rows = new List<string?[]>();
        while (reader.Read())
            rows.Add([.. table.Columns.Select((column, i) => Spelled(column.Type, reader, i))]);
        return rows;
    }

    private static object Value(LogicalType type, string? value) => value is null ? DBNull.Value : type.Kind switch
    {
        LogicalKind.Integer or LogicalKind.Boolean => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : value,
        LogicalKind.Real => double.Parse(value, CultureInfo.InvariantCulture),
        LogicalKind.Bytes => Convert.FromHexString(value[2..]),
        _ => value,
    };

    // What the file holds, and not what it would be as another type: a text in a column of numbers is a finding.
    private static string? Spelled(LogicalType type, SqliteDataReader reader, int column) => reader.GetValue(column) switch
    {
        DBNull => null,
        long number when type.Kind is LogicalKind.Integer or LogicalKind.Boolean or LogicalKind.Decimal or LogicalKind.Any => KitTable.Text(number),
        double real when type.Kind is LogicalKind.Real or LogicalKind.Any => real.ToString("R", CultureInfo.InvariantCulture),
        double real when TypeMap.IsExactAsNumber(type) => ((decimal)real).ToString(CultureInfo.InvariantCulture),
        string text when type.Kind is not (LogicalKind.Integer or LogicalKind.Real or LogicalKind.Bytes or LogicalKind.Boolean) => text,
        byte[] bytes when type.Kind == LogicalKind.Bytes => "\\x" + Convert.ToHexStringLower(bytes),
        var other => $"({other.GetType().Name}) {other}",
    };
}
