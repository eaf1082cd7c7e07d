using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Csv;

/// <summary>LoadFolder: new and changed files of a folder go into one table.</summary>
public sealed class FolderLoadTests : IDisposable
{
    private const string Keyed = "REPLICATE [orders] ([id] bigint, PRIMARY KEY([id])) SELECT * FROM [orders-*.csv]";
    private const string Plain = "REPLICATE [orders] SELECT * FROM [*.csv]";

    private readonly CsvLab csv = new();

    public void Dispose() => csv.Dispose();

    [Theory]
    [InlineData(Keyed)]
    [InlineData(Plain)]
    public void Each_file_is_loaded_once_and_again_when_it_changed(string query)
    {
        csv.Write("orders-1.csv", "id,what\n1,a\n2,b\n");
        csv.Write("orders-2.csv", "id,what\n3,c\n");
        Expect(query, read: 3, affected: 3, "Files: 2 new or changed, 0 as they were");
        Expect(query, read: 0, affected: 0, "Files: 0 new or changed, 2 as they were");
        csv.Write("orders-3.csv", "id,what\n4,d\n");
        csv.Write("orders-1.csv", "id,what\n1,a\n2,B\n");
        Expect(query, read: 3, affected: 2, "Files: 2 new or changed, 1 as they were");
        Assert.Equal(["1|a", "2|B", "3|c", "4|d"], csv.Rows("orders", "id, what"));
    }

    [Fact]
    public void A_file_that_was_only_touched_is_not_read_and_one_that_changed_within_its_size_and_time_is()
    {
        csv.Write("a.csv", "id,what\n1,a\n");
        csv.Age("a.csv");
        Expect(Plain, 1, 1, "Files: 1 new or changed, 0 as they were");
        csv.Write("a.csv", "id,what\n1,a\n");
        Expect(Plain, 0, 0, "Files: 0 new or changed, 1 as they were");
        csv.Write("a.csv", "id,what\n1,b\n");
        csv.Age("a.csv");
        Expect(Plain, 1, 1, "Files: 1 new or changed, 0 as they were");
    }

    [Fact]
    public void Without_a_key_rows_are_told_apart_by_file_and_place_and_a_shorter_file_takes_its_rows_along()
    {
        csv.Write("a.csv", "what\nx\nx\ny\n");
        csv.Write("b.csv", "what\nx\n");
        Expect(Plain, 4, 4);
        Assert.Equal(["x|a.csv|1", "x|a.csv|2", "y|a.csv|3", "x|b.csv|1"], csv.Rows("orders"));
        csv.Write("a.csv", "what\nx\n");
        Expect(Plain, 1, 2);
        Assert.Equal(["x|a.csv|1", "x|b.csv|1"], csv.Rows("orders"));
        csv.Write("a.csv", "what\n");
        Expect(Plain, 0, 1);
        Assert.Equal(["x|b.csv|1"], csv.Rows("orders"));
    }

