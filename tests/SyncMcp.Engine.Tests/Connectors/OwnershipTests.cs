using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class OwnershipTests : IDisposable
{
    private readonly Lab lab = new();

    public OwnershipTests() => lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(TransferPath.PushDown, false)]
    [InlineData(TransferPath.Batches, false)]
    [InlineData(TransferPath.PushDown, true)]
    [InlineData(TransferPath.Batches, true)]
    public void A_table_of_others_is_not_written_until_a_person_approves(TransferPath path, bool drop)
    {
        lab.AtDestination("CREATE TABLE T(id INTEGER PRIMARY KEY, v TEXT, mine TEXT)", "INSERT INTO T VALUES (2, 'z', 'mine'), (7, 'q', 'mine')");
        var plan = lab.Plan("t") with { Path = path, Settings = new() { DropTable = drop } };
        var error = lab.Fails(plan);
        Assert.Equal("table_not_owned", error.Code);
        Assert.Contains("\"T\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("approve", error.Message, StringComparison.Ordinal);
        Assert.Equal(["i2|t7a z|t6d696e65 mine|", "i7|t71 q|t6d696e65 mine|"], lab.DestinationRows("T"));
        var result = lab.Run(plan with { AdoptedTables = new HashSet<string> { "t" } });
        Assert.Equal(2, result.RecordsAffected);
        Assert.Equal(drop ? ["i1|t61 a|", "i2|t62 b|"] : ["i1|t61 a|n|", "i2|t62 b|t6d696e65 mine|", "i7|t71 q|t6d696e65 mine|"], lab.DestinationRows("t"));
        // Owned from now on.
        lab.AtSource("INSERT INTO t VALUES (3, 'c')");
        Assert.InRange(lab.Run(plan).RecordsAffected, 1, 3);
    }

    [Fact]
    public void Another_jobs_table_is_refused_with_its_owners_name()
    {
        lab.Run(lab.Plan("t") with { JobId = "first job" });
        var error = lab.Fails(lab.Plan("t") with { JobId = "second job" });
        Assert.Equal("table_not_owned", error.Code);
        Assert.Contains("job first job", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_of_tables_names_the_job_that_made_one()
    {
        lab.Run(lab.Plan("t") with { JobId = "first job" });
        lab.AtDestination("CREATE TABLE other(a)");
        var tables = await ConnectorList.Find("sqlite")!.TablesAsync(lab.Connection(lab.Destination), includeSystem: false, TestContext.Current.CancellationToken);
        Assert.Equal([("other", null), ("t", "first job")], tables.Select(table => (table.Name, table.MadeByJob)));
    }

    [Theory]
    [InlineData("_syncmcp_checkpoint", "name_refused")]
    [InlineData("sqlite_x", "name_refused")]
    [InlineData("seen", "not_a_table")]
    public void Names_that_are_no_place_for_rows_are_refused(string name, string code)
    {
        lab.AtDestination("CREATE VIEW seen AS SELECT 1 AS id");
        Assert.Equal(code, lab.Fails(lab.Plan(query: $"REPLICATE [{name}] SELECT * FROM [t]")).Code);
    }

    [Fact]
    public void A_table_without_the_key_is_refused_with_the_columns_it_needs()
    {
        lab.AtDestination("CREATE TABLE t(id INTEGER, v TEXT)");
        var error = lab.Fails(lab.Plan("t") with { AdoptedTables = new HashSet<string> { "t" } });
        Assert.Equal("key_missing", error.Code);
        lab.AtDestination("CREATE UNIQUE INDEX u ON t(id)");
        Assert.Equal(2, lab.Run(lab.Plan("t") with { AdoptedTables = new HashSet<string> { "t" } }).RecordsAffected);
    }
}
