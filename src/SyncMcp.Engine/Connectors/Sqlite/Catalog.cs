namespace SyncMcp.Engine.Connectors.Sqlite;

/// <summary>Reads what tables a file holds and how they are declared.</summary>
internal static class Catalog
{
    /// <summary>Tables and views of the file; shadow tables of virtual tables count as system tables.</summary>
    public static List<(string Name, bool IsView, bool IsSystem)> Tables(Database database)
    {
        var tables = new List<(string, bool, bool)>();
        using var rows = database.Prepare("SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name");
        while (rows.Step())
        {
            var name = rows.Text(0);
            var type = rows.Text(1);
            tables.Add((name, type == "view", type == "shadow" || IsSystemName(name)));
        }

        return tables;
    }

    /// <summary>Our own tables and SQLite's.</summary>
    public static bool IsSystemName(string name) =>
        name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase) || name.StartsWith(LedgerTables.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>How a table or view is declared; null when there is none of that name.</summary>
    public static TableShape? Describe(Database database, string table)
    {
        // A name that differs only in case is the same table for SQLite; the exact spelling comes first all the same.
        string name, type;
        bool withoutRowid, strict;
        using (var list = database.Prepare("SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ?1 COLLATE NOCASE ORDER BY name = ?1 DESC"))
        {
            if (!list.Bind(1, table).Step())
                return null;
            (name, type, withoutRowid, strict) = (list.Text(0), list.Text(1), list.Integer(2) != 0, list.Integer(3) != 0);
        }

        var collations = KeyCollations(database, name);
        var columns = new List<ColumnShape>();
        using (var info = database.Prepare("SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1 ORDER BY cid"))
        {
            info.Bind(1, name);
            while (info.Step())
            {
                var column = info.Text(0);
                var collation = type == "view" ? "BINARY" : database.Collation(name, column);
                columns.Add(new(column, info.Text(1), info.Integer(2) != 0, (int)info.Integer(3), collation, collations.GetValueOrDefault(column, collation)));
            }
        }

        return new(name, type == "view", withoutRowid, strict, columns) { RowidKey = collations.Count == 0 };
    }

    /// <summary>True when an index begins with the column.</summary>
    public static bool IsIndexed(Database database, string table, string column) =>
        database.First(
            "SELECT 1 FROM pragma_index_list(?1, 'main') AS list, pragma_index_xinfo(list.name, 'main') AS part WHERE list.partial = 0 AND part.seqno = 0 AND part.name = ?2 COLLATE NOCASE",
            Cell.Of(table),
            Cell.Of(column)) is not null;

    public static string Encoding(Database database) => database.First("SELECT encoding FROM pragma_encoding")![0].ToString();

    private static Dictionary<string, string> KeyCollations(Database database, string table)
    {
        var collations = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        using var parts = database.Prepare("SELECT part.name, part.coll FROM pragma_index_list(?1, 'main') AS list, pragma_index_xinfo(list.name, 'main') AS part WHERE list.origin = 'pk' AND part.key = 1");
        parts.Bind(1, table);
        while (parts.Step())
            collations[parts.Text(0)] = parts.Text(1);
        return collations;
    }
}
