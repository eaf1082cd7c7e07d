using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class SettingsTests : IDisposable
{
    private readonly Lab lab = new();

    public SettingsTests() => lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, updated_at INTEGER)", "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");

    public void Dispose() => lab.Dispose();

    public static TheoryData<TransferPath> Paths => [TransferPath.PushDown, TransferPath.Batches];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Truncate_and_drop_read_everything_into_an_empty_table(TransferPath path)
    {
        lab.Run("t", path);
        lab.AtSource("DELETE FROM t WHERE id = 1");
        lab.AtDestination("CREATE INDEX theirs ON t(v)");
        Assert.Equal(2, lab.Run(Plan(path, new() { TruncateTableData = true })).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.NotEmpty(Lab.Rows(lab.Destination, "SELECT 1 FROM sqlite_schema WHERE name = 'theirs'"));
        Assert.Equal(2, lab.Run(Plan(path, new() { DropTable = true })).RecordsAffected);
        Assert.Empty(Lab.Rows(lab.Destination, "SELECT 1 FROM sqlite_schema WHERE name = 'theirs'"));
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_options_of_the_statement_win_over_the_settings(TransferPath path)
    {
        lab.Run("t", path);
        lab.AtSource("DELETE FROM t WHERE id = 1");
        lab.Run(lab.Plan(query: "REPLICATE [t] WITH TruncateTable=true SELECT * FROM [t]") with { Path = path });
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Full_refresh_reads_below_the_checkpoint(TransferPath path)
    {
        lab.Run("t", path);
        lab.AtSource("UPDATE t SET v = 'silently' WHERE id = 1");
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
        Assert.Equal(1, lab.Run(lab.Plan("t") with { Path = path, FullRefresh = true }).RecordsAffected);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_run_with_drop_table_that_was_interrupted_goes_on_and_does_not_drop_again(TransferPath path)
    {
        lab.AtSource("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO t SELECT i, 'v', i FROM n");
        var plan = Plan(path, new() { DropTable = true, BatchSize = 100 });
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Replication.RunAsync(plan, new Stopper(cancel), cancel.Token).WaitAsync(Lab.Patience, TestContext.Current.CancellationToken));
        var rows = lab.DestinationRows("t").Count;
        Assert.InRange(rows, 100, 40_000);
        var all = lab.SourceRows("t").Count;
        Assert.Equal(all - rows, lab.Run(plan).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Strict_without_rowid_collations_and_types_are_kept(TransferPath path)
    {
        lab.AtSource("CREATE TABLE s(name TEXT COLLATE NOCASE NOT NULL, n INT, any ANY, PRIMARY KEY(name)) STRICT, WITHOUT ROWID", "INSERT INTO s VALUES ('A', 1, '01'), ('b', NULL, 1.0)");
        lab.Run("s", path);
        var ddl = lab.Ddl("s");
        foreach (var part in new[] { "STRICT", "WITHOUT ROWID", "NOCASE", "NOT NULL", "\"any\" ANY" })
            Assert.Contains(part, ddl, StringComparison.Ordinal);
        lab.AtSource("UPDATE s SET name = 'a' WHERE name = 'A'", "UPDATE s SET any = 1 WHERE name = 'b'");
        Assert.Equal(2, lab.Run("s", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("s"), lab.DestinationRows("s"));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_view_is_mirrored_or_merged_by_a_key_that_the_statement_names(TransferPath path)
    {
        lab.AtSource("CREATE VIEW seen AS SELECT id AS k, v, updated_at FROM t ORDER BY id DESC");
        Assert.Equal(3, lab.Run("seen", path).RecordsAffected);
        Assert.Equal(0, lab.Run("seen", path).RecordsAffected);
        var keyed = lab.Plan(query: "REPLICATE [keyed] (k BIGINT, PRIMARY KEY(k)) SELECT * FROM [seen]") with { Path = path, TaskId = "keyed" };
        Assert.Equal(3, lab.Run(keyed).RecordsAffected);
        lab.AtSource("UPDATE t SET v = 'x', updated_at = 9 WHERE id = 2");
        Assert.Equal(1, lab.Run(keyed).RecordsAffected);
        Assert.Equal(lab.SourceRows("seen"), lab.DestinationRows("keyed"));
        Assert.Contains("\"k\" BIGINT", lab.Ddl("keyed"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransferPath.Auto)]
    [InlineData(TransferPath.Batches)]
    public void One_file_can_be_source_and_destination(TransferPath path)
    {
        lab.AtSource("WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) INSERT INTO t SELECT i, 'v', i FROM n");
        var plan = lab.Plan("t") with { Path = path, Destination = lab.Connection(lab.Source), Settings = new() { TableNamePrefix = "copy_", BatchSize = 7000 } };
        Assert.Equal(lab.SourceRows("t").Count, lab.Run(plan).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.SourceRows("copy_t"));
        Assert.Equal("same_table", lab.Fails(plan with { Settings = new() }).Code);
    }

    [Fact]
    public void Another_text_encoding_goes_by_batches()
    {
        var wide = Path.Combine(lab.Files, "wide.db");
        Lab.Execute(wide, "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE w(id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO w VALUES (1, 'ünï😀'), (2, '')");
        var plan = lab.Plan("w") with { Source = lab.Connection(wide) };
        var result = lab.Run(plan);
        Assert.Equal((2, TransferPath.Batches), (result.RecordsAffected, result.Path));
        Assert.Equal(["i1|tc3bc6ec3aff09f9880 ünï😀|", "i2|t |"], lab.DestinationRows("w"));
        Assert.Equal("push_down_missing", lab.Fails(plan with { Path = TransferPath.PushDown }).Code);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Changes_at_the_source_during_the_load_are_seen_by_it_or_by_the_next_run(TransferPath path)
    {
        lab.AtSource("PRAGMA journal_mode = WAL", "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT i, 'v', 5 FROM n");
        var version = 10;
        var result = await Replication.RunAsync(
            Plan(path, new() { BatchSize = 100 }),
            new Meddler(() => lab.AtSource($"UPDATE t SET v = 'during', updated_at = {++version} WHERE id % 1000 = 1", $"INSERT INTO t VALUES ({-version}, 'before all others', {version})")),
            TestContext.Current.CancellationToken).WaitAsync(Lab.Patience, TestContext.Current.CancellationToken);
        Assert.InRange(result.RecordsAffected, 4991, 5100);
        lab.Run("t", path);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    private TaskPlan Plan(TransferPath path, JobSettings settings) => lab.Plan("t") with { Path = path, Settings = settings };

    private sealed class Stopper(CancellationTokenSource source) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => source.Cancel();

        public void Log(LogLevel level, string text)
        {
        }
    }

    private sealed class Meddler(Action meddle) : ITaskObserver
    {
        public void Progress(long rowsRead, long recordsAffected) => meddle();

        public void Log(LogLevel level, string text)
        {
        }
    }
}
