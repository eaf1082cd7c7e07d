using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>skip_deleted=false: rows that are gone at the source go at the destination.</summary>
public sealed class DeletedRowsTests : IDisposable
{
    private static readonly JobSettings Carry = new() { SkipDeleted = false };

    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    public static TheoryData<TransferPath> Paths => [TransferPath.PushDown, TransferPath.Batches];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Rows_that_are_gone_go_and_are_counted(TransferPath path)
    {
        Orders(10);
        lab.Run(Plan(path));
        lab.AtSource("DELETE FROM t WHERE id IN (3, 4)", "UPDATE t SET v = 'new', updated_at = '2026-02-01' WHERE id = 5");
        Assert.Equal(3, lab.Run(Plan(path)).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Contains(lab.Logs, line => line.Contains("Deleted 2 rows that are gone", StringComparison.Ordinal));
        Assert.Equal(0, lab.Run(Plan(path)).RecordsAffected);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Without_it_they_stay(TransferPath path)
    {
        Orders(10);
        lab.Run("t", path);
        lab.AtSource("DELETE FROM t WHERE id = 3");
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
        Assert.Equal(10, lab.DestinationRows("t").Count);
    }

    [Fact]
    public void A_key_of_several_columns_is_compared_as_the_destination_compares_it()
    {
        lab.AtSource("CREATE TABLE t(region TEXT COLLATE NOCASE, no NUMERIC, v TEXT, PRIMARY KEY(region, no)) WITHOUT ROWID", "INSERT INTO t VALUES ('EU', 1, 'a'), ('eu', 2.5, 'b'), ('us', 1, 'c')");
        lab.Run(Plan());
        lab.AtSource("UPDATE t SET region = 'eU' WHERE region = 'EU' AND no = 1", "DELETE FROM t WHERE no = 2.5");
        lab.Run(Plan());
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void Rows_that_the_query_does_not_select_any_more_go_too()
    {
        Orders(10);
        var query = "REPLICATE [t] WITH SkipDeleted=false SELECT * FROM [t] WHERE v <> 'out'";
        lab.Run(lab.Plan(query: query));
        lab.AtSource("UPDATE t SET v = 'out' WHERE id = 7");
        Assert.Equal(1, lab.Run(lab.Plan(query: query)).RecordsAffected);
        Assert.Equal(9, lab.DestinationRows("t").Count);
    }

    [Fact]
    public void Rows_from_before_the_start_date_that_were_loaded_earlier_stay_while_the_source_has_them()
    {
        Orders(10);
        lab.Run(Plan());
        lab.AtSource("DELETE FROM t WHERE id = 1");
        Assert.Equal(1, lab.Run(lab.Plan("t") with { Settings = Carry with { ReplicateStartDate = "2026-01-06" } }).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void Without_a_key_the_content_is_replaced_and_the_log_says_that_deletes_come_along()
    {
        lab.AtSource("CREATE TABLE t(v TEXT)", "INSERT INTO t VALUES ('a'), ('b')");
        lab.Run(Plan());
        lab.AtSource("DELETE FROM t WHERE v = 'a'");
        lab.Run(Plan());
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Contains(lab.Logs, line => line.Contains("Without a key", StringComparison.Ordinal));
    }

    [Fact]
    public void A_source_in_the_same_file_works_too()
    {
        Orders(10);
        TaskPlan Copy() => lab.Plan(query: "REPLICATE [copy] SELECT * FROM [t]") with { Destination = lab.Connection(lab.Source), Settings = Carry, Path = TransferPath.Batches };
        lab.Run(Copy());
        lab.AtSource("DELETE FROM t WHERE id > 8");
        Assert.Equal(2, lab.Run(Copy()).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.SourceRows("copy"));
    }

    [Fact]
    public void A_second_worker_that_came_between_fences_the_deletion_off()
    {
        Orders(10);
        lab.Run(Plan());
        lab.AtSource("DELETE FROM t WHERE id = 3");
        var other = new Listener(text =>
        {
            if (text.StartsWith("Compared", StringComparison.Ordinal))
                lab.AtDestination("UPDATE _syncmcp_checkpoint SET checkpoint = '{}'");
        });
        var error = Assert.Throws<ReplicationException>(() => Replication.RunAsync(Plan(), other, TestContext.Current.CancellationToken).WaitAsync(Lab.Patience, TestContext.Current.CancellationToken).GetAwaiter().GetResult());
        Assert.Equal("fenced", error.Code);
        Assert.Equal(10, lab.DestinationRows("t").Count);
    }

    private void Orders(int count) => lab.AtSource(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, updated_at DATE)",
        $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO t SELECT i, 'v' || i, date('2025-12-31', i || ' days') FROM n");

    private TaskPlan Plan(TransferPath path = TransferPath.Auto) => lab.Plan("t") with { Path = path, Settings = Carry };

    private sealed class Listener(Action<string> hears) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected)
        {
        }

        public void Log(LogLevel level, string text) => hears(text);
    }
}
