using CsCheck;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>Random tables over every pair of connectors, through the type map: what arrives is what left, the counts are exact, and a second run does nothing.</summary>
public sealed class PairTests : IDisposable
{
    private const int Cases = 25;

    private readonly Lab lab = new();
    private int tables;

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("SQLite", "SQLite")]
    [InlineData("SQLite", "CSV")]
    [InlineData("SQLite", "PostgreSQL")]
    [InlineData("CSV", "SQLite")]
    [InlineData("CSV", "CSV")]
    [InlineData("CSV", "PostgreSQL")]
    [InlineData("PostgreSQL", "SQLite")]
    [InlineData("PostgreSQL", "CSV")]
    [InlineData("PostgreSQL", "PostgreSQL")]
    public async Task What_arrives_is_what_left(string from, string to)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        await using var destination = await Places.OpenAsync(to, lab, isSource: false);
        RandomKit.Tables.Sample(tables => Check(tables.Before, tables.After, source, destination), iter: Cases, threads: 1, print: tables => Print(tables.Before) + Print(tables.After));
    }

    private void Check(KitTable before, KitTable after, KitPlace source, KitPlace destination)
    {
        var name = $"t{++tables}";
        (before, after) = (before with { Name = name }, after with { Name = name });
        source.Make(before);
        var plan = lab.Plan(query: source.Query(before)) with { TaskId = name, Source = source.Connection, Destination = destination.Connection, Path = TransferPath.Batches };
        Assert.Equal(before.Rows.Count, lab.Run(plan).RecordsAffected);
        AssertSame(before, destination);
        if (before.Key.Count == 0)
            return;
        Assert.Equal(0, lab.Run(plan with { RunId = "second" }).RecordsAffected);
        source.Put(after, after.Rows);
        var changed = after.Rows.Count - after.Lines(after.Rows).Intersect(before.Lines(before.Rows)).Count();
        Assert.Equal(changed, lab.Run(plan with { RunId = "third" }).RecordsAffected);
        AssertSame(after, destination);
        Assert.Equal(0, lab.Run(plan with { RunId = "fourth" }).RecordsAffected);
    }

    private static void AssertSame(KitTable table, KitPlace destination) => Assert.Equal(table.Lines(table.Rows), table.Lines(destination.Rows(table)));

    private static string Print(KitTable table) => $"{string.Join(", ", table.Columns.Select(column => $"{column.Name} {column.Type}"))} key({string.Join(", ", table.Key)})\n{string.Join('\n', table.Lines(table.Rows))}\n";
}
