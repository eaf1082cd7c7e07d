using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

public sealed class CsvTypesTests : IDisposable
{
    private readonly CsvLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("bigint", "1", "-20", "0", "9223372036854775807")]
    [InlineData("TEXT", "1", "007")]
    [InlineData("TEXT", "1", "+7")]
    [InlineData("TEXT", "1", "9223372036854775808")]
    [InlineData("TEXT", "1", "1E5")]
    [InlineData("TEXT", "1", "n/a")]
    [InlineData("TEXT", "1", "\"\"")]
    [InlineData("double precision", "1", "-0.25", "12.50")]
    [InlineData("TEXT", "1.", "2")]
    [InlineData("TEXT", ".5", "2")]
    [InlineData("TEXT", "1.2.3", "2")]
    [InlineData("TEXT", "0.1234567890123456", "2")]
    [InlineData("boolean", "true", "FALSE", "")]
    [InlineData("TEXT", "true", "1")]
    [InlineData("date", "2024-02-29", "1999-12-31")]
    [InlineData("TEXT", "2023-02-29")]
    [InlineData("timestamp", "2024-02-29 23:59:59", "2024-02-29T01:02:03.5")]
    [InlineData("TEXT", "2024-02-29 23:59:59", "2024-02-29")]
    [InlineData("timestamp with time zone", "2024-02-29 23:59:59Z", "2024-02-29T01:02:03.5+02:00")]
    [InlineData("TEXT", "", "")]
    public void A_column_of_a_new_table_gets_the_type_that_all_its_values_have(string type, params string[] values)
    {
        lab.Write("t.csv", "a,b\n" + string.Concat(values.Select((value, i) => $"{value},r{i}\n")));
        lab.Run("t.csv");
        Assert.Contains($"\"a\" {type},", lab.Lab.Ddl("t.csv"), StringComparison.Ordinal);
        Assert.Contains("\"b\" TEXT", lab.Lab.Ddl("t.csv"), StringComparison.Ordinal);
        Assert.Equal(values.Length, lab.Rows("t.csv").Count);
    }

    [Fact]
    public void The_type_is_that_of_the_whole_file_and_not_of_its_beginning()
    {
        lab.Write("t.csv", "a\n" + string.Concat(Enumerable.Repeat("1\n", 100_000)) + "x\n");
        lab.Run("t.csv");
        Assert.Contains("\"a\" TEXT", lab.Lab.Ddl("t.csv"), StringComparison.Ordinal);
    }

    [Fact]
    public void Later_runs_keep_the_types_of_the_table_whatever_the_file_looks_like()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,note,n\n1,abc,5\n");
        lab.Run(null, query);
        lab.Write("t.csv", "id,note,n\n1,17,6\n2,2024-01-01,\n");
        lab.Run(null, query);
        Assert.Equal(["i1|t3137 17|i6|", "i2|t323032342d30312d3031 2024-01-01|n|"], lab.Lab.DestinationRows("t"));
        lab.Write("t.csv", "id,note,n\n3,x,many\n");
        var error = lab.Fails(null, query);
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("id=3", error.Message, StringComparison.Ordinal);
        Assert.Contains("column \"n\" takes integer(64)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("many", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_the_query_names_win_and_detection_can_be_switched_off()
    {
        lab.Write("t.csv", "id,zip,price\n1,12345,2.50\n");
        lab.Run(null, "REPLICATE [a] (zip text, price decimal(10,2), PRIMARY KEY(id)) SELECT * FROM [t.csv]");
        Assert.Equal(["i1|t3132333435 12345|r4004000000000000|"], lab.Lab.DestinationRows("a"));
        lab["Type Detection Scheme"] = "None";
        lab.Run(null, "REPLICATE [b] (PRIMARY KEY(id)) SELECT * FROM [t.csv]");
        Assert.Equal(["t31 1|t3132333435 12345|t322e3530 2.50|"], lab.Lab.DestinationRows("b"));
    }

    [Fact]
    public void A_new_column_gets_its_type_with_alter_schema()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id\n1\n");
        lab.Run(null, query);
        lab.Write("t.csv", "id,n,s\n1,5,x\n");
        lab.Run(null, query);
        Assert.Contains(lab.Lab.Logs, line => line.Contains("New at the source and not carried: \"n\", \"s\"", StringComparison.Ordinal));
        lab.Lab.Run(lab.Plan(null, query) with { Settings = new() { AlterSchema = true } });
        Assert.Equal(["i1|i5|t78 x|"], lab.Lab.DestinationRows("t"));
    }

    [Fact]
    public void Expressions_and_where_mean_what_they_mean_for_every_source()
    {
        lab.Write("t.csv", "id,name,price,qty\n1,Bolt,9.5,10\n2,nut,10,9\n3,Screw,100,\n");
        lab.Run(null, "REPLICATE [t] (PRIMARY KEY(id)) SELECT id, UPPER(name) AS name, price * 2 AS twice FROM [t.csv] WHERE price > 9.5 AND (qty IS NULL OR qty < 10)");
        Assert.Equal(["2|NUT|20.0", "3|SCREW|200.0"], lab.Rows("t"));
    }

    [Fact]
    public void A_text_is_not_compared_with_a_number()
    {
        lab.Write("t.csv", "id,code\n1,9\n2,10\n3,x\n");
        var error = lab.Fails(null, "REPLICATE [t] SELECT * FROM [t.csv] WHERE NOT (code <= 9)");
        Assert.Equal("comparison_refused", error.Code);
        Assert.Contains("CAST([code] AS REAL)", error.Message, StringComparison.Ordinal);
        lab.Run(null, "REPLICATE [t] SELECT * FROM [t.csv] WHERE CAST(code AS REAL) > 9");
        Assert.Equal(["2|10"], lab.Rows("t"));
    }

    [Fact]
    public void A_check_column_takes_only_what_is_new()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,v,changed\n1,a,2024-01-01 00:00:00\n2,b,2024-01-02 00:00:00\n");
        TaskResult Run() => lab.Lab.Run(lab.Plan(null, query) with { CheckColumn = "changed" });
        Assert.Equal(2, Run().RowsRead);
        lab.Write("t.csv", "id,v,changed\n1,ignored,2024-01-01 00:00:00\n2,b,2024-01-02 00:00:00\n3,c,2024-01-03 00:00:00\n");
        var second = Run();
        Assert.Equal((2, "2024-01-03 00:00:00"), (second.RowsRead, second.Checkpoint));
        Assert.Equal(["1|a", "2|b", "3|c"], lab.Rows("t", "id, v"));
    }

    [Fact]
    public void Rows_that_are_gone_from_the_file_go_with_skip_deleted_off()
    {
        const string query = "REPLICATE [t] (PRIMARY KEY(id)) WITH SkipDeleted=false SELECT * FROM [t.csv]";
        lab.Write("t.csv", "id,v\n1,a\n2,b\n3,c\n");
        lab.Run(null, query);
        lab.Write("t.csv", "id,v\n1,a\n3,C\n");
        lab.Run(null, query);
        Assert.Equal(["1|a", "3|C"], lab.Rows("t"));
    }
}
