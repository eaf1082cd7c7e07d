using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>What every connector passes as a source.</summary>
public abstract class SourceKit : ConnectorKit
{
    protected override bool IsSource => true;

    [Fact]
    public void Every_type_leaves_with_null_and_the_ends_of_its_range()
    {
        Place.Make(KitTable.Everything);
        Assert.Equal(KitTable.Everything.Rows.Count, Run(KitTable.Everything).RecordsAffected);
        Assert.Equal(KitTable.Everything.Lines(KitTable.Everything.Rows), KitTable.Everything.Lines(Partner.Rows(KitTable.Everything)));
        Assert.Equal(0, Run(KitTable.Everything).RecordsAffected);
    }

    [Fact]
    public void Only_what_changed_is_written_and_what_is_read_stays_little()
    {
        var table = KitTable.Many(3_000);
        Place.Make(table);
        Assert.Equal(3_000, Run(table).RecordsAffected);
        AssertSame(table);
        Place.Put(table, ["7", "changed", "1", KitTable.Time(10_000)], ["3001", "new", "2", KitTable.Time(10_001)]);
        var second = Run(table);
        Assert.Equal(2, second.RecordsAffected);
        Assert.InRange(second.RowsRead, 2, Place.Resumes ? 20 : 3_001);
        AssertSame(table);
        Assert.Equal(0, Run(table).RecordsAffected);
    }

    [Fact]
    public void A_key_of_several_columns_is_the_destinations_too()
    {
        var table = new KitTable(
            "pairs",
            [new("region", LogicalType.Text), new("day", LogicalType.Date), new("amount", LogicalType.Decimal(12, 3))],
            ["region", "day"],
            [["a", "2024-01-01", "1"], ["a", "2024-01-02", "2"], ["A", "2024-01-01", "3"], ["b", "2024-01-01", null], [" a", "2024-01-01", "5"]]);
        Place.Make(table);
        Assert.Equal(5, Run(table).RecordsAffected);
        Place.Put(table, ["a", "2024-01-02", "22.125"], ["c", "2024-01-02", "7"]);
        Assert.Equal(2, Run(table).RecordsAffected);
        AssertSame(table);
    }

    [Fact]
    public void Rows_without_a_key_are_read_whole_and_replace_the_content()
    {
        var table = Few with { Key = [], Rows = [["1", "twice", null, null], ["1", "twice", null, null], ["2", "b", "2", null]] };
        Place.Make(table);
        Assert.Equal(3, Run(table).RecordsAffected);
        AssertSame(table);
        Place.AddColumn(table, new("later", LogicalType.Text));
        Assert.Equal(0, Run(table).RecordsAffected);
        AssertSame(table);
    }

    [Fact]
    public Task Three_kills_in_the_middle_of_runs_lose_nothing_and_double_nothing() => KillAsync(3);

    [Fact]
    public Task A_cancelled_run_leaves_whole_transactions_and_the_next_one_goes_on() => CancelAsync();

    [Fact]
    public void A_query_chooses_columns_and_rows()
    {
        Place.Make(Few);
        var narrow = Few with { Columns = [Few.Columns[0], Few.Columns[1]] };
        var plan = Plan(narrow, select: "[id], [name]", where: Place.KnowsTypes ? "[id] >= 1 AND [name] IS NOT NULL" : "[name] IS NOT NULL");
        Assert.Equal(1, Lab.Run(plan).RecordsAffected);
        Assert.Equal(["1 | one | "], narrow.Lines(Partner.Rows(narrow)));
    }

    [Fact]
    public void A_new_column_is_told_and_carried_where_the_job_wants_it()
    {
        Place.Make(Few);
        Run(Few);
        Place.AddColumn(Few, new("extra", LogicalType.Text));
        var wider = Few with { Columns = [.. Few.Columns, new("extra", LogicalType.Text)] };
        Place.Put(wider, ["1", "one", "1.5", KitTable.Time(20), "more"]);
        Run(Few);
        Assert.Contains(Lab.Logs, line => line.Contains("not carried: \"extra\"", StringComparison.Ordinal));
        AssertSame(Few);
        Run(Few, new() { AlterSchema = true });
        AssertSame(wider);
    }

    [Fact]
    public void A_column_that_is_gone_is_named()
    {
        Place.Make(Few);
        Run(Few);
        Place.DropColumn(Few, "name");
        var error = Fails(Few);
        Assert.Equal("column_missing", error.Code);
        Assert.Contains("\"name\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_not_there_is_named_and_nothing_is_made()
    {
        Place.Make(Few);
        var error = Fails(Few with { Name = "fewer" });
        Assert.Equal("table_missing", error.Code);
        Assert.Contains("fewer", error.Message, StringComparison.Ordinal);
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => Partner.Rows(Few));
    }

    [Fact]
    public async Task Tables_and_columns_are_listed_with_their_types()
    {
        Place.Make(Few);
        var ct = TestContext.Current.CancellationToken;
        var connector = ConnectorList.Find(Place.Connection.Connector)!;
        Assert.True((await connector.TestAsync(Place.Connection, ct)).Success);
        Assert.Contains(await connector.TablesAsync(Place.Connection, includeSystem: false, ct), table => table.Name == Place.SourceName(Few));
        var columns = await connector.ColumnsAsync(Place.Connection, Place.SourceName(Few), ct);
        Assert.Equal(Few.Columns.Select(column => column.Name), columns.Select(column => column.Name));
        if (Place.KnowsTypes)
            Assert.Equal(Few.Columns.Skip(1).Select(column => column.Type), columns.Skip(1).Select(column => TypeMap.Read(Place.Connection.Connector, column.DataType ?? "")));
        if (Place.KnowsKeys)
            Assert.Equal(["id"], columns.Where(column => column.IsPrimaryKey is true).Select(column => column.Name));
    }
}
