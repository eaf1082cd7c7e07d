using SyncMcp.Client;

namespace SyncMcp.Engine.Connectors.PostgreSql;

/// <summary>Reads what tables a schema holds and how they are declared. Everything is asked by exact names.</summary>
internal static class Catalog
{
    private const string Relations = """
        SELECT c.relname, c.relkind::text, c.relispartition::text FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        """;

    // A domain counts as what it is made of. The key is the primary one.
    private const string Attributes = """
        SELECT a.attname,
          CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) ELSE pg_catalog.format_type(a.atttypid, a.atttypmod) END,
          CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END::bigint,
          (a.attnotnull OR t.typnotnull)::text,
          coalesce(pg_catalog.array_position(i.indkey::smallint[], a.attnum), -1)::bigint,
          (a.attgenerated <> '')::text,
          CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END::bigint
        FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
          JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
        WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        """;

    // By its first column an index finds values; expressions and conditions do not count.
    private const string Indexed = """
        SELECT 1::bigint FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE n.nspname = $1 AND c.relname = $2 AND a.attname = $3 AND i.indpred IS NULL AND i.indisvalid LIMIT 1
        """;

    private const string Believed = """
        SELECT coalesce(sum(p.reltuples), -1)::bigint FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
          CROSS JOIN LATERAL (SELECT c.oid AS part WHERE c.relkind <> 'p' UNION ALL SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) AS t WHERE c.relkind = 'p' AND t.isleaf) AS parts
          JOIN pg_catalog.pg_class AS p ON p.oid = parts.part
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    private const string Uniques = """
        SELECT i.indexrelid::bigint, a.attname FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
          CROSS JOIN LATERAL pg_catalog.generate_series(0, i.indnkeyatts - 1) AS place LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[place]
        WHERE n.nspname = $1 AND c.relname = $2 AND i.indisunique AND i.indpred IS NULL AND i.indisvalid AND i.indimmediate
        """;

    /// <summary>Tables and views; partitions and our own tables count as system tables.</summary>
    public static List<(string Name, bool IsView, bool IsSystem)> Tables(Session session, string schema)
    {
        var tables = session.Query(Relations + " ORDER BY c.relname", row => (row.GetString(0), row.GetString(1) is "v" or "m", row.GetString(2) == "true" || IsOurs(row.GetString(0))), schema);
        if (tables.Count == 0)
            RequireSchema(session, schema);
        return tables;
    }

    /// <summary>Our own tables beside those that rows go to.</summary>
    public static bool IsOurs(string name) => name.StartsWith(LedgerTables.Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Says so where there is no such schema, with the nearest name.</summary>
    /// <exception cref="ReplicationException">Code <c>schema_missing</c>.</exception>
    public static void RequireSchema(Session session, string schema)
    {
        var known = session.Query("SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname", row => row.GetString(0));
        if (known.Contains(schema))
            return;
        throw new ReplicationException("schema_missing", $"there is no schema \"{schema}\" in {session.Address.Place}.{Nearest.Hint(schema, known, '"')} There are: {string.Join(", ", known.Take(20))}. Make it there, or correct the connection's Schema or the job's destination_schema.");
    }

    /// <summary>How a table or view is declared; null when there is none of that name.</summary>
    public static TableShape? Describe(Session session, string schema, string table)
    {
        // The exact spelling, or the only one that differs in case: people write names without quotes.
        var names = session.Query(Relations + " AND lower(c.relname) = lower($2) ORDER BY c.relname = $2 DESC", row => (Name: row.GetString(0), Kind: row.GetString(1)), schema, table);
        if (names.Count == 0 || (names.Count > 1 && names[0].Name != table))
            return null;
        var (name, kind) = names[0];
        var columns = session.Query(
            Attributes,
            row => new ColumnShape(row.GetString(0), row.GetString(1), (uint)row.GetInt64(2), row.GetString(3) == "true", (int)row.GetInt64(4) + 1, row.GetString(5) == "true", (int)row.GetInt64(6)),
            schema,
            name);
        return new(schema, name, kind, columns);
    }

    /// <summary>Rows that the server believes a table to have, its partitions included; -1 where it never looked.</summary>
    public static long Estimate(Session session, TableShape table) => session.Query(Believed, row => row.GetInt64(0), table.Schema, table.Name).FirstOrDefault(-1);

    /// <summary>True when an index begins with the column.</summary>
    public static bool IsIndexed(Session session, TableShape table, string column) => session.Query(Indexed, row => row.GetInt64(0), table.Schema, table.Name, column).Count > 0;

    /// <summary>True when the table keeps rows with equal values in these columns apart.</summary>
    public static bool HasUnique(Session session, TableShape table, IReadOnlyList<string> key) =>
        session.Query(Uniques, row => (Index: row.GetInt64(0), Column: row.IsDBNull(1) ? null : row.GetString(1)), table.Schema, table.Name)
            .GroupBy(part => part.Index)
            .Any(index => index.All(part => part.Column is not null) && index.Select(part => part.Column!).ToHashSet(StringComparer.Ordinal).SetEquals(key));

    public static ReplicationException NoTable(Session session, string schema, string table)
    {
        RequireSchema(session, schema);
        return new("table_missing", $"there is no table \"{table}\" in schema \"{schema}\" of {session.Address.Place}.{Nearest.Hint(table, [.. Tables(session, schema).Where(known => !known.IsSystem).Select(known => known.Name)], '"')}");
    }
}
