using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class IncrementTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    public static TheoryData<TransferPath, bool> Ways => new() { { TransferPath.PushDown, true }, { TransferPath.PushDown, false }, { TransferPath.Batches, true }, { TransferPath.Batches, false } };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Rows_that_were_stamped_before_the_last_run_and_committed_after_it_are_not_lost(TransferPath path, bool indexed)
    {
        Make("DATETIME", indexed, "(1, 'a', '2024-05-01 10:00:00'), (2, 'b', '2024-05-01 10:00:07')");
        lab.Run("t", path);
        lab.AtSource("INSERT INTO t VALUES (3, 'late', '2024-05-01 10:00:02'), (4, 'tie', '2024-05-01 10:00:07')");
        Assert.Equal(2, lab.Run("t", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        // Later than the overlap: known and settable.
        lab.AtSource("INSERT INTO t VALUES (5, 'very late', '2024-05-01 09:59:00')");
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
        var plan = lab.Plan("t") with { Path = path, Settings = new() { OtherOptions = "Overlap=120" } };
        Assert.Equal(1, lab.Run(plan).RecordsAffected);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Rows_with_null_in_the_check_column_are_read_each_time(TransferPath path, bool indexed)
    {
        Make("INTEGER", indexed, "(1, 'a', 10), (2, 'b', NULL)");
        lab.Run("t", path);
        lab.AtSource("UPDATE t SET v = 'B' WHERE id = 2", "INSERT INTO t VALUES (3, 'c', NULL)");
        Assert.Equal(2, lab.Run("t", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void One_row_from_the_future_does_not_hide_the_changes_until_then(TransferPath path, bool indexed)
    {
        Make("DATETIME", indexed, "(1, 'a', '9999-12-31 00:00:00'), (2, 'b', '2024-05-01 10:00:00')");
        var time = new FakeTimeProvider(new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
        lab.Run(lab.Plan("t") with { Path = path, Time = time });
        time.Advance(TimeSpan.FromHours(1));
        lab.AtSource("UPDATE t SET v = 'B', updated_at = '2024-05-01 12:30:00' WHERE id = 2");
        Assert.Equal(1, lab.Run(lab.Plan("t") with { Path = path, Time = time }).RecordsAffected);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Values_of_two_kinds_in_the_check_column_make_the_run_read_everything(TransferPath path, bool indexed)
    {
        Make("DATETIME", indexed, "(1, 'a', '2024-05-01 10:00:00'), (2, 'b', '2024-05-02 10:00:00')");
        lab.Run("t", path);
        // A number sorts below every text.
        lab.AtSource("INSERT INTO t VALUES (3, 'c', 1714645000)");
        Assert.Equal((3, 1), Numbers(lab.Run("t", path)));
        lab.AtSource("UPDATE t SET v = 'C' WHERE id = 3");
        Assert.Equal((3, 1), Numbers(lab.Run("t", path)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_source_that_went_back_is_read_from_the_beginning(TransferPath path, bool indexed)
    {
        Make("DATETIME", indexed, "(1, 'a', '2024-05-01 10:00:00'), (2, 'b', '2024-05-02 10:00:00')");
        lab.Run("t", path);
        lab.AtSource("DELETE FROM t", "INSERT INTO t VALUES (1, 'restored', '2024-04-01 10:00:00')");
        Assert.Equal(1, lab.Run("t", path).RecordsAffected);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void More_changes_than_an_index_is_good_for_arrive_all_the_same(TransferPath path, bool indexed)
    {
        Make("INTEGER", indexed, "(0, 'a', 1)");
        lab.Run("t", path);
        lab.AtSource("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45000) INSERT INTO t SELECT i, 'v', 2 + i % 3 FROM n");
        var result = lab.Run(lab.Plan("t") with { Path = path, Settings = new() { BatchSize = 1000 } });
        Assert.Equal((45_001, 45_000), Numbers(result));
        Assert.Equal("4", result.Checkpoint);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData("id INTEGER PRIMARY KEY, name TEXT", null)]
    [InlineData("id INTEGER PRIMARY KEY, created_at DATETIME, Last_Modified TEXT", "Last_Modified")]
    [InlineData("id INTEGER PRIMARY KEY, modifiedOn DATETIME, updated_at INTEGER", "updated_at")]
    [InlineData("id INTEGER PRIMARY KEY, updated BOOLEAN, RowVersion INTEGER", "RowVersion")]
    [InlineData("updated_at DATETIME, a TEXT", null)]
    public void The_check_column_is_chosen_by_what_people_call_it_and_never_without_a_key(string columns, string? chosen)
    {
        lab.AtSource($"CREATE TABLE t({columns})");
        Assert.Equal(chosen, lab.Run("t", TransferPath.Auto).CheckColumn);
    }

    [Fact]
    public void An_empty_name_switches_the_choice_off()
    {
        Make("DATETIME", indexed: false, "(1, 'a', '2024-05-01 10:00:00')");
        Assert.Null(lab.Run(lab.Plan("t") with { CheckColumn = "" }).CheckColumn);
    }

    private void Make(string type, bool indexed, string rows)
    {
        lab.AtSource($"CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT, updated_at {type})", $"INSERT INTO t VALUES {rows}");
        if (indexed)
            lab.AtSource("CREATE INDEX i ON t(updated_at)");
    }

    private static (long, long) Numbers(TaskResult result) => (result.RowsRead, result.RecordsAffected);
}
