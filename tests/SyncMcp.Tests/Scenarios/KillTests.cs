using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>The built program, killed in the middle of runs.</summary>
public sealed class KillTests
{
    private const int Kills = 10;
    private const int Rows = 300_000;

    [Fact]
    public async Task Ten_kills_in_one_run_lose_nothing_double_nothing_and_leave_one_run_in_the_history()
    {
        using var folder = new TempFolder();
        string job, source, destination;
        using (await EngineProcess.StartAsync(folder))
        await using (var session = await SyncSession.StartAsync(folder: folder))
        {
            var shop = await SmallShop.OpenAsync(session);
            (source, destination) = (shop.SourceFile, shop.DestinationFile);
            Sql.Run(source, $"WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO orders SELECT i, i % 3, i / 7.0, datetime('2026-01-01', i || ' seconds') FROM n");
            job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["batch_size"] = 200 } }, "orders");
            (await session.CallAsync("execute_job", new { job_id = job })).Ok();
            await ArrivedAsync(destination, 1);
        } // the engine is killed here, for the first time

        var arrived = Arrived(destination);
        for (var kill = 2; kill <= Kills; kill++)
        {
            using var engine = await EngineProcess.StartAsync(folder); // takes the run up by itself
            await ArrivedAsync(destination, arrived + 1);
            await engine.KillAsync();
            arrived = Arrived(destination);
        }

        Assert.InRange(arrived, Kills * 200, Rows - 1); // each kill hit the run
        await using var last = await SyncSession.StartAsync(folder: folder);
        var run = await last.RunEndedAsync(job);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Single((await last.CallAsync("list_job_history", new { job_id = job })).Ok().Items);
        const string digest = "SELECT count(*), sum(id), sum(customer_id), total(amount), min(updated_at), max(updated_at), count(DISTINCT id) FROM orders";
        Assert.Equal(Sql.Rows(source, digest), Sql.Rows(destination, digest));
        Assert.Contains("resumed", (await last.CallAsync("get_run_log", new { job_id = job, history_id = (string?)run["id"] })).Ok().Text, StringComparison.Ordinal);
    }

    private static async Task ArrivedAsync(string destination, int rows)
    {
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (Arrived(destination) < rows)
            await Task.Delay(5, timeout.Token);
    }

    private static int Arrived(string destination) => File.Exists(destination) && Sql.Rows(destination, "SELECT 1 FROM sqlite_master WHERE name = 'orders'").Count > 0
        ? int.Parse(Sql.Rows(destination, "SELECT count(*) FROM orders")[0])
        : 0;
}
