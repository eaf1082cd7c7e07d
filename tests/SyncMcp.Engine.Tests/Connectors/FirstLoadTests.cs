using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>replicate_start_date and replicate_interval: where the first load begins, and in which pieces it comes.</summary>
public sealed class FirstLoadTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    public static TheoryData<TransferPath, bool> Ways => new() { { TransferPath.PushDown, true }, { TransferPath.PushDown, false }, { TransferPath.Batches, true }, { TransferPath.Batches, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_before_the_start_is_read_and_everything_after_it_comes_later_too(TransferPath path, bool indexed)
    {
        Days(20, "DATE", "date('2025-12-31', i || ' days')", indexed);
        var settings = new JobSettings { ReplicateStartDate = "2026-01-11" };
        Assert.Equal((10, 10), Numbers(lab.Run(Plan(path, settings))));
        Assert.Equal(10, lab.DestinationRows("t").Count);
        lab.AtSource("UPDATE t SET v = 'old', updated_at = '2026-01-10' WHERE id = 1", "UPDATE t SET v = 'new', updated_at = '2026-01-30' WHERE id = 2");
        Assert.Equal(1, lab.Run(Plan(path, settings)).RecordsAffected);
        // Another start is another choice of rows.
        Assert.Equal(20, lab.Run(Plan(path, settings with { ReplicateStartDate = "2026-01-01" })).RowsRead);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData("DATETIME", "datetime('2025-12-31', i || ' days')", "2026-01-11 00:00:00", 10)]
    [InlineData("DATETIME", "datetime('2025-12-31', i || ' days')", "2026-01-11T00:00:01Z", 9)]
    [InlineData("TEXT", "strftime('%Y-%m-%dT%H:%M:%fZ', '2025-12-31', i || ' days')", "2026-01-11", 10)]
    [InlineData("INTEGER", "strftime('%s', '2025-12-31', i || ' days') + 0", "2026-01-11", 10)]
    [InlineData("INTEGER", "(strftime('%s', '2025-12-31', i || ' days') + 0) * 1000", "2026-01-11", 10)]
    [InlineData("INTEGER", "i", "11", 10)]
    [InlineData("INTEGER", "i", "-5", 20)]
    [InlineData("DATE", "date('2025-12-31', i || ' days')", "2031-01-01", 0)]
    public void The_start_is_spelled_as_the_column_is(string type, string value, string start, int rows)
    {
        Days(20, type, value);
        var settings = new JobSettings { ReplicateStartDate = start };
        Assert.Equal(rows, lab.Run(Plan(TransferPath.Auto, settings)).RowsRead);
        lab.Run(Plan(TransferPath.Auto, settings));
        Assert.Equal(rows, lab.DestinationRows("t").Count);
    }

    [Theory]
    [InlineData("INTEGER", "i", "2026-01-11", "start_invalid")]
    [InlineData("TEXT", "'v' || i", "2026-01-11", "start_invalid")]
    [InlineData("DATE", "date('2025-12-31', i || ' days')", "11", "start_invalid")]
    [InlineData("DATE", "date('2025-12-31', i || ' days')", "yesterday", "start_invalid")]
    public void A_start_of_another_kind_than_the_column_ends_the_task_before_it_writes(string type, string value, string start, string code)
    {
        Days(5, type, value);
        Assert.Equal(code, lab.Fails(Plan(TransferPath.Auto, new() { ReplicateStartDate = start })).Code);
        Assert.Empty(Lab.Rows(lab.Destination, "SELECT name FROM sqlite_schema"));
    }

