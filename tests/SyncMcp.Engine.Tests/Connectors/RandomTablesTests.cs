using CsCheck;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class RandomTablesTests
{
    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public void What_arrives_equals_what_left_and_the_counts_are_exact(TransferPath path) =>
        RandomTable.Any.Sample(table => Check(table, path), threads: 1, print: table => table.ToString());

    private static void Check(RandomTable table, TransferPath path)
    {
        using var lab = new Lab();
        table.Fill(lab.Source);
        var plan = lab.Plan(table.Name) with { Path = path, Settings = new() { BatchSize = table.BatchSize == 0 ? null : table.BatchSize } };
        var first = lab.Run(plan);
        var loaded = lab.SourceRows(table.Name);
        Assert.Equal(loaded, lab.DestinationRows(table.Name));
        Assert.Equal((loaded.Count, loaded.Count), (first.RowsRead, first.RecordsAffected));

        var numbered = table.Kind == KeyKind.None;
        var before = Lab.Rows(lab.Source, $"SELECT {table.Columned(numbered)} FROM {Lab.Quote(table.Name)}");
        table.Change(lab.Source);
        var after = Lab.Rows(lab.Source, $"SELECT {table.Columned(numbered)} FROM {Lab.Quote(table.Name)}");
        var second = lab.Run(plan with { RunId = "second" });
        Assert.Equal(lab.SourceRows(table.Name), lab.DestinationRows(table.Name));
        if (second.CheckColumn is not null || !HasNullKeys(lab, table))
            Assert.Equal(after.Except(before).Count(), second.RecordsAffected);

        Assert.Equal(0, lab.Run(plan with { RunId = "third" }).RecordsAffected);
        Assert.Equal(lab.SourceRows(table.Name), lab.DestinationRows(table.Name));
    }

    // With null in a key the rows are paired by their numbers, and so counted by them.
    private static bool HasNullKeys(Lab lab, RandomTable table) =>
        table.KeyColumns > 0 && table.Kind is not (KeyKind.Integer or KeyKind.WithoutRowid)
        && Lab.Rows(lab.Source, $"SELECT 1 FROM {Lab.Quote(table.Name)} WHERE {string.Join(" OR ", table.Columns.Take(table.KeyColumns).Select(column => Lab.Quote(column.Name) + " IS NULL"))}").Count > 0;
}
