using System.Collections.Frozen;
using System.Globalization;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Connectors;

/// <summary>
/// The one table of types: what a logical type is called at each destination, and which logical type a declared one stands for at each source.
/// docs/types.md shows it; a test compares the two. Types that no line names are <c>any</c> in SQLite, where a declaration binds nothing, and text elsewhere.
/// </summary>
public static class TypeMap
{
    // {0} is the size, {1} the scale. SQLite's names are chosen for the affinity that they give (sqlite.org/datatype3.html 3.1):
    // TEXT in the name keeps digits as they are, where NUMERIC would make doubles of them.
    private static readonly Line[] Lines =
    [
        new(LogicalType.Any, SQLite: "", PostgreSQL: "text", CSV: "text"),
        new(LogicalType.Int16, "SMALLINT", "smallint", "integer(16)"),
        new(LogicalType.Int32, "INTEGER", "integer", "integer(32)"),
        new(LogicalType.Int64, "BIGINT", "bigint", "integer(64)"),
        new(LogicalType.Real, "REAL", "double precision", "real"),
        new(LogicalType.UnboundDecimal, "DECIMAL_TEXT", "numeric", "decimal"),
        new(LogicalType.Decimal(1, 0), "DECIMAL_TEXT({0},{1})", "numeric({0},{1})", "decimal({0},{1})"),
        new(LogicalType.Text, "TEXT", "text", "text"),
        new(LogicalType.TextOf(1), "VARCHAR({0})", "character varying({0})", "text({0})"),
        new(LogicalType.Bytes, "BLOB", "bytea", "bytes"),
        new(LogicalType.Boolean, "BOOLEAN", "boolean", "boolean"),
        new(LogicalType.Date, "DATE", "date", "date"),
        new(LogicalType.Time, "TIME", "time without time zone", "time"),
        new(LogicalType.Timestamp, "TIMESTAMP", "timestamp without time zone", "timestamp"),
        new(LogicalType.TimestampTz, "TIMESTAMPTZ", "timestamp with time zone", "timestamptz"),
        new(LogicalType.Uuid, "UUID", "uuid", "uuid"),
        new(LogicalType.Json, "JSON_TEXT", "json", "json"),
    ];

