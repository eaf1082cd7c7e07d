using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class KilledEngineTests
{
    private const int Kills = 10;
    private const int Rows = 200_000;

    [Fact]
    public async Task Ten_kills_of_the_engine_in_one_run_lose_nothing_double_nothing_and_the_next_start_ends_it()
    {
        await using var engine = await EngineSession.StartAsync();
        var source = await engine.ConnectionTo(engine.MakeDatabase("shop.db",
            $"CREATE TABLE t(a INTEGER PRIMARY KEY, v TEXT); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Rows}) INSERT INTO t SELECT i, 'value ' || i FROM n"));
        var destination = await engine.ConnectionTo(engine.MakeDatabase("copy.db", ""));
        var job = (await engine.Post("/workspaces/default/jobs",
            $$$"""{"name":"j","source_connection":"{{{source}}}","destination_connection":"{{{destination}}}","settings":{"batch_size":20}}""")).Expect(201).Id;
        (await engine.Post($"/jobs/{job}/tasks", """{"table":"t"}""")).Expect(201);
        var run = await Unstarted.InsertAsync(engine.Engine.Parts.Store, job);
        var midway = 0;
        await engine.RestartAsync(() =>
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                using var worker = EngineWorker.Start(engine.Folder);
                try
                {
                    for (var line = kill % 2; line >= 0; line--)
                        Assert.StartsWith("read ", worker.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)).GetAwaiter().GetResult(), StringComparison.Ordinal);
                }
                finally
                {
                    worker.Kill();
                    worker.WaitForExit();
                }

                var loaded = Count(engine, "SELECT count(*) FROM t");
                midway += loaded is > 0 and < Rows ? 1 : 0;
            }
        });
        Assert.InRange(midway, 5, Kills);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while ((await engine.Get($"/jobs/{job}/history/{run}")).Json["finished_at"] is null)
            await Task.Delay(50, patience.Token);
        var end = (await engine.Get($"/jobs/{job}/history/{run}")).Json;
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Equal("Completed; it was interrupted and resumed.", (string?)end["details"]);
        Assert.Equal(Rows, Count(engine, "SELECT count(*) FROM t WHERE v = 'value ' || a"));
        Assert.Equal(Rows, Count(engine, "SELECT count(*) FROM t"));
        Assert.Equal(1, (long)(await engine.Get($"/jobs/{job}/history")).Json["total"]!); // one run all the time
    }

    private static long Count(EngineSession engine, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(engine.Files, "copy.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the tests' own statements
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
