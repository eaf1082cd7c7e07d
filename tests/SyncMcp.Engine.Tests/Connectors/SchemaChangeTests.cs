using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Connectors.Sqlite;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class SchemaChangeTests : IDisposable
{
    private readonly Lab lab = new();

    public SchemaChangeTests()
    {
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, price REAL, modified TEXT)", "INSERT INTO t VALUES (1, 'a', 1.5, '2024-01-01 10:00:00'), (2, 'b', 2.5, '2024-01-02 10:00:00')");
        lab.Run("t", TransferPath.Auto);
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void A_column_dropped_at_the_source_is_named_before_anything_is_written()
    {
        lab.AtSource("INSERT INTO t VALUES (3, 'c', 3.5, '2024-01-03 10:00:00')", "ALTER TABLE t DROP COLUMN price");
        var error = lab.Fails(lab.Plan("t"));
        Assert.Equal("column_missing", error.Code);
        Assert.Contains("column \"price\" of table \"t\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("drop_table", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, lab.DestinationRows("t").Count);
    }

    [Fact]
    public void Leaving_a_column_out_in_the_query_is_a_wish_and_no_accident()
    {
        lab.AtSource("ALTER TABLE t DROP COLUMN price", "UPDATE t SET name = 'B', modified = '2024-01-09' WHERE id = 2");
        var result = lab.Run(lab.Plan(query: "REPLICATE [t] SELECT id, name, modified FROM [t]"));
        Assert.Equal(1, result.RecordsAffected);
        Assert.Contains("i2|t42 B|r4004000000000000|", string.Concat(lab.DestinationRows("t")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_type_is_named()
    {
        lab.AtSource("CREATE TABLE n(id INTEGER PRIMARY KEY, name TEXT, price DECIMAL(10,2), modified TEXT)", "DROP TABLE t", "ALTER TABLE n RENAME TO t");
        var error = lab.Fails(lab.Plan("t"));
        Assert.Equal("type_changed", error.Code);
        Assert.Contains("\"price\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("was declared REAL and is DECIMAL(10,2)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Drop_table_makes_the_destination_anew()
    {
        lab.AtSource("ALTER TABLE t DROP COLUMN price", "ALTER TABLE t ADD COLUMN more INT");
        var plan = lab.Plan("t") with { Settings = new() { DropTable = true } };
        Assert.Equal(2, lab.Run(plan).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.DoesNotContain("price", lab.Ddl("t"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_column_is_told_and_not_carried()
    {
        lab.AtSource("ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'x'", "INSERT INTO t VALUES (3, 'c', 3.5, '2024-01-03 10:00:00', 'y')");
        foreach (var path in new[] { TransferPath.PushDown, TransferPath.Batches })
        {
            lab.AtSource("UPDATE t SET name = name || '!', modified = '2024-01-04 10:00:00' WHERE id = 3");
            Assert.Equal(1, lab.Run("t", path).RecordsAffected);
            Assert.Contains(lab.Logs, line => line.Contains("not carried: \"extra\"", StringComparison.Ordinal));
            Assert.Equal(lab.SourceRows("t", "id, name, price, modified"), lab.DestinationRows("t"));
        }
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void Alter_schema_adds_new_columns_and_fills_the_rows_that_are_there(TransferPath path)
    {
        lab.AtSource("ALTER TABLE t ADD COLUMN extra TEXT NOT NULL DEFAULT 'x' COLLATE NOCASE", "ALTER TABLE t ADD COLUMN none DECIMAL(8,2)", "INSERT INTO t VALUES (3, 'c', 3.5, '2024-01-03 10:00:00', 'y', 9)");
        var plan = lab.Plan("t") with { Path = path, Settings = new() { AlterSchema = true } };
        Assert.Equal(3, lab.Run(plan).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Contains("\"none\" DECIMAL(8,2)", lab.Ddl("t"), StringComparison.Ordinal);
        Assert.Contains(lab.Logs, line => line.Contains("Added to \"t\": \"extra\", \"none\"", StringComparison.Ordinal));

        // Once: the next run reads what is new and nothing else.
        lab.AtSource("UPDATE t SET none = 1, modified = '2024-01-09 10:00:00' WHERE id = 1");
        var next = lab.Run(plan);
        Assert.Equal((2, 1), (next.RowsRead, next.RecordsAffected)); // with the row at the mark
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void New_columns_without_values_are_added_once_too(TransferPath path)
    {
        lab.AtSource("ALTER TABLE t ADD COLUMN extra TEXT");
        var plan = lab.Plan("t") with { Path = path, Settings = new() { AlterSchema = true } };
        Assert.Equal((2, 0), (lab.Run(plan).RowsRead, lab.DestinationRows("t").Count - 2));
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.Equal(1, lab.Run(plan).RowsRead); // the row at the mark
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void New_columns_are_filled_by_the_run_after_one_that_failed(TransferPath path)
    {
        lab.AtSource("ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'x'");
        lab.AtDestination("CREATE TRIGGER no BEFORE UPDATE ON t WHEN NEW.id = 2 BEGIN SELECT RAISE(ABORT, 'not this one'); END");
        var plan = lab.Plan("t") with { Path = path, Settings = new() { AlterSchema = true, BatchSize = 1 } };
        lab.Fails(plan);
        lab.AtDestination("DROP TRIGGER no");
        lab.Run(plan);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void A_column_that_somebody_added_at_the_destination_is_carried_and_filled_by_alter_schema()
    {
        lab.AtSource("ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'x'");
        lab.AtDestination("ALTER TABLE t ADD COLUMN EXTRA TEXT");
        Assert.Equal(2, lab.Run(lab.Plan("t") with { Settings = new() { AlterSchema = true } }).RecordsAffected);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Fact]
    public void The_statement_may_ask_for_new_columns_and_a_table_without_key_gets_them_too()
    {
        lab.AtSource("CREATE TABLE loose(a, b)", "INSERT INTO loose VALUES (1, 2), (1, 2)");
        lab.Run(lab.Plan(query: "REPLICATE [loose] WITH AlterSchema"));
        lab.AtSource("ALTER TABLE loose ADD COLUMN c DEFAULT 7");
        Assert.Equal(2, lab.Run(lab.Plan(query: "REPLICATE [loose] WITH AlterSchema")).RecordsAffected);
        Assert.Equal(lab.SourceRows("loose"), lab.DestinationRows("loose"));
    }

    [Fact]
    public void A_column_dropped_between_the_look_at_the_table_and_the_reading_is_no_text()
    {
        using var source = new SqliteSource(Database.OpenSource(lab.Source, new(CancellationToken.None)));
        var table = source.Open(ReplicateStatement.Of("t", null), new(null, TimeSpan.Zero, DateTimeOffset.UnixEpoch));
        lab.AtSource("ALTER TABLE t DROP COLUMN price");
        var error = Assert.Throws<ReplicationException>(() =>
        {
            using var reader = table.Read(new(null, null, 10));
            reader.Fill(new(table.Shape.BatchWidth));
        });
        Assert.Contains("no such column: \"price\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_column_that_is_gone_is_named()
    {
        lab.AtSource("ALTER TABLE t DROP COLUMN modified");
        Assert.Equal("column_missing", lab.Fails(lab.Plan("t") with { CheckColumn = "modified" }).Code);
    }

    [Fact]
    public void A_misspelled_column_gets_the_name_that_was_meant()
    {
        var error = lab.Fails(lab.Plan(query: "REPLICATE [x] SELECT id, nmae FROM [t]"));
        Assert.Equal("column_missing", error.Code);
        Assert.Contains("Did you mean \"name\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_is_gone_at_the_destination_is_made_and_filled_again()
    {
        lab.AtDestination("DROP TABLE t");
        Assert.Equal(2, lab.Run("t", TransferPath.Auto).RecordsAffected);
        lab.AtDestination("DELETE FROM t");
        Assert.Equal(2, lab.Run("t", TransferPath.Auto).RecordsAffected);
    }

    [Fact]
    public void Another_filter_or_check_column_reads_all_rows_once()
    {
        var result = lab.Run(lab.Plan(query: "REPLICATE [t] SELECT * FROM [t] WHERE id > 1"));
        Assert.Equal((1, 0), (result.RowsRead, result.RecordsAffected));
        result = lab.Run(lab.Plan("t") with { CheckColumn = "id" });
        Assert.Equal((2, "id"), (result.RowsRead, result.CheckColumn));
        Assert.Equal(1, lab.Run(lab.Plan("t") with { CheckColumn = "id" }).RowsRead);
    }
}
