using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>CHECKCACHE: a copy is compared with its source, and made equal where that is asked for.</summary>
public sealed class CacheCheckTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    public static TheoryData<TransferPath> Paths => [TransferPath.PushDown, TransferPath.Batches];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Differences_are_counted_and_nothing_is_written(TransferPath path)
    {
        Copy();
        Spoil();
        var before = lab.DestinationRows("t");
        var ledger = Lab.Rows(lab.Destination, "SELECT * FROM _syncmcp_checkpoint");
        var result = lab.Run(Check("", path) with { Settings = new() { BatchSize = 7, DropTable = true } });
        Assert.Equal("Differences, nothing written: 2 missing, 3 changed, 1 gone at the source.", result.Found);
        Assert.Equal((100, 0), (result.RowsRead, result.RecordsAffected));
        Assert.Equal(before, lab.DestinationRows("t"));
        Assert.Equal(ledger, Lab.Rows(lab.Destination, "SELECT * FROM _syncmcp_checkpoint"));
        Assert.Contains(lab.Logs, line => line.Contains("2 missing", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void With_repair_the_copy_is_equal_and_the_copying_task_goes_on_as_before(TransferPath path)
    {
        Copy();
        Spoil();
        var result = lab.Run(Check("WITH REPAIR", path) with { Settings = new() { BatchSize = 7 } });
        Assert.Equal("Repaired: 2 missing, 3 changed, 1 gone at the source.", result.Found);
        Assert.Equal(6, result.RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.StartsWith("The copy is equal", lab.Run(Check("", path)).Found, StringComparison.Ordinal);
        Assert.StartsWith("The copy is equal", lab.Run(Check("WITH REPAIR", path)).Found, StringComparison.Ordinal);
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
    }

    [Fact]
    public void Rows_gone_at_the_source_stay_where_they_are_to_be_skipped()
    {
        Copy();
        Spoil();
        Assert.Equal("Repaired: 2 missing, 3 changed, rows gone at the source not looked for.", lab.Run(Check("WITH REPAIR SKIP DELETED")).Found);
        Assert.Equal(101, lab.DestinationRows("t").Count);
    }

    [Fact]
    public void Bounds_compare_and_repair_only_what_lies_between_them()
    {
        Copy();
        Spoil();
        // Days are numbered from 2026-01-01; ids 10, 20 are missing, 30, 40, 50 changed.
        Assert.Equal("Differences, nothing written: 1 missing, 1 changed, rows gone at the source not looked for.", lab.Run(Check("START '2026-01-20' END '2026-02-09'")).Found);
        Assert.Equal(2, lab.Run(Check("WITH REPAIR START '2026-01-20' END '2026-02-09'")).RecordsAffected);
        Assert.Equal("Differences, nothing written: 1 missing, 2 changed, 1 gone at the source.", lab.Run(Check("")).Found);
    }

    [Fact]
    public void A_copy_that_is_not_there_lacks_every_row_and_repair_makes_it()
    {
        Source();
        Assert.Equal("Differences, nothing written: 100 missing, 0 changed, 0 gone at the source.", lab.Run(Check("")).Found);
        Assert.Empty(Lab.Rows(lab.Destination, "SELECT name FROM sqlite_schema"));
        Assert.Equal(100, lab.Run(Check("WITH REPAIR")).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void What_cannot_be_compared_is_said()
    {
        lab.AtSource("CREATE TABLE nokey(v TEXT)", "CREATE TABLE nocheck(id INTEGER PRIMARY KEY, v TEXT)", "CREATE TABLE t(id INTEGER PRIMARY KEY, updated_at INTEGER)", "INSERT INTO t VALUES (1, 5)");
        Assert.Equal("key_missing", lab.Fails(lab.Plan(query: "CHECKCACHE [c] AGAINST [nokey]")).Code);
        Assert.Equal("check_column_missing", lab.Fails(lab.Plan(query: "CHECKCACHE [c] AGAINST [nocheck] START 5")).Code);
        Assert.Equal("start_invalid", lab.Fails(lab.Plan(query: "CHECKCACHE [c] AGAINST [t] END '2026-01-01'")).Code);
        Assert.Equal("start_invalid", lab.Fails(lab.Plan(query: "CHECKCACHE [c] AGAINST [t] END 'x'")).Code);
        Assert.Equal("table_missing", lab.Fails(lab.Plan(query: "CHECKCACHE [c] AGAINST [tt]")).Code);
        lab.AtDestination("CREATE TABLE foreign_table(id INTEGER PRIMARY KEY, updated_at INTEGER)");
        Assert.Equal("table_not_owned", lab.Fails(lab.Plan(query: "CHECKCACHE [foreign_table] AGAINST [t] WITH REPAIR")).Code);
    }

    private void Source() => lab.AtSource(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, updated_at DATE)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO t SELECT i, 'v' || i, date('2025-12-31', i || ' days') FROM n");

    private void Copy()
    {
        Source();
        lab.Run(lab.Plan("t"));
    }

    private void Spoil() => lab.AtDestination("DELETE FROM t WHERE id IN (10, 20)", "UPDATE t SET v = 'spoilt' WHERE id IN (30, 40, 50)", "INSERT INTO t VALUES (1000, 'extra', '2026-01-25')");

    private TaskPlan Check(string with, TransferPath path = TransferPath.Auto) => lab.Plan(query: $"CHECKCACHE [t] AGAINST [t] {with}") with { TaskId = "check", Path = path, Settings = new JobSettings() };
}
