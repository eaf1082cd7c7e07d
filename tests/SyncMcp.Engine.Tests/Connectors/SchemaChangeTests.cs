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
