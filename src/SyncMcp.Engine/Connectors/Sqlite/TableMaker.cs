using System.Text;

namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>The DDL of a destination table: types, NOT NULL, key, collations, STRICT and WITHOUT ROWID as the source has them. Defaults, checks, foreign keys and other indexes are the source's business.</summary>
internal static class TableMaker
{
    private static readonly string[] StrictTypes = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];

    public static string Create(SourceShape source, TargetPlan plan, TargetTypes names)
    {
        var key = source.Key.Select(name => source.Columns.First(column => column.Name == name)).ToList();
        var types = source.Columns.ToDictionary(column => column, column => Type(column, key, names));
        var strict = source.Strict && types.Values.All(type => StrictTypes.Contains(type, StringComparer.OrdinalIgnoreCase));
        var sql = new StringBuilder("CREATE TABLE ").Append(TargetTable.Qualified(plan.Table)).Append('(');
        foreach (var column in source.Columns)
        {
            sql.Append(Column(column, types[column], source.Strict, strict));
            if (column.Descending && key is [var only] && only == column)
                sql.Append(" PRIMARY KEY DESC");
            if (column.NotNull)
                sql.Append(" NOT NULL");
            sql.Append(Collation(column)).Append(", ");
        }

        if (key.Count > 0 && !(key is [{ Descending: true }]))
            sql.Append("PRIMARY KEY(").AppendJoin(", ", key.Select(column => TargetTable.Quote(column.Name))).Append("), ");
        sql.Length -= 2;
        sql.Append(')');
        var options = new List<string>();
        if (source.WithoutRowid && key.Count > 0)
            options.Add("WITHOUT ROWID");
        if (strict)
            options.Add("STRICT");
        return sql.Append(' ').AppendJoin(", ", options).ToString().TrimEnd();
    }

    /// <summary>Adds a column that is new at the source. Without NOT NULL: the rows that are there get their values in the transactions that follow.</summary>
    public static string Add(SourceShape source, TargetPlan plan, TargetTypes names, SourceColumn column, bool strict)
    {
        var type = names.Declared(column);
        if (strict && !StrictTypes.Contains(type, StringComparer.OrdinalIgnoreCase))
            type = "ANY"; // the table takes these types only
        return $"ALTER TABLE {TargetTable.Qualified(plan.Table)} ADD COLUMN {Column(column, type, source.Strict, strict)}{Collation(column)}";
    }

    // A key of one integer is the row number itself under this name only: no second tree to write (sqlite.org/lang_createtable.html#rowid).
    private static string Type(SourceColumn column, List<SourceColumn> key, TargetTypes names)
    {
        var type = names.Declared(column);
        return !names.IsVerbatim && key is [var only] && only == column && TypeMap.Read("SQLite", type).Kind == LogicalKind.Integer ? "INTEGER" : type;
    }

    private static string Column(SourceColumn column, string type, bool fromStrict, bool strict)
    {
        // ANY means "as it is" in a STRICT table only, elsewhere it would turn texts into numbers.
        var declared = fromStrict && !strict && type.Equals("ANY", StringComparison.OrdinalIgnoreCase) ? "" : type;
        return declared.Length > 0 ? $"{TargetTable.Quote(column.Name)} {declared}" : TargetTable.Quote(column.Name);
    }

    private static string Collation(SourceColumn column) => column.Collation == "BINARY" ? "" : $" COLLATE {TargetTable.Quote(column.Collation)}";
}
