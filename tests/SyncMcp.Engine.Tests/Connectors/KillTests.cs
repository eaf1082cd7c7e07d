using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class KillTests : IDisposable
{
    private const int Kills = 10;

    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task Ten_kills_in_the_middle_of_runs_lose_nothing_and_double_nothing()
    {
        lab.AtSource(
            "PRAGMA synchronous = OFF",
            "CREATE TABLE t(a INTEGER NOT NULL, b TEXT NOT NULL, v TEXT, updated_at DATETIME, PRIMARY KEY(a, b))",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) INSERT INTO t SELECT i / 3, 'k' || i, 'value ' || i, datetime('2024-01-01', i || ' seconds') FROM n");
        var random = new Random(20_26);
        var midway = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var worker = CopyWorker.Start(lab, "t", kill % 2 == 0 ? TransferPath.PushDown : TransferPath.Batches, batchSize: 20, run: "run");
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
                patience.CancelAfter(Lab.Patience);
                for (var line = random.Next(1, 3); line > 0; line--)
                    Assert.StartsWith("read ", await worker.StandardOutput.ReadLineAsync(patience.Token), StringComparison.Ordinal);
            }
            finally
            {
                worker.Kill();
                await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            Assert.Equal(["t6f6b ok|"], Lab.Rows(lab.Destination, "PRAGMA integrity_check"));
            var loaded = Count("SELECT count(*) FROM t");
            midway += loaded is > 0 and < 200_000 ? 1 : 0;
            Assert.Equal(loaded, Count("SELECT count(DISTINCT a || '/' || b) FROM t"));
            // Behind the place where the load stands and before it.
            lab.AtSource($"UPDATE t SET v = 'changed {kill}', updated_at = '2025-01-0{kill % 9 + 1} 00:00:00' WHERE a % 997 = {kill}");
        }

        Assert.InRange(midway, 5, Kills);
        var last = lab.Run(lab.Plan("t") with { RunId = "run" });
        Assert.Equal("2025-01-09 00:00:00", last.Checkpoint);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
        Assert.InRange(last.RowsRead, 1, 199_999);
        Assert.Equal(0, lab.Run("t", TransferPath.Auto).RecordsAffected);
    }

    private long Count(string query) => long.Parse(Lab.Rows(lab.Destination, query)[0].Trim('i', '|'));
}
