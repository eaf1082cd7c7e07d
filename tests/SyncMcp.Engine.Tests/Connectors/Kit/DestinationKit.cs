using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>What every connector passes as a destination.</summary>
public abstract class DestinationKit : ConnectorKit
{
    protected override bool IsSource => false;

    [Fact]
    public void Every_type_arrives_with_null_and_the_ends_of_its_range()
    {
        Partner.Make(KitTable.Everything);
        Assert.Equal(KitTable.Everything.Rows.Count, Run(KitTable.Everything).RecordsAffected);
        Assert.Equal(KitTable.Everything.Lines(KitTable.Everything.Rows), KitTable.Everything.Lines(Place.Rows(KitTable.Everything)));
        Assert.Equal(0, Run(KitTable.Everything).RecordsAffected);
    }

    [Fact]
    public void Rows_are_put_in_the_place_of_those_with_their_key_and_counts_are_exact()
    {
        Partner.Make(Few);
        Assert.Equal(2, Run(Few).RecordsAffected);
        Partner.Put(Few, ["1", "one", "1.5", KitTable.Time(10)], ["2", "two", null, KitTable.Time(11)], ["3", "three", "3", KitTable.Time(12)]);
        Assert.Equal(3, Run(Few).RecordsAffected);
        AssertSame(Few);
        Assert.Equal(0, Run(Few, new() { }).RecordsAffected);
        Assert.Equal(0, Lab.Run(Plan(Few) with { FullRefresh = true }).RecordsAffected);
        AssertSame(Few);
    }

    [Fact]
    public void A_key_of_several_columns_tells_rows_apart()
    {
        var table = new KitTable(
            "pairs",
            [new("region", LogicalType.Text), new("day", LogicalType.Date), new("amount", LogicalType.Decimal(12, 3))],
            ["region", "day"],
            [["a", "2024-01-01", "1"], ["a", "2024-01-02", "2"], ["A", "2024-01-01", "3"], ["", "2024-01-01", null], [" a", "2024-01-01", "5"]]);
        Partner.Make(table);
        Assert.Equal(5, Run(table).RecordsAffected);
        AssertSame(table);
        Partner.Put(table, ["a", "2024-01-02", "22.125"], ["b", "2024-01-02", "7"]);
        Assert.Equal(2, Run(table).RecordsAffected);
        AssertSame(table);
    }

    [Fact]
    public void Without_a_key_the_content_is_replaced()
    {
        var table = Few with { Key = [], Rows = [["1", "twice", null, null], ["1", "twice", null, null], ["2", "b", "2", null]] };
        Partner.Make(table);
        Assert.Equal(3, Run(table).RecordsAffected);
        AssertSame(table);
        Lab.AtSource("DELETE FROM few WHERE id = 2", "INSERT INTO few VALUES (4, 'four', 4, NULL)");
        Run(table);
        AssertSame(table);
    }

    [Fact]
    public void Only_what_changed_is_read_and_the_checkpoint_moves_with_the_rows()
    {
        var table = KitTable.Many(3_000);
        Partner.Make(table);
        Assert.Equal(3_000, Run(table).RecordsAffected);
        Partner.Put(table, ["7", "changed", "1", KitTable.Time(10_000)], ["3001", "new", "2", KitTable.Time(10_001)]);
        var second = Run(table);
        Assert.Equal(2, second.RecordsAffected);
        Assert.InRange(second.RowsRead, 2, 20);
        Assert.Equal(KitTable.Time(10_001), second.Checkpoint);
        AssertSame(table);
    }

    [Fact]
    public async Task Of_two_runs_at_once_the_slower_is_fenced_off()
    {
        var table = KitTable.Many(3_000);
        Partner.Make(table);
        var plan = Plan(table, new() { BatchSize = 100 }) with { Path = TransferPath.Batches };
        using var reached = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        Lab.Progressed = () =>
        {
            reached.Set();
            Assert.True(open.Wait(Lab.Patience));
        };
        var first = Lab.Start(plan, TestContext.Current.CancellationToken);
        Assert.True(reached.Wait(Lab.Patience, TestContext.Current.CancellationToken));
        Lab.Progressed = null;
        var second = Lab.Run(plan with { RunId = "second" });
        open.Set();
        var error = await Assert.ThrowsAsync<ReplicationException>(() => first);
        Assert.Equal("fenced", error.Code);
        Assert.InRange(second.RecordsAffected, 1, 3_000);
        AssertSame(table);
    }

    [Fact]
    public Task Ten_kills_in_the_middle_of_runs_lose_nothing_and_double_nothing() => KillAsync(10);

    [Fact]
    public Task A_cancelled_run_leaves_whole_transactions_and_the_next_one_goes_on() => CancelAsync();