    // Names that people declare, besides the ones above. Of "NAME(a,b)" the numbers are size and scale.
    private static readonly FrozenDictionary<string, LogicalType> Names = new Dictionary<string, LogicalType>(StringComparer.OrdinalIgnoreCase)
    {
        ["tinyint"] = LogicalType.Int16,
        ["smallint"] = LogicalType.Int16,
        ["int2"] = LogicalType.Int16,
        ["smallserial"] = LogicalType.Int16,
        ["mediumint"] = LogicalType.Int32,
        ["int4"] = LogicalType.Int32,
        ["int"] = LogicalType.Int32,
        ["integer"] = LogicalType.Int32,
        ["serial"] = LogicalType.Int32,
        ["bigint"] = LogicalType.Int64,
        ["int8"] = LogicalType.Int64,
        ["bigserial"] = LogicalType.Int64,
        ["real"] = LogicalType.Real,
        ["float"] = LogicalType.Real,
        ["float4"] = LogicalType.Real,
        ["float8"] = LogicalType.Real,
        ["double"] = LogicalType.Real,
        ["double precision"] = LogicalType.Real,
        ["decimal"] = LogicalType.UnboundDecimal,
        ["decimal_text"] = LogicalType.UnboundDecimal,
        ["numeric"] = LogicalType.UnboundDecimal,
        ["number"] = LogicalType.UnboundDecimal,
        ["dec"] = LogicalType.UnboundDecimal,
        ["text"] = LogicalType.Text,
        ["string"] = LogicalType.Text,
        ["clob"] = LogicalType.Text,
        ["varchar"] = LogicalType.Text,
        ["nvarchar"] = LogicalType.Text,
        ["char"] = LogicalType.Text,
        ["nchar"] = LogicalType.Text,
        ["character"] = LogicalType.Text,
        ["character varying"] = LogicalType.Text,
        ["blob"] = LogicalType.Bytes,
        ["bytea"] = LogicalType.Bytes,
        ["bytes"] = LogicalType.Bytes,
        ["binary"] = LogicalType.Bytes,
        ["varbinary"] = LogicalType.Bytes,
        ["boolean"] = LogicalType.Boolean,
        ["bool"] = LogicalType.Boolean,
        ["date"] = LogicalType.Date,
        ["time"] = LogicalType.Time,
        ["time without time zone"] = LogicalType.Time,
        ["timestamp"] = LogicalType.Timestamp,
        ["timestamp without time zone"] = LogicalType.Timestamp,
        ["datetime"] = LogicalType.Timestamp,
        ["datetime2"] = LogicalType.Timestamp,
        ["smalldatetime"] = LogicalType.Timestamp,
        ["timestamptz"] = LogicalType.TimestampTz,
        ["timestamp with time zone"] = LogicalType.TimestampTz,
        ["datetimeoffset"] = LogicalType.TimestampTz,
        ["uuid"] = LogicalType.Uuid,
        ["guid"] = LogicalType.Uuid,
        ["uniqueidentifier"] = LogicalType.Uuid,
        ["json"] = LogicalType.Json,
        ["jsonb"] = LogicalType.Json,
        ["json_text"] = LogicalType.Json,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Of these, the ones that PostgreSQL does not have under that name.
    private static readonly FrozenSet<string> NotInPostgreSql = new[]
    {
        "tinyint", "mediumint", "double", "decimal_text", "number", "string", "clob", "nvarchar", "nchar", "blob", "bytes", "binary", "varbinary",
        "datetime", "datetime2", "smalldatetime", "datetimeoffset", "guid", "uniqueidentifier", "json_text",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// A type that a statement names, in the destination's words: <c>DATETIME</c> is PostgreSQL's timestamp. Its own names stay as they are, but for those by which SQLite would
    /// make numbers of texts (<c>STRING</c>, <c>JSON</c>) or doubles of long decimals.
    /// </summary>
    public static string Spell(string connector, string named)
    {
        var type = Read(connector, named);
        return connector switch
        {
            "SQLite" => type.Kind is LogicalKind.Text or LogicalKind.Json or LogicalKind.Any or LogicalKind.Decimal && new ColumnShape("", named, false, 0, "", "").MakesNumbers ? Declare(connector, type) : named,
            "PostgreSQL" => NotInPostgreSql.Contains(Split(named).Name) ? Declare(connector, type) : named,
            _ => Declare(connector, type),
        };
    }

    /// <summary>What a destination declares for a logical type.</summary>
    /// <param name="connector">The destination's connector.</param>
    /// <param name="type">The logical type.</param>
    public static string Declare(string connector, LogicalType type)
    {
        var line = Lines.First(line => line.Type.Kind == type.Kind && (type.Kind == LogicalKind.Integer ? line.Type.Size == type.Size : line.Type.Size > 0 == type.Size > 0));
        if (connector == "SQLite" && IsExactAsNumber(type))
            return string.Create(CultureInfo.InvariantCulture, $"DECIMAL({type.Size},{type.Scale})");
        return string.Format(CultureInfo.InvariantCulture, line.Name(connector), type.Size, type.Scale);
    }

    /// <summary>The logical type that a declared one stands for.</summary>
    /// <param name="connector">The connector that declares it; its own rules come before the common names.</param>
    /// <param name="declared">As declared, for example <c>VARCHAR(20)</c>; empty for none.</param>
    public static LogicalType Read(string connector, string declared)
    {
        var (name, size, scale) = Split(declared);
        if (connector == "SQLite" && ReadAffinity(name) is { } bySqlite)
            return bySqlite;
        if (name.StartsWith("integer", StringComparison.OrdinalIgnoreCase) && size is 16 or 32 or 64)
            return new(LogicalKind.Integer, size);
        if (!Names.TryGetValue(name, out var type))
            return connector == "SQLite" ? ReadOther(name, size) : LogicalType.Text;
        // A scale below zero or above the precision, which PostgreSQL knows, and bounds beyond PostgreSQL's own are left to the values.
        return type.Kind switch
        {
            LogicalKind.Decimal when size is > 0 and <= 1000 && scale >= 0 && scale <= size => LogicalType.Decimal(size, scale),
            LogicalKind.Text => TextOf(size),
            _ => type,
        };
    }

    /// <summary>
    /// True where SQLite's numbers hold every value of a decimal: integers up to 18 digits, and doubles up to 15, which come back as they were written (sqlite.org/floatingpoint.html).
    /// </summary>
    public static bool IsExactAsNumber(LogicalType type) => type is { Kind: LogicalKind.Decimal, Size: > 0 } && type.Size <= (type.Scale == 0 ? 18 : 15);

    /// <summary>SQLite holds 64 bits in any column with INT in its name, and a type for each cell where there is none.</summary>
    private static LogicalType? ReadAffinity(string name) => name.ToUpperInvariant() switch
    {
        "" or "ANY" => LogicalType.Any,
        "TINYINT" or "SMALLINT" or "INT2" => LogicalType.Int16,
        "MEDIUMINT" or "INT4" => LogicalType.Int32,
        var other when other.Contains("INT", StringComparison.Ordinal) => LogicalType.Int64,
        _ => null,
    };

    private static LogicalType ReadOther(string name, int size)
    {
        bool Has(string word) => name.Contains(word, StringComparison.OrdinalIgnoreCase);
        if (Has("CHAR") || Has("CLOB") || Has("TEXT"))
            return TextOf(size);
        if (Has("BLOB"))
            return LogicalType.Bytes;
        return Has("REAL") || Has("FLOA") || Has("DOUB") ? LogicalType.Real : LogicalType.Any;
    }

    private static LogicalType TextOf(int size) => size is > 0 and <= 10_485_760 ? LogicalType.TextOf(size) : LogicalType.Text;

    private static (string Name, int Size, int Scale) Split(string declared)
    {
        var open = declared.IndexOf('(', StringComparison.Ordinal);
        var close = declared.IndexOf(')', StringComparison.Ordinal);
        if (open < 0 || close < open)
            return (declared.Trim(), 0, 0);
        var numbers = declared[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries);
        var name = $"{declared[..open].Trim()} {declared[(close + 1)..].Trim()}".Trim();
        return (name, Number(0), Number(1));

        int Number(int place) => numbers.Length > place && int.TryParse(numbers[place], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    private sealed record Line(LogicalType Type, string SQLite, string PostgreSQL, string CSV)
    {
        public string Name(string connector) => connector switch
        {
            "SQLite" => SQLite,
            "PostgreSQL" => PostgreSQL,
            "CSV" => CSV,
            _ => throw new ArgumentOutOfRangeException(nameof(connector), connector, "no column in the type map"),
        };
    }
}
