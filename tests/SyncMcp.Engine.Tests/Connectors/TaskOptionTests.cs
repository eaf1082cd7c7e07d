using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Connectors.Kit;

namespace SyncMcp.Engine.Tests.Connectors;

/// <summary>Options of tasks that ask something of both sides, over the connectors.</summary>
public sealed class TaskOptionTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("SQLite", "PostgreSQL")]
    [InlineData("SQLite", "CSV")]
    [InlineData("PostgreSQL", "SQLite")]
    [InlineData("PostgreSQL", "PostgreSQL")]
    [InlineData("CSV", "SQLite")]
    public async Task A_first_load_begins_at_its_date_and_comes_in_pieces(string from, string to)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        await using var destination = await Places.OpenAsync(to, lab, isSource: false);
        var table = KitTable.Many(300);
        source.Make(table);
        var plan = Plan(source, destination, source.Query(table)) with { CheckColumn = "updated_at" };
        var settings = new JobSettings { ReplicateStartDate = KitTable.Time(101), ReplicateInterval = 1, ReplicateIntervalUnit = "minutes" };
        Assert.Equal(200, lab.Run(plan with { Settings = settings }).RecordsAffected);
        Assert.Equal(table.Lines(table.Rows.Skip(100)), table.Lines(destination.Rows(table)));
        Assert.Equal(3, lab.Logs.Count(line => line.Contains("First load: up to", StringComparison.Ordinal)));

        source.Put(table, ["7", "before the start", "1.5", KitTable.Time(7)], ["8", "new", "1.5", KitTable.Time(1000)]);
        Assert.Equal(1, lab.Run(plan with { RunId = "second", Settings = settings }).RecordsAffected);
        source.Delete(table, table.Rows[249]);
        Assert.Equal(1, lab.Run(plan with { RunId = "third", Settings = settings with { SkipDeleted = false } }).RecordsAffected);
        Assert.Equal(200, destination.Rows(table).Count);
    }

    [Theory]
    [InlineData("SQLite", "PostgreSQL")]
    [InlineData("SQLite", "CSV")]
    [InlineData("PostgreSQL", "SQLite")]
    [InlineData("PostgreSQL", "PostgreSQL")]
    public async Task A_copy_is_checked_and_repaired(string from, string to)
    {
        await using var source = await Places.OpenAsync(from, lab, isSource: true);
        await using var destination = await Places.OpenAsync(to, lab, isSource: false);
        var table = KitTable.Many(50);
        source.Make(table);
        lab.Run(Plan(source, destination, source.Query(table)));
        destination.Delete(table, table.Rows[0], table.Rows[1]);
        destination.Put(table, ["3", "spoilt", "1.5", KitTable.Time(3)], ["99", "extra", "1.5", KitTable.Time(99)]);
        var before = table.Lines(destination.Rows(table));
        var check = Plan(source, destination, $"CHECKCACHE [{table.Name}] AGAINST [{source.SourceName(table)}]") with { TaskId = "check" };
        var found = lab.Run(check);
        Assert.Equal(("Differences, nothing written: 2 missing, 1 changed, 1 gone at the source.", 0), (found.Found, found.RecordsAffected));
        Assert.Equal(before, table.Lines(destination.Rows(table)));
        Assert.Equal("Differences, nothing written: 1 missing, 1 changed, rows gone at the source not looked for.", lab.Run(check with { RunId = "some", Query = check.Query + $" START '{KitTable.Time(2)}' END '{KitTable.Time(4)}'" }).Found);
        Assert.Equal(4, lab.Run(check with { RunId = "repair", Query = check.Query + " WITH REPAIR" }).RecordsAffected);
        Assert.Equal(table.Lines(table.Rows), table.Lines(destination.Rows(table)));
        Assert.StartsWith("The copy is equal", lab.Run(check with { RunId = "again" }).Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PostgreSQL", true)]
    [InlineData("PostgreSQL", false)]
    [InlineData("CSV", true)]
    [InlineData("CSV", false)]
    public async Task The_files_of_a_folder_go_into_one_table_and_an_emptied_one_is_filled_again(string to, bool keyed)
    {
        await using var destination = await Places.OpenAsync(to, lab, isSource: false);
        var folder = Path.Combine(lab.Files, "inbox");
        Directory.CreateDirectory(folder);
        void Write(string name, string content) => File.WriteAllText(Path.Combine(folder, name), content);

        var table = new KitTable("orders", [new("id", LogicalType.Int64), new("what", LogicalType.Text)], ["id"], []);
        var plan = lab.Plan(query: $"REPLICATE [orders] ([id] bigint{(keyed ? ", PRIMARY KEY([id])" : "")}) SELECT * FROM [*.csv]") with
        {
            EachFile = true,
            Source = new("CSV", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["URI"] = folder }, lab.Roots),
            Destination = destination.Connection,
        };
        Write("a.csv", "id,what\n1,a\n2,b\n");
        Write("b.csv", "id,what\n3,c\n");
        Assert.Equal(3, Run(plan));
        Assert.Equal(0, Run(plan));
        Write("a.csv", "id,what\n1,A\n");
        Assert.Equal(keyed ? 1 : 2, Run(plan));
        Assert.Equal(keyed ? ["1 | A | ", "2 | b | ", "3 | c | "] : (string[])["1 | A | ", "3 | c | "], table.Lines(destination.Rows(table)));
        destination.Delete(table, ["1", null], ["2", null], ["3", null]);
        Assert.Equal(2, Run(plan));
        Assert.Equal(["1 | A | ", "3 | c | "], table.Lines(destination.Rows(table)));
    }

    private long Run(TaskPlan plan) => lab.Run(plan with { RunId = Guid.NewGuid().ToString() }).RecordsAffected;

    private TaskPlan Plan(KitPlace source, KitPlace destination, string query) => lab.Plan(query: query) with { Source = source.Connection, Destination = destination.Connection };
}