    [Fact]
    public void A_table_of_others_is_not_written_until_a_person_approves()
    {
        Partner.Make(Few);
        Place.Make(Few with { Rows = [["9", "mine", null, null]] });
        var error = Fails(Few);
        Assert.Equal("table_not_owned", error.Code);
        Assert.Contains("few", error.Message, StringComparison.Ordinal);
        Assert.Single(Place.Rows(Few));
        Lab.Run(Plan(Few) with { AdoptedTables = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "few" } });
        Assert.Equal(3, Place.Rows(Few).Count);
    }

    [Fact]
    public void Another_jobs_table_is_named_with_its_owner()
    {
        Partner.Make(Few);
        Lab.Run(Plan(Few) with { JobId = "first job" });
        var error = Lab.Fails(Plan(Few) with { JobId = "second job" });
        Assert.Equal("table_not_owned", error.Code);
        Assert.Contains("first job", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_column_is_told_and_added_where_the_job_wants_it()
    {
        Partner.Make(Few);
        Run(Few);
        Partner.AddColumn(Few, new("extra", LogicalType.Text));
        var wider = Few with { Columns = [.. Few.Columns, new("extra", LogicalType.Text)] };
        Partner.Put(wider, ["1", "one", "1.5", KitTable.Time(20), "more"]);
        Run(Few);
        Assert.Contains(Lab.Logs, line => line.Contains("not carried: \"extra\"", StringComparison.Ordinal));
        AssertSame(Few);
        Run(Few, new() { AlterSchema = true });
        AssertSame(wider);
    }

    [Fact]
    public void A_column_that_is_gone_is_named_before_anything_is_written()
    {
        Partner.Make(Few);
        Run(Few);
        Partner.DropColumn(Few, "price");
        Lab.AtSource("INSERT INTO few VALUES (3, 'three', NULL)");
        var error = Fails(Few);
        Assert.Equal("column_missing", error.Code);
        Assert.Contains("\"price\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Place.Rows(Few).Count);
        Assert.Equal(3, Run(Few, new() { DropTable = true }).RecordsAffected);
    }

    [Fact]
    public void A_type_that_changed_is_named_before_anything_is_written()
    {
        Partner.Make(Few);
        Run(Few);
        Lab.AtSource("DROP TABLE few", "CREATE TABLE few(id INTEGER PRIMARY KEY, name TEXT, price BLOB, updated_at TIMESTAMP)", "INSERT INTO few VALUES (3, 'three', NULL, NULL)");
        var error = Fails(Few);
        Assert.Equal("type_changed", error.Code);
        Assert.Contains("\"price\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Place.Rows(Few).Count);
    }

    [Fact]
    public void Truncating_and_dropping_begin_anew()
    {
        Partner.Make(Few);
        Run(Few);
        Partner.Delete(Few, Few.Rows[0]);
        Run(Few, new() { TruncateTableData = true });
        AssertSame(Few);
        Partner.Put(Few, ["5", "five", "5", null]);
        Run(Few, new() { DropTable = true });
        AssertSame(Few);
    }

    [Theory]
    [InlineData("small", "32768", "an integer beyond 16 bits")]
    [InlineData("big", "nine", "a text that is no integer")]
    [InlineData("price", "1.234", "a number with more than 2 digits behind the point")]
    [InlineData("price", "100000000", "a number with more than 8 digits before the point")]
    [InlineData("code", "123456789012345678901", "a text longer than 20 characters")]
    [InlineData("at", "2024-01-01 00:00:00+02:00", "a time with a zone")]
    [InlineData("day", "soon", "a text that is no time as ISO 8601 writes it")]
    [InlineData("doc", "{", "a text that is no JSON")]
    public void A_value_that_would_lose_something_ends_the_run_or_is_put_aside(string column, string value, string kind)
    {
        var type = KitTable.Everything.Columns.Single(known => known.Name == column).Type;
        var table = new KitTable("narrow", [new("id", LogicalType.Int64), new(column, type)], ["id"], [["1", null], ["2", value], ["3", null]]);
        Partner.Make(table);
        if (!Place.IsTyped)
        {
            Run(table); // between two of a kind everything is as it was
            AssertSame(table);
            return;
        }

        var error = Fails(table);
        Assert.Equal("value_refused", error.Code);
        Assert.Contains("the row with id=2 does not fit into \"narrow\"", error.Message, StringComparison.Ordinal);
        Assert.Contains($"column \"{column}\" takes {type} and the value is {kind}", error.Message, StringComparison.Ordinal);
        Run(table, new() { ContinueOnError = true });
        Assert.Equal(["1", "3"], Place.Rows(table).Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.Contains(Lab.Logs, line => line.StartsWith("Error: Put aside", StringComparison.Ordinal));
    }

    [Fact]
    public void Texts_are_cut_where_the_job_wants_it_and_nowhere_else()
    {
        var table = new KitTable("cut", [new("id", LogicalType.Int64), new("code", LogicalType.TextOf(3))], ["id"], [["1", "日本😀x"], ["2", "abc"]]);
        Partner.Make(table);
        Run(table, new() { AutoTruncateStrings = true });
        Assert.Equal(Place.IsTyped ? ["1 日本😀", "2 abc"] : ["1 日本😀x", "2 abc"], Place.Rows(table).Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_that_are_gone_go_where_the_job_wants_it()
    {
        Partner.Make(Few);
        Run(Few);
        Partner.Delete(Few, Few.Rows[1]);
        Assert.Equal(0, Run(Few).RecordsAffected);
        Assert.Equal(2, Place.Rows(Few).Count);
        Assert.Equal(1, Run(Few, new() { SkipDeleted = false }).RecordsAffected);
        AssertSame(Few);
    }
}
