using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;
using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.Kit;

/// <summary>
/// What every connector passes: <see cref="DestinationKit"/> and <see cref="SourceKit"/>, each against an SQLite file on the other side. A new connector brings a <see cref="KitPlace"/>
/// and two classes of one line.
/// </summary>
public abstract class ConnectorKit : IAsyncLifetime
{
    /// <summary>Enough that a run takes a while in small transactions.</summary>
    protected const int ManyRows = 20_000;

    protected Lab Lab { get; } = new();

    /// <summary>The connector's own side.</summary>
    protected KitPlace Place { get; private set; } = null!;

    /// <summary>The other side.</summary>
    protected SqlitePlace Partner { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Place = await OpenAsync(Lab);
        Partner = new(Lab, IsSource ? Lab.Destination : Lab.Source);
    }

    public async ValueTask DisposeAsync()
    {
        await Place.DisposeAsync();
        Lab.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An empty place; of files, one in the lab's folder (an SQLite file: <see cref="Lab.Source"/> or <see cref="Lab.Destination"/>).</summary>
    protected abstract Task<KitPlace> OpenAsync(Lab lab);

    protected abstract bool IsSource { get; }

    protected KitPlace Source => IsSource ? Place : Partner;

    protected KitPlace Destination => IsSource ? Partner : Place;

    protected TaskPlan Plan(KitTable table, JobSettings? settings = null, string select = "*", string where = "") => Lab.Plan(query: Source.Query(table, select, where)) with
    {
        Source = Source.Connection,
        Destination = Destination.Connection,
        Settings = settings ?? new(),
    };

    protected TaskResult Run(KitTable table, JobSettings? settings = null) => Lab.Run(Plan(table, settings));

    protected ReplicationException Fails(KitTable table, JobSettings? settings = null) => Lab.Fails(Plan(table, settings));

    protected void AssertSame(KitTable table) => Assert.Equal(table.Lines(Source.Rows(table)), table.Lines(Destination.Rows(table)));

    /// <summary>A table of two or three rows that most tests need.</summary>
    protected static KitTable Few { get; } = new(
        "few",
        [new("id", LogicalType.Int64), new("name", LogicalType.Text), new("price", LogicalType.Decimal(10, 2)), new("updated_at", LogicalType.Timestamp)],
        ["id"],
        [["1", "one", "1.5", KitTable.Time(1)], ["2", null, null, KitTable.Time(2)]]);

    /// <summary>Kills workers in the middle of their runs; between two kills the source changes behind and before the place where the load stands.</summary>
    protected async Task KillAsync(int kills)
    {
        var table = KitTable.Many(ManyRows);
        Source.Make(table);
        // A run that takes a second or more: between two SQLite files some ten thousand transactions go into one.
        var plan = Plan(table, new() { BatchSize = Source is SqlitePlace && Destination is SqlitePlace ? 2 : 50 }) with { RunId = "run", Path = TransferPath.Batches };
        var random = new Random(20_26);
        var midway = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            using var worker = CopyWorker.Start(Lab, plan);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                patience.CancelAfter(Lab.Patience);
                for (var line = random.Next(1, 3); line > 0; line--)
                    Assert.StartsWith(Source.Resumes ? "read " : "", await worker.StandardOutput.ReadLineAsync(patience.Token), StringComparison.Ordinal);
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var loaded = Destination.Rows(table);
            midway += loaded.Count is > 0 and < ManyRows ? 1 : 0;
            Assert.Equal(loaded.Count, loaded.Select(row => row[0]).Distinct().Count());
            Source.Put(table, [.. Enumerable.Range(0, 20).Select(i => (i * 997) + kill + 1).Select(id => new[] { KitTable.Text(id), $"changed {kill}", "7.25", KitTable.Time(1_000_000 + kill) })]);
        }

        if (Source.Resumes)
            Assert.InRange(midway, kills / 2, kills);
        Lab.Run(plan);
        AssertSame(table);
        Assert.Equal(0, Lab.Run(plan with { RunId = "after" }).RecordsAffected);
    }

    /// <summary>Cancels a run at its first sign of progress.</summary>
    protected async Task CancelAsync()
    {
        var table = KitTable.Many(ManyRows);
        Source.Make(table);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Lab.Progressed = cancel.Cancel;
        var plan = Plan(table, new() { BatchSize = 50 }) with { Path = TransferPath.Batches };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Lab.Start(plan, cancel.Token));
        Lab.Progressed = null;
        Assert.InRange(Destination.Rows(table).Count, 1, ManyRows - 1);
        Lab.Run(plan);
        AssertSame(table);
    }

    /// <summary>The statement of a plan.</summary>
    protected static ReplicateStatement Statement(TaskPlan plan) => ReplicateStatement.Of(plan.Table, plan.Query);
}
