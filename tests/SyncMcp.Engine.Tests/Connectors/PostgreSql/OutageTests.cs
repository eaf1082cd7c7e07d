using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors.PostgreSql;

/// <summary>A server that goes away in the middle of a run and comes back.</summary>
public sealed class OutageTests : IDisposable
{
    private const int Rows = 20_000;

    private readonly Lab lab = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task A_destination_that_crashes_in_the_middle_ends_the_run_in_clear_words_and_the_next_run_goes_on()
    {
        await using var place = await PgPlace.OnOwnServerAsync();
        lab.AtSource(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, updated_at DATETIME)",
            $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO t SELECT i, 'name ' || i, datetime('2024-01-01', i || ' seconds') FROM n");
        var plan = lab.Plan("t") with { Destination = place.Connection(), Settings = new() { BatchSize = 50 } };
        for (var crash = 0; crash < 3; crash++)
            await CrashAsync(place, plan);

        var loaded = await place.RowsAsync("SELECT id FROM t");
        Assert.InRange(loaded.Count, 1, Rows - 1);
        Assert.Equal(0, loaded.Count % 50); // whole transactions
        Assert.InRange(lab.Run(plan).RowsRead, 1, Rows - loaded.Count + 50);
        Assert.Equal($"({Rows},{Rows})", (await place.RowsAsync("SELECT count(*), count(DISTINCT id) FROM t")).Single());
        Assert.Equal(0, lab.Run(plan with { RunId = "after" }).RecordsAffected);
    }

    [Fact]
    public async Task A_source_that_crashes_in_the_middle_ends_the_run_in_clear_words_and_the_next_run_goes_on()
    {
        await using var place = await PgPlace.OnOwnServerAsync(
            "CREATE TABLE t(id int PRIMARY KEY, name text, updated_at timestamptz DEFAULT '2024-01-01')",
            $"INSERT INTO t SELECT i, repeat('name ' || i, 50) FROM generate_series(1, {Rows}) AS i");
        var plan = lab.Plan("t") with { Source = place.Connection(), Settings = new() { BatchSize = 50 } };
        await CrashAsync(place, plan);
        Assert.InRange(lab.DestinationRows("t", "id").Count, 1, Rows - 1);
        lab.Run(plan);
        Assert.Equal(Rows, lab.DestinationRows("t", "id").Count);
        Assert.Equal(0, lab.Run(plan with { RunId = "after" }).RecordsAffected);
    }

    [Fact]
    public async Task A_server_that_is_down_is_named()
    {
        await using var place = await PgPlace.OnOwnServerAsync();
        await place.Server.StopAsync();
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY)");
        var error = lab.Fails(lab.Plan("t") with { Destination = place.Connection() });
        Assert.Equal("server_unreachable", error.Code);
        Assert.Contains($"127.0.0.1:{place.Server.Port}", error.Message, StringComparison.Ordinal);
    }

    private async Task CrashAsync(PgPlace place, TaskPlan plan)
    {
        using var reached = new SemaphoreSlim(0);
        lab.Progressed = () => reached.Release();
        var run = lab.Start(plan, Ct);
        Assert.True(await reached.WaitAsync(Lab.Patience, Ct));
        lab.Progressed = null;
        await place.Server.StopAsync();
        var error = await Assert.ThrowsAsync<ReplicationException>(() => run);
        Assert.True(error.Code is "connection_lost" or "server_unreachable", $"{error.Code}: {error.Message}");
        Assert.Contains("again", error.Message, StringComparison.Ordinal);
        await place.Server.RestartAsync();
    }
}