    [Fact]
    public void A_file_that_cannot_be_loaded_is_named()
    {
        csv.Write("orders-1.csv", "id,what\n1,a\n");
        csv.Write("orders-2.csv", "id,what\nx,b\n");
        var thrown = Assert.Throws<ReplicationException>(() => Expect(Keyed, 1, 1));
        Assert.Equal("value_refused", thrown.Code);
        Assert.StartsWith("orders-2.csv: ", thrown.Message, StringComparison.Ordinal);
        csv.Write("orders-2.csv", "id,what,more\n2,b,c\n");
        Assert.StartsWith("orders-2.csv: ", Assert.Throws<ReplicationException>(() => Expect(Keyed, 1, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Expressions_work_and_a_file_that_is_gone_leaves_its_rows()
    {
        csv.Write("a.csv", "what,n\nx,1\ny,2\n");
        csv.Write("b.csv", "what,n\nz,3\n");
        const string query = "REPLICATE [orders] SELECT UPPER(what) AS what FROM [*.csv] WHERE CAST(n AS INTEGER) > 1";
        Expect(query, 2, 2);
        File.Delete(csv.PathOf("a.csv"));
        Expect(query, 0, 0, "Files: 0 new or changed, 1 as they were");
        Assert.Equal(["Y|a.csv|1", "Z|b.csv|1"], csv.Rows("orders"));
    }

    [Fact]
    public void A_full_refresh_reads_all_files_again_and_an_emptied_table_is_filled_again()
    {
        csv.Write("a.csv", "id,what\n1,a\n");
        csv.Write("b.csv", "id,what\n2,b\n");
        Expect(Plain, 2, 2);
        Assert.Equal((2, 0), Numbers(csv.Lab.Run(Plan(Plain) with { FullRefresh = true })));
        csv.Lab.AtDestination("DELETE FROM orders");
        Expect(Plain, 2, 2);
    }

    [Fact]
    public void A_bad_file_ends_the_run_with_its_name_and_what_came_before_stays_loaded()
    {
        csv.Write("a.csv", "id,what\n1,a\n");
        csv.Write("b.csv", "id,what\n2,\"b\n");
        csv.Write("c.csv", "id,what\n3,c\n");
        Assert.Contains("b.csv", csv.Lab.Fails(Plan(Plain)).Message, StringComparison.Ordinal);
        Assert.Equal(["1|a"], csv.Rows("orders", "id, what"));

        var error = csv.Lab.Fails(Plan(Plain) with { Settings = new() { ContinueOnError = true } });
        Assert.Equal("files_failed", error.Code);
        Assert.Contains("1 of 3 files failed", error.Message, StringComparison.Ordinal);
        Assert.Equal(["1|a", "3|c"], csv.Rows("orders", "id, what"));
        csv.Write("b.csv", "id,what\n2,b\n");
        Expect(Plain, 1, 1, "Files: 1 new or changed, 2 as they were");
    }

    [Fact]
    public void A_file_with_a_column_that_the_table_lacks_says_so_and_alter_schema_adds_it()
    {
        csv.Write("a.csv", "id,what\n1,a\n");
        csv.Write("b.csv", "id,what,more\n2,b,m\n");
        Assert.Contains("more", csv.Lab.Fails(Plan(Plain)).Message, StringComparison.Ordinal);
        csv.Lab.Run(Plan(Plain) with { Settings = new() { AlterSchema = true } });
        Assert.Equal(["1|null", "2|m"], csv.Rows("orders", "id, more"));
    }

    [Fact]
    public void No_file_is_no_error_and_other_sources_have_none()
    {
        Expect(Plain, 0, 0, "Files: 0 new or changed, 0 as they were");
        csv.Lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        Assert.Equal("not_supported", csv.Lab.Fails(csv.Lab.Plan(query: "REPLICATE [orders] SELECT * FROM [*]") with { EachFile = true }).Code);
        csv.Write("a.csv", "_file,what\n1,a\n");
        Assert.Equal("name_refused", csv.Lab.Fails(Plan(Plain)).Code);
    }

    [Theory]
    [InlineData("REPLICATE [orders] WITH DropTable SELECT * FROM [*.csv]")]
    [InlineData("REPLICATE [orders] WITH TruncateTable SELECT * FROM [*.csv]")]
    [InlineData("REPLICATE [orders] WITH SkipDeleted=false SELECT * FROM [*.csv]")]
    [InlineData("CHECKCACHE [orders] AGAINST [*.csv]")]
    public void What_would_lose_other_files_rows_is_refused(string query) => Assert.Equal("not_supported", csv.Lab.Fails(Plan(query)).Code);

    [Fact]
    public async Task Kills_between_files_and_within_them_lose_nothing_and_double_nothing()
    {
        const int files = 60, rows = 3_000;
        for (var file = 0; file < files; file++)
            csv.Write($"f{file:00}.csv", "v\n" + string.Concat(Enumerable.Range(0, rows).Select(row => $"{file}/{row / 2}\n")));
        var midway = 0;
        for (var kill = 0; kill < 8; kill++)
        {
            using var worker = CopyWorker.Start(csv.Lab, Plan(Plain) with { RunId = "run" });
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                patience.CancelAfter(Lab.Patience);
                for (var line = 0; line < 6 + kill; line++)
                {
                    if (await worker.StandardOutput.ReadLineAsync(patience.Token) is not { } text || !text.StartsWith("read ", StringComparison.Ordinal))
                        break;
                }
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var loaded = Count("SELECT count(*) FROM orders");
            midway += loaded is > 0 and < files * rows ? 1 : 0;
            Assert.Equal(0, loaded % rows); // a file is there or not
            Assert.Equal(loaded, Count("SELECT count(DISTINCT _file || '/' || _row) FROM orders"));
        }

        Assert.InRange(midway, 3, 8);
        csv.Lab.Run(Plan(Plain) with { RunId = "run" });
        Assert.Equal(files * rows, Count("SELECT count(*) FROM orders WHERE v = (CAST(substr(_file, 2, 2) AS INTEGER)) || '/' || ((_row - 1) / 2)"));
        Assert.Equal(0, csv.Lab.Run(Plan(Plain)).RowsRead);
    }

    private long Count(string query) => long.Parse(Lab.Rows(csv.Lab.Destination, query)[0].Trim('i', '|'), System.Globalization.CultureInfo.InvariantCulture);

    private void Expect(string query, long read, long affected, string? found = null)
    {
        var result = csv.Lab.Run(Plan(query));
        Assert.Equal((read, affected), Numbers(result));
        if (found is not null)
            Assert.Equal(found, result.Found);
    }

    private TaskPlan Plan(string query) => csv.Plan(query: query) with { EachFile = true, Settings = new JobSettings() };

    private static (long, long) Numbers(TaskResult result) => (result.RowsRead, result.RecordsAffected);
}
