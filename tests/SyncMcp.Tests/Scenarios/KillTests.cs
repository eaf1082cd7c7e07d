using System.Diagnostics;
using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>The built program, killed in the middle of runs.</summary>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int Batch = 50;
    private const int More = 200_000;

    [Fact]
    public async Task Ten_kills_in_the_middle_of_runs_lose_nothing_and_double_nothing()
    {
        using var folder = new TempFolder();
        string job, source, destination;
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            var shop = await SmallShop.OpenAsync(session);
            (source, destination) = (shop.SourceFile, shop.DestinationFile);
            job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["batch_size"] = Batch } }, "orders");
        }

        var (hits, runs) = (0, 0);
        while (hits < Kills)
        {
            using var engine = await EngineProcess.StartAsync(folder); // takes an interrupted run up by itself
            var before = Count(destination);
            if (before == Count(source) || runs == 0)
            {
                // All of a run went by between two kills: when it has ended, more rows and another run.
                await using var session = await SyncSession.StartAsync(folder: folder);
                if (runs > 0)
                    await session.RunEndedAsync(job);
                Sql.Run(source, $"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {More}) INSERT INTO orders SELECT {More * ++runs} + i, i % 3, i / 7.0, datetime('2026-01-01', ({More * runs} + i) || ' seconds') FROM n");
                (await session.CallAsync("execute_job", new { job_id = job })).Ok();
            }

            await GrowsAsync(destination, before);
            await engine.KillAsync();
            hits += Count(destination) < Count(source) ? 1 : 0;
        }

        await using var last = await SyncSession.StartAsync(folder: folder);
        var run = await last.RunEndedAsync(job);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal(runs, (int?)(await last.CallAsync("list_job_history", new { job_id = job })).Ok().Structured["total"]);
        const string digest = "SELECT count(*), sum(id), sum(customer_id), total(amount), min(updated_at), max(updated_at), count(DISTINCT id) FROM orders";
        Assert.Equal(Sql.Rows(source, digest), Sql.Rows(destination, digest));
        Assert.Contains("resumed", (await last.CallAsync("get_run_log", new { job_id = job, history_id = (string?)run["id"] })).Ok().Text, StringComparison.Ordinal);
    }

    private static async Task GrowsAsync(string destination, int before)
    {
        var started = Stopwatch.GetTimestamp();
        while (Count(destination) == before)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < SyncSession.Patience, $"{before} rows are there, and no more come.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static int Count(string file) => File.Exists(file) && Sql.Rows(file, "SELECT 1 FROM sqlite_master WHERE name = 'orders'").Count > 0
        ? int.Parse(Sql.Rows(file, "SELECT count(*) FROM orders")[0])
        : 0;
}