    [Theory]
    [InlineData("id INTEGER PRIMARY KEY, v TEXT", "no check column")]
    [InlineData("v TEXT, updated_at DATE", "no key")]
    public void Start_and_interval_need_a_check_column(string columns, string says)
    {
        lab.AtSource($"CREATE TABLE t({columns})");
        foreach (var settings in (JobSettings[])[new() { ReplicateStartDate = "2026-01-01" }, new() { ReplicateInterval = 1 }])
        {
            var error = lab.Fails(Plan(TransferPath.Auto, settings));
            Assert.Equal("check_column_missing", error.Code);
            Assert.Contains(says, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Each_interval_is_committed_by_itself_and_all_rows_arrive(TransferPath path, bool indexed)
    {
        Days(20, "DATE", "date('2025-12-31', i || ' days')", indexed);
        lab.AtSource("INSERT INTO t VALUES (99, 'no date', NULL)");
        var result = lab.Run(Plan(path, new() { ReplicateInterval = 1, ReplicateIntervalUnit = "weeks", Verbosity = "Transfer" }));
        Assert.Equal(21, result.RecordsAffected);
        Assert.Equal("2026-01-20", result.Checkpoint);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal(3, lab.Logs.Count(line => line.Contains("Committed", StringComparison.Ordinal)));
        Assert.Equal(2, lab.Logs.Count(line => line.Contains("First load: up to", StringComparison.Ordinal)));
        // Only the first load is cut.
        lab.Logs.Clear();
        lab.AtSource("UPDATE t SET v = 'x', updated_at = '2026-06-01' WHERE id = 1");
        Assert.Equal(1, lab.Run(Plan(path, new() { ReplicateInterval = 1 })).RecordsAffected);
        Assert.DoesNotContain(lab.Logs, line => line.Contains("First load", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("DATE", "date('2025-12-31', i || ' days')", 5, "minutes")]
    [InlineData("DATETIME", "datetime('2025-12-31', i || ' days')", 36, "hours")]
    [InlineData("INTEGER", "strftime('%s', '2025-12-31', i || ' days') + 0", 3, "days")]
    [InlineData("INTEGER", "strftime('%s', '2025-12-31', i || ' months') + 0", 2, "months")]
    [InlineData("INTEGER", "i", 7, null)]
    [InlineData("DATE", "date('2025-12-31', i || ' years')", 1, "years")]
    [InlineData("DATE", "date('2025-12-31', i || ' days')", 2_000_000_000, "years")]
    public void Whatever_the_unit_and_the_column_all_rows_arrive_once(string type, string value, int interval, string? unit)
    {
        Days(20, type, value);
        var result = lab.Run(Plan(TransferPath.Batches, new() { ReplicateInterval = interval, ReplicateIntervalUnit = unit }));
        Assert.Equal(20, result.RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void A_first_load_that_was_stopped_goes_on_at_its_interval_and_sees_what_changed_behind_it()
    {
        Days(20, "DATE", "date('2025-12-31', i || ' days')");
        var settings = new JobSettings { ReplicateInterval = 5 };
        // The destination refuses a row of the third interval.
        lab.Run(Plan(TransferPath.Auto, settings with { ReplicateStartDate = "2027-01-01" }));
        lab.AtDestination("CREATE TRIGGER no BEFORE INSERT ON t WHEN new.id = 12 BEGIN SELECT raise(ABORT, 'not yet'); END");
        Assert.Equal("row_refused", lab.Fails(Plan(TransferPath.Auto, settings)).Code);
        Assert.Equal(10, lab.DestinationRows("t").Count);
        lab.AtDestination("DROP TRIGGER no");
        lab.AtSource("UPDATE t SET v = 'changed', updated_at = '2026-01-25' WHERE id = 2");
        lab.Logs.Clear();
        Assert.Equal(11, lab.Run(Plan(TransferPath.Auto, settings)).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal("2026-01-16", lab.Logs.First(line => line.Contains("First load: up to", StringComparison.Ordinal))[^11..^1]);
    }

    [Fact]
    public void An_interval_that_is_far_too_small_ends_the_task_with_the_number()
    {
        Days(20, "DATETIME", "datetime('2025-12-31', i || ' days')");
        var error = lab.Fails(Plan(TransferPath.Auto, new() { ReplicateInterval = 1, ReplicateIntervalUnit = "minutes" }));
        Assert.Equal("interval_too_small", error.Code);
        Assert.Contains("10,000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_went_back_is_read_from_the_start_date_on_and_not_before()
    {
        Days(20, "DATE", "date('2025-12-31', i || ' days')");
        var settings = new JobSettings { ReplicateStartDate = "2026-01-11" };
        lab.Run(Plan(TransferPath.Auto, settings));
        lab.AtSource("DELETE FROM t WHERE id > 15", "UPDATE t SET v = 'b' WHERE id IN (2, 12)");
        Assert.Equal((5, 1), Numbers(lab.Run(Plan(TransferPath.Auto, settings))));
    }

    [Fact]
    public void The_log_hints_at_a_missing_index_and_at_late_commits()
    {
        Days(2, "DATE", "date('2025-12-31', i || ' days')");
        lab.Run(lab.Plan("t") with { Settings = new() { OtherOptions = "Overlap=60" } });
        Assert.Contains(lab.Logs, line => line.Contains("has no index", StringComparison.Ordinal));
        Assert.Contains(lab.Logs, line => line.Contains("committed more than 60 s later", StringComparison.Ordinal));
    }

    private void Days(int count, string type, string value, bool indexed = false)
    {
        lab.AtSource(
            $"CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, updated_at {type})",
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO t SELECT i, 'v' || i, {value} FROM n");
        if (indexed)
            lab.AtSource("CREATE INDEX i ON t(updated_at)");
    }

    private TaskPlan Plan(TransferPath path, JobSettings settings) => lab.Plan("t") with { Path = path, Settings = settings };

    private static (long, long) Numbers(TaskResult result) => (result.RowsRead, result.RecordsAffected);
}
