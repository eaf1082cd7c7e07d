using System.Globalization;
using SyncMcp.Testing;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>Rows that are stamped before a run and committed after it.</summary>
public sealed class LateCommitTests : IDisposable
{
    private const int Runs = 20;
    private const int Writers = 4;

    private readonly Lab lab = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData("timestamptz")]
    [InlineData("timestamp")]
    public async Task Writers_that_commit_late_lose_nothing_in_twenty_runs(string type)
    {
        var (written, lost) = await RunsAmongWritersAsync(type, seesOthers: true);
        Assert.InRange(written, Runs * 3, int.MaxValue);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task Without_the_bound_of_open_transactions_the_same_writers_lose_rows()
    {
        // A user who does not see other users' transactions, and no overlap: what everybody does who remembers the highest value.
        var (_, lost) = await RunsAmongWritersAsync("timestamptz", seesOthers: false);
        Assert.InRange(lost.Count, Runs / 2, int.MaxValue);
        Assert.Contains(lab.Logs, line => line.Contains("GRANT pg_read_all_stats TO \"reader_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_overlap_closes_the_gap_for_those_who_see_no_others()
    {
        var (_, lost) = await RunsAmongWritersAsync("timestamptz", seesOthers: false, overlap: 60);
        Assert.Empty(lost);
    }

    [Fact]
    public async Task A_prepared_transaction_holds_the_mark_back()
    {
        await using var place = await PlaceAsync("timestamptz", seesOthers: true);
        await place.ExecuteAsync($"BEGIN; INSERT INTO t(id) VALUES (1); PREPARE TRANSACTION 'late {place.Database}'", "INSERT INTO t(id) VALUES (2)");
        Run(place, overlap: 0);
        await place.ExecuteAsync("INSERT INTO t(id) VALUES (3)");
        Run(place, overlap: 0);
        await place.ExecuteAsync($"COMMIT PREPARED 'late {place.Database}'");
        Run(place, overlap: 0);
        Assert.Equal(3, lab.DestinationRows("t").Count);
    }

    [Theory]
    [InlineData("Europe/Berlin", "now()")]
    [InlineData("America/Los_Angeles", "now()")]
    [InlineData("Europe/Berlin", "now() AT TIME ZONE 'UTC'")]
    [InlineData("America/Los_Angeles", "now() AT TIME ZONE 'UTC'")]
    public async Task A_column_without_zone_is_bounded_whatever_clock_it_holds(string zone, string stamp)
    {
        await using var place = await PlaceAsync("timestamp", seesOthers: true);
        await place.ExecuteAsync($"ALTER DATABASE {place.Database} SET TimeZone = '{zone}'", $"ALTER TABLE t ALTER updated_at SET DEFAULT {stamp}");
        await using var late = await place.OpenAsync();
        await PostgresServer.ExecuteAsync(late, "BEGIN; INSERT INTO t(id) VALUES (1)");
        await place.ExecuteAsync("INSERT INTO t(id) VALUES (2)");
        Run(place, overlap: 0);
        await PostgresServer.ExecuteAsync(late, "COMMIT");
        Run(place, overlap: 0);
        Assert.Equal(2, lab.DestinationRows("t").Count);
    }

    [Fact]
    public async Task A_row_from_the_future_hides_nothing()
    {
        await using var place = await PlaceAsync("timestamptz", seesOthers: true);
        await place.ExecuteAsync("INSERT INTO t(id, updated_at) VALUES (1, now() + interval '1 year'), (2, 'infinity'), (3, '-infinity'), (4, '12000-01-01')");
        Assert.Equal(["value_refused"], new[] { lab.Fails(Plan(place, 0)).Code });
        await place.ExecuteAsync("DELETE FROM t WHERE id = 2");
        var plan = Plan(place, 0) with { Table = null, Query = "REPLICATE [t] SELECT * FROM [t] WHERE [id] IN (1, 5)" };
        lab.Run(plan);
        await place.ExecuteAsync("INSERT INTO t(id) VALUES (5)");
        lab.Run(plan with { RunId = "second" });
        Assert.Equal(2, lab.DestinationRows("t").Count);
    }

    private async Task<(int Written, IReadOnlyList<string> Lost)> RunsAmongWritersAsync(string type, bool seesOthers, int overlap = 0)
    {
        await using var place = await PlaceAsync(type, seesOthers);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var next = 0;
        var writers = Enumerable.Range(0, Writers).Select(async number =>
        {
            await using var connection = await place.OpenAsync();
            var random = new Random(number);
            while (!stop.IsCancellationRequested)
                await PostgresServer.ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"BEGIN; INSERT INTO t(id) VALUES ({Interlocked.Increment(ref next)}); SELECT pg_sleep({random.NextDouble() * 0.06}); COMMIT"));
        }).ToList();
        try
        {
            for (var run = 0; run < Runs; run++)
            {
                // At least one each time: stamped before the run, and behind it comes a row that is stamped later and committed before.
                await using var late = await place.OpenAsync();
                await PostgresServer.ExecuteAsync(late, $"BEGIN; INSERT INTO t(id) VALUES ({Interlocked.Increment(ref next)})");
                await place.ExecuteAsync($"INSERT INTO t(id) VALUES ({Interlocked.Increment(ref next)})");
                Run(place, overlap);
                await PostgresServer.ExecuteAsync(late, "COMMIT");
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(writers);
        }

        Run(place, overlap);
        Run(place, overlap);
        var arrived = lab.DestinationRows("t", "id").ToHashSet(StringComparer.Ordinal);
        var written = await place.RowsAsync("SELECT id FROM t");
        return (written.Count, [.. written.Where(row => !arrived.Contains($"i{row.Trim('(', ')')}|"))]);
    }

    private void Run(PgPlace place, int overlap) => lab.Run(Plan(place, overlap));

    private SyncMcp.Engine.Connectors.TaskPlan Plan(PgPlace place, int overlap) => lab.Plan("t") with
    {
        Source = place.Connection(user: $"reader_{place.Database}", password: "reading"),
        Settings = new() { OtherOptions = $"Overlap={overlap}" },
    };

    private static async Task<PgPlace> PlaceAsync(string type, bool seesOthers)
    {
        var place = await PgPlace.NewAsync($"CREATE TABLE t(id int PRIMARY KEY, updated_at {type} NOT NULL DEFAULT now())", "CREATE INDEX ON t(updated_at)");
        await place.ExecuteAsync($"CREATE ROLE reader_{place.Database} LOGIN PASSWORD 'reading'", $"GRANT SELECT ON t TO reader_{place.Database}");
        if (seesOthers)
            await place.ExecuteAsync($"GRANT pg_read_all_stats TO reader_{place.Database}");
        return place;
    }
}
