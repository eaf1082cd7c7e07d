using CsCheck;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>How the rows of a random table are told apart.</summary>
public enum KeyKind
{
    None,
    Integer,
    Single,
    Composite,
    CompositeNotNull,
    WithoutRowid,
    Descending,
}

public sealed record RandomColumn(string Name, string Type, bool NoCase);

/// <summary>A change: a share of the rows, a column outside the key, a value.</summary>
public sealed record RandomChange(int Row, int Column, object? Value);

/// <summary>A table with odd names, types and values, its rows, and what happens to them between two runs.</summary>
public sealed record RandomTable(string Name, IReadOnlyList<RandomColumn> Columns, KeyKind Kind, bool Strict, bool HasCheck, bool IsIndexed, IReadOnlyList<object?[]> Rows, IReadOnlyList<object?[]> NewRows, IReadOnlyList<RandomChange> Changes, int BatchSize)
{
    public const string Check = "Updated_At";
    private const int MostColumns = 7;

    private static readonly string[] Names =
        ["a", "B", "select", "ta\"ble", "with space", "emoji😀", "ünïcode", "a]b", "'q'", "x.y", "%s", "[b]", "tab\tname", "rowid", "order", "1st", "tick`", "?1", ":p", "$d", "--", "/*x", "日本", "oid", "excluded", "old", "new", "pos", "c0", "\\"];

    private static readonly string[] Types =
        ["", "INTEGER", "INT", "TEXT", "VARCHAR(10)", "BLOB", "REAL", "DOUBLE PRECISION", "NUMERIC", "DECIMAL(10,2)", "DATE", "DATETIME", "BOOLEAN", "ANY", "STRING", "FLOATING POINT"];

