using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors.Sqlite;

/// <summary>Columns that are there already and would change values while they store them.</summary>
public sealed class CellFitTests : IDisposable
{
    private readonly Lab lab = new();
    private readonly CsvPlace files;

    public CellFitTests() => files = new(lab, "from");

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("STRING", "007", "a text that looks like one")]
    [InlineData("STRING", " 1e3", "a text that looks like one")]
    [InlineData("JSON", "12.50", "a text that looks like one")]
    [InlineData("DECIMAL(38,10)", "1234567890123456.5", "15 digits of a longer number")]
    [InlineData("NUMERIC", "0.1234567890123456", "15 digits of a longer number")]
    public void A_value_that_the_column_would_change_is_refused(string declared, string value, string kind)
    {
        var error = lab.Fails(Plan(declared, value));
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("id=1", error.Message, StringComparison.Ordinal);
        Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("STRING", "seven", "t736576656e seven")]
    [InlineData("JSON", "[1.50]", "t5b312e35305d [1.50]")]
    [InlineData("DECIMAL(38,10)", "123456789012345.50", "")]
    [InlineData("DECIMAL(38,10)", "123456789.50", "r419d6f3456000000")]
    [InlineData("NUMERIC", "9223372036854775807", "i9223372036854775807")]
    [InlineData("NUMERIC", "4.00", "i4")]
    [InlineData("NUMERIC", "-0.25", "rbfd0000000000000")]
    public void Others_arrive_and_a_later_run_finds_them_equal(string declared, string value, string stored)
    {
        var plan = Plan(declared, value);
        if (stored.Length == 0)
        {
            Assert.Equal("value_refused", lab.Fails(plan).Code);
            return;
        }

        Assert.Equal(1, lab.Run(plan).RecordsAffected);
        Assert.Equal([$"i1|{stored}|"], lab.DestinationRows("t"));
        Assert.Equal(0, lab.Run(plan with { FullRefresh = true, RunId = "again" }).RecordsAffected);
    }

    private Engine.Connectors.TaskPlan Plan(string declared, string value)
    {
        lab.AtDestination($"CREATE TABLE t(id INTEGER PRIMARY KEY, v {declared})");
        files.Make(new("t", [new("id", Engine.Connectors.LogicalType.Int64), new("v", Engine.Connectors.LogicalType.Text)], ["id"], [["1", value]]));
        return lab.Plan(query: "REPLICATE [t] (PRIMARY KEY([id])) SELECT * FROM [t.csv]") with { Source = files.Connection, AdoptedTables = new HashSet<string> { "t" } };
    }
}
