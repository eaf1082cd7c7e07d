using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>The type map both ways, and beside the page that documents it.</summary>
public sealed class TypeMapTests
{
    private static readonly LogicalType[] Types =
    [
        LogicalType.Any, LogicalType.Int16, LogicalType.Int32, LogicalType.Int64, LogicalType.Real, LogicalType.UnboundDecimal, LogicalType.Decimal(10, 2), LogicalType.Decimal(15, 15), LogicalType.Decimal(16, 1),
        LogicalType.Decimal(18, 0), LogicalType.Decimal(38, 10), LogicalType.Text, LogicalType.TextOf(20), LogicalType.Bytes, LogicalType.Boolean, LogicalType.Date, LogicalType.Time, LogicalType.Timestamp,
        LogicalType.TimestampTz, LogicalType.Uuid, LogicalType.Json,
    ];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    [InlineData("CSV")]
    public void What_a_destination_declares_reads_back_as_the_same_type(string connector)
    {
        foreach (var type in Types)
        {
            var back = TypeMap.Read(connector, TypeMap.Declare(connector, type));
            // Where a type is not known there, it comes back as one that holds all its values.
            var expected = type.Kind == LogicalKind.Any && connector != "SQLite" ? LogicalType.Text : type == LogicalType.Int32 && connector == "SQLite" ? LogicalType.Int64 : type;
            Assert.Equal(expected, back);
        }
    }

    [Theory]
    [InlineData("", "any")]
    [InlineData("ANY", "any")]
    [InlineData("whatever", "any")]
    [InlineData("INTEGER", "integer(64)")]
    [InlineData("INT", "integer(64)")]
    [InlineData("UNSIGNED BIG INT", "integer(64)")]
    [InlineData("tinyint(1)", "integer(16)")]
    [InlineData("MEDIUMINT", "integer(32)")]
    [InlineData("POINT", "integer(64)")]
    [InlineData("VARCHAR(20)", "text(20)")]
    [InlineData("nvarchar2 ( 20 )", "text(20)")]
    [InlineData("CHARACTER VARYING(7)", "text(7)")]
    [InlineData("VARYING CHARACTER(255)", "text(255)")]
    [InlineData("LONGTEXT", "text")]
    [InlineData("VARCHAR(99999999999)", "text")]
    [InlineData("DECIMAL(10,2)", "decimal(10,2)")]
    [InlineData("DECIMAL(10)", "decimal(10,0)")]
    [InlineData("NUMERIC", "decimal")]
    [InlineData("NUMERIC(2,-3)", "decimal")]
    [InlineData("DECIMAL(2000,2)", "decimal")]
    [InlineData("DOUBLE PRECISION", "real")]
    [InlineData("FLOAT(24)", "real")]
    [InlineData("DATETIME", "timestamp")]
    [InlineData("TIMESTAMP WITH TIME ZONE", "timestamptz")]
    [InlineData("TIMESTAMP(3) WITH TIME ZONE", "timestamptz")]
    [InlineData("LONGBLOB", "bytes")]
    [InlineData("VARBINARY(16)", "bytes")]
    [InlineData("BOOL", "boolean")]
    [InlineData(")(", "any")]
    public void A_declaration_in_SQLite_stands_for_a_type(string declared, string type) => Assert.Equal(type, TypeMap.Read("SQLite", declared).ToString());

    [Theory]
    [InlineData("integer", "integer(32)")]
    [InlineData("numeric(38,10)", "decimal(38,10)")]
    [InlineData("character varying(20)", "text(20)")]
    [InlineData("character(5)", "text(5)")]
    [InlineData("timestamp(3) without time zone", "timestamp")]
    [InlineData("timestamp with time zone", "timestamptz")]
    [InlineData("time with time zone", "text")]
    [InlineData("integer[]", "text")]
    [InlineData("inet", "text")]
    [InlineData("jsonb", "json")]
    [InlineData("real", "real")]
    public void A_declaration_in_PostgreSQL_stands_for_a_type(string declared, string type) => Assert.Equal(type, TypeMap.Read("PostgreSQL", declared).ToString());

    [Theory]
    [InlineData("DATETIME", "timestamp without time zone")]
    [InlineData("NVARCHAR(20)", "character varying(20)")]
    [InlineData("TINYINT", "smallint")]
    [InlineData("jsonb", "jsonb")]
    [InlineData("INTEGER", "INTEGER")]
    [InlineData("citext", "citext")]
    public void A_type_that_a_query_names_is_put_into_PostgreSQLs_words_where_it_has_none(string named, string spelled) => Assert.Equal(spelled, TypeMap.Spell("PostgreSQL", named));

    [Theory]
    [InlineData("NUMERIC", "DECIMAL_TEXT")]
    [InlineData("DECIMAL(38,10)", "DECIMAL_TEXT(38,10)")]
    [InlineData("DECIMAL(10,2)", "DECIMAL(10,2)")]
    [InlineData("STRING", "TEXT")]
    [InlineData("JSON", "JSON_TEXT")]
    [InlineData("whatever", "")]
    [InlineData("NVARCHAR(20)", "NVARCHAR(20)")]
    [InlineData("DATETIME", "DATETIME")]
    [InlineData("MEDIUMINT", "MEDIUMINT")]
    public void A_type_that_a_query_names_never_makes_SQLite_change_the_value(string named, string spelled) => Assert.Equal(spelled, TypeMap.Spell("SQLite", named));

    [Fact]
    public void The_page_shows_the_table_as_it_is()
    {
        var page = File.ReadAllLines(Path.Combine(Root(), "docs", "types.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        foreach (var type in Types)
        {
            var name = type.Kind == LogicalKind.Decimal && type.Size > 0 ? "decimal(p,s)" : type.Kind == LogicalKind.Text && type.Size > 0 ? "text(n)" : type.ToString();
            var row = Assert.Single(page, row => row[1] == name && row.Length == 7);
            string Shown(string connector) => TypeMap.Declare(connector, type).Replace($"({type.Size},{type.Scale})", "(p,s)", StringComparison.Ordinal).Replace("(20)", "(n)", StringComparison.Ordinal);
            Assert.Contains(type.Kind == LogicalKind.Any ? "(no type)" : Shown("SQLite"), row[3], StringComparison.Ordinal);
            Assert.Equal(Shown("PostgreSQL"), row[4]);
            Assert.Equal(Shown("CSV"), row[5]);
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SyncMcp.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no repository around the tests");
    }
}
