using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class FullLoadTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("k TEXT PRIMARY KEY, v")]
    [InlineData("k TEXT COLLATE NOCASE PRIMARY KEY, v")]
    public void A_key_of_texts_keeps_its_order(string columns)
    {
        lab.AtSource($"CREATE TABLE texts({columns})", "INSERT INTO texts VALUES ('b', 1), ('a', 2)");
        lab.Run("texts", TransferPath.Batches);
        Assert.DoesNotContain("DESC", lab.Ddl("texts"), StringComparison.Ordinal);
        Assert.Equal(lab.SourceRows("texts"), lab.DestinationRows("texts"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_full_text_table_arrives_as_a_plain_one(TransferPath path)
    {
        lab.AtSource("CREATE VIRTUAL TABLE notes USING fts5(title, body)", "INSERT INTO notes VALUES ('a', 'hello'), ('b', NULL)");
        Assert.Equal(2, lab.Run("notes", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("notes"), lab.DestinationRows("notes"));
        Assert.Equal(0, lab.Run("notes", path).RecordsAffected);
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void The_first_run_makes_the_table_and_copies_all_rows_and_the_second_copies_none(TransferPath path)
    {
        lab.AtSource(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, price DECIMAL(10,2), at DATETIME)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i * 3, 'name ' || i, i / 7.0, NULL FROM n");
        var first = lab.Run("t", path);
        Assert.Equal((100_000, 100_000, path), (first.RowsRead, first.RecordsAffected, first.Path));
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal("t", first.DestinationTable);
        Assert.Contains("\"price\" DECIMAL(10,2)", lab.Ddl("t"), StringComparison.Ordinal);
        var second = lab.Run("t", path);
        Assert.Equal((100_000, 0), (second.RowsRead, second.RecordsAffected));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void Later_runs_read_from_the_check_columns_high_mark_and_count_real_changes_only(TransferPath path)
    {
        lab.AtSource(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, updated_at DATETIME NOT NULL)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO t SELECT i, 'name ' || i, datetime('2024-01-01', i || ' minutes') FROM n");
        var first = lab.Run("t", path);
        Assert.Equal((50_000, "updated_at", "2024-02-04 17:20:00"), (first.RecordsAffected, first.CheckColumn, first.Checkpoint));
        lab.AtSource(
            "UPDATE t SET name = 'new', updated_at = '2025-01-01 00:00:00' WHERE id % 100 = 0",
            "INSERT INTO t VALUES (60000, 'late', '2025-01-01 00:00:00'), (60001, 'tie', '2024-02-04 17:20:00')");
        var second = lab.Run("t", path);
        Assert.Equal(502, second.RecordsAffected);
        Assert.InRange(second.RowsRead, 502, 510);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void Tables_without_a_key_are_mirrored_and_not_doubled(TransferPath path)
    {
        lab.AtSource("CREATE TABLE t(a, b TEXT)", "INSERT INTO t VALUES (1, 'x'), (1, 'x'), (NULL, NULL), (2.5, 'y'), (x'00', '')");
        Assert.Equal(5, lab.Run("t", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal(0, lab.Run("t", path).RecordsAffected);
        lab.AtSource("DELETE FROM t WHERE b = 'y'", "UPDATE t SET b = 'X' WHERE rowid = 2", "INSERT INTO t VALUES (9, 'z')");
        Assert.Equal(2, lab.Run("t", path).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void A_statement_chooses_columns_renames_computes_and_filters(TransferPath path)
    {
        lab.AtSource("CREATE TABLE [my table](id INTEGER PRIMARY KEY, name TEXT, [odd \"] INT)", "INSERT INTO [my table] VALUES (1, 'a', 5), (2, 'b', 6), (3, 'c', NULL)");
        var plan = lab.Plan(query: "REPLICATE [copy] SELECT id AS [key], UPPER(name) AS big, [odd \"] AS odd FROM [my table] WHERE [odd \"] >= 5") with { Path = path, Settings = new() { TableNamePrefix = "p_" } };
        var result = lab.Run(plan);
        Assert.Equal(("p_copy", 2), (result.DestinationTable, result.RecordsAffected));
        Assert.Equal(["i1|t41 A|i5|", "i2|t42 B|i6|"], lab.DestinationRows("p_copy"));
        Assert.Contains("PRIMARY KEY(\"key\")", lab.Ddl("p_copy"), StringComparison.Ordinal);
    }
}