    private static readonly string[] StrictTypes = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];

    private static readonly Gen<object?> Value = Gen.Frequency(
        (3, Gen.Bool.Select(_ => (object?)null)),
        (4, Gen.Int[-3, 3].Select(i => (object?)(long)i)),
        (2, Gen.OneOf(0L, long.MinValue, long.MaxValue, 9_007_199_254_740_993L, 4_294_967_296L).Select(i => (object?)i)),
        (2, Gen.OneOf(0.0, -0.0, 1.0, -1.5, double.MaxValue, double.MinValue, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity, 9.223372036854775e18, 0.1).Select(d => (object?)d)),
        (3, Gen.OneOf("", "a", "A", "0", "1", " 1", "1.0", "1e3", "0x1f", "9999-12-31", "0001-01-01", "2024-02-29T23:59:60Z", "-2147483648", "'", "\"", "日本😀", "e\u0301", "a\0b", "\u202e", "NULL", "\r\n").Select(s => (object?)s)),
        (2, Gen.String[0, 12].Select(s => (object?)s.Replace("\ud800", "", StringComparison.Ordinal))),
        (2, Gen.Byte.Array[0, 9].Select(b => (object?)b)));

    private static readonly Gen<object?[]> Row = Value.Array[MostColumns];

    public static Gen<RandomTable> Any { get; } = Gen.Select(
        Gen.Shuffle(Names),
        Gen.Select(Gen.Int[0, Types.Length - 1], Gen.Bool).Array[MostColumns],
        Gen.Select(Gen.Int[1, MostColumns], Gen.Enum<KeyKind>(), Gen.Bool, Gen.Bool, Gen.Bool),
        Row.List[0, 60],
        Row.List[0, 15],
        Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 100], Value).Select(t => new RandomChange(t.Item1, t.Item2, t.Item3)).List[0, 15],
        Gen.Int[0, 40]).Select((names, shapes, options, rows, newRows, changes, batch) =>
        {
            var (count, kind, strict, check, indexed) = options;
            if (kind is KeyKind.Composite or KeyKind.CompositeNotNull)
                count = Math.Max(count, 2);
            var types = strict ? StrictTypes : Types;
            var columns = Enumerable.Range(0, count).Select(i => new RandomColumn(names[i + 1], types[shapes[i].Item1 % types.Length], shapes[i].Item2)).ToList();
            if (kind is KeyKind.Integer or KeyKind.Descending)
                columns[0] = columns[0] with { Type = "INTEGER" };
            return new RandomTable(names[0], columns, kind, strict, check, indexed, rows, newRows, changes, batch);
        });

    public int KeyColumns => Kind switch
    {
        KeyKind.None => 0,
        KeyKind.Integer or KeyKind.Single or KeyKind.Descending => 1,
        KeyKind.WithoutRowid => Math.Min(2, Columns.Count),
        _ => 2,
    };

    public string Create
    {
        get
        {
            var parts = Columns.Select((column, i) => $"{Lab.Quote(column.Name)} {column.Type}{(Kind == KeyKind.Descending && i == 0 ? " PRIMARY KEY DESC" : "")}{(Kind == KeyKind.CompositeNotNull && i < 2 ? " NOT NULL" : "")}{(column.NoCase ? " COLLATE NOCASE" : "")}").ToList();
            if (HasCheck)
                parts.Add(Lab.Quote(Check) + " INTEGER");
            if (KeyColumns > 0 && Kind != KeyKind.Descending)
                parts.Add($"PRIMARY KEY({string.Join(", ", Columns.Take(KeyColumns).Select(column => Lab.Quote(column.Name)))})");
            var options = string.Join(", ", new[] { Kind == KeyKind.WithoutRowid ? "WITHOUT ROWID" : "", Strict ? "STRICT" : "" }.Where(option => option.Length > 0));
            return $"CREATE TABLE {Lab.Quote(Name)}({string.Join(", ", parts)}) {options}";
        }
    }

    /// <summary>Rows of the table; with the row number where there is no other key.</summary>
    public string Columned(bool numbered) => string.Join(", ", (numbered ? Columns.Select(column => Lab.Quote(column.Name)).Prepend("_rowid_") : Columns.Select(column => Lab.Quote(column.Name))).Concat(HasCheck ? [Lab.Quote(Check)] : []));

    /// <summary>Makes and fills the table at the source.</summary>
    public void Fill(string path)
    {
        using var connection = Lab.Open(path);
        Execute(connection, "PRAGMA synchronous = OFF");
        Execute(connection, "BEGIN");
        Execute(connection, Create);
        if (HasCheck && IsIndexed)
            Execute(connection, $"CREATE INDEX [ix] ON {Lab.Quote(Name)}({Lab.Quote(Check)})");
        Insert(connection, Rows, version: i => i % 5 == 4 ? null : i / 3);
        Execute(connection, "COMMIT");
    }

    /// <summary>Changes and adds rows; those without null in the check column get a later one.</summary>
    public void Change(string path)
    {
        using var connection = Lab.Open(path);
        Execute(connection, "PRAGMA synchronous = OFF");
        Execute(connection, "BEGIN");
        var version = 1000;
        var key = Columns.Take(KeyColumns).Select(column => Lab.Quote(column.Name)).ToList();
        foreach (var change in Changes)
        {
            var free = Columns.Skip(KeyColumns).ToList();
            if (free.Count == 0)
                break;
            var order = key.Count > 0 ? string.Join(", ", key) : "1";
            var where = Kind == KeyKind.WithoutRowid
                ? $"({order}) = (SELECT {order} FROM {Lab.Quote(Name)} ORDER BY {order} LIMIT 1 OFFSET {change.Row} % max(1, (SELECT count(*) FROM {Lab.Quote(Name)})))"
                : $"_rowid_ = (SELECT _rowid_ FROM {Lab.Quote(Name)} LIMIT 1 OFFSET {change.Row} % max(1, (SELECT count(*) FROM {Lab.Quote(Name)})))";
            var check = HasCheck ? $", {Lab.Quote(Check)} = {Lab.Quote(Check)} * 0 + {version++}" : "";
            var column = Lab.Quote(free[change.Column % free.Count].Name);
            // Every third change is one that a comparison by collation or by number does not see.
            var value = change.Row % 3 > 0 ? "$v" : $"CASE typeof({column}) WHEN 'text' THEN CASE WHEN upper({column}) = {column} COLLATE BINARY THEN lower({column}) ELSE upper({column}) END WHEN 'integer' THEN {column} * 1.0 WHEN 'real' THEN CAST({column} AS INTEGER) ELSE $v END";
            Try(connection, $"UPDATE {Lab.Quote(Name)} SET {column} = {value}{check} WHERE {where}", change.Value);
        }

        Insert(connection, NewRows, i => i % 4 == 3 ? null : version);
        if (Kind == KeyKind.None)
            Execute(connection, $"DELETE FROM {Lab.Quote(Name)} WHERE _rowid_ % 5 = 2");
        Execute(connection, "COMMIT");
    }

    public override string ToString() => $"{Create} batch {BatchSize}, {Rows.Count} rows, {NewRows.Count} new, {Changes.Count} changes";

    private void Insert(SqliteConnection connection, IReadOnlyList<object?[]> rows, Func<int, int?> version)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var values = rows[i].Take(Columns.Count).ToList();
            if (HasCheck)
                values.Add((long?)version(i));
            Try(connection, $"INSERT INTO {Lab.Quote(Name)} VALUES ({string.Join(", ", values.Select((_, n) => $"$v{(n == 0 ? "" : n)}"))})", [.. values]);
        }
    }

    // Rows that the random table does not take stay away.
    private static void Try(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"$v{(i == 0 ? "" : i)}", values[i] is double.NaN ? DBNull.Value : values[i] ?? DBNull.Value);
        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException refused) when (refused.SqliteErrorCode is 19 or 20)
        {
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
