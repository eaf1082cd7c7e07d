using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class TwoRunsTests : IDisposable
{
    private readonly Lab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public async Task Of_two_runs_of_one_task_the_slower_is_fenced_off_and_nothing_is_doubled(TransferPath path)
    {
        lab.AtSource("CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO t SELECT i, 'value ' || i FROM n");
        // The first run stops after its first chunk until the second run has gone on from there.
        using var slow = new Gate();
        var ct = TestContext.Current.CancellationToken;
        var plan = lab.Plan("t") with { Path = path, Settings = new() { BatchSize = 100 } };
        var first = Replication.RunAsync(plan, slow, ct);
        Assert.True(slow.Reached.Wait(Lab.Patience, ct));
        var second = lab.Run(plan with { RunId = "second" });
        slow.Open.Set();
        var error = await Assert.ThrowsAsync<ReplicationException>(() => first.WaitAsync(Lab.Patience, ct));
        Assert.Equal("fenced", error.Code);
        Assert.Equal(20_000, second.RecordsAffected + 100);
        Assert.Equal(lab.SourceRows("t"), lab.DestinationRows("t"));
    }

    [Theory]
    [InlineData(TransferPath.PushDown)]
    [InlineData(TransferPath.Batches)]
    public async Task Many_runs_at_once_end_or_are_fenced_and_the_rows_are_exact(TransferPath path)
    {
        lab.AtSource("CREATE TABLE t(a, b)", "CREATE TABLE k(id TEXT PRIMARY KEY, v)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO t SELECT i % 10, 'v' FROM n", "INSERT INTO k SELECT 'k' || rowid, b FROM t");
        foreach (var table in new[] { "t", "k" })
        {
            var plan = lab.Plan(table) with { TaskId = table, Path = path, Settings = new() { BatchSize = 100 } };
            var runs = Enumerable.Range(0, 4).Select(i => lab.Start(plan with { RunId = $"at once {i}" }, TestContext.Current.CancellationToken)).ToList();
            var ended = await Task.WhenAll(runs.Select(async run =>
            {
                try
                {
                    await run;
                    return "ended";
                }
                catch (ReplicationException error)
                {
                    return error.Code;
                }
            }));
            Assert.All(ended, end => Assert.True(end is "ended" or "fenced", end));
            Assert.Contains("ended", ended);
            Assert.Equal(lab.SourceRows(table), lab.DestinationRows(table));
        }
    }

    private sealed class Gate : ITaskObserver, IDisposable
    {
        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Open { get; } = new();

        public void Progress(long rowsRead, long recordsAffected)
        {
            Reached.Set();
            Assert.True(Open.Wait(Lab.Patience));
        }

        public void Log(LogLevel level, string text)
        {
        }

        public void Dispose()
        {
            Reached.Dispose();
            Open.Dispose();
        }
    }
}
