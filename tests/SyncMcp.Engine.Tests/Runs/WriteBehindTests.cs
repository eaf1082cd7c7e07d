using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class WriteBehindTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;
    private readonly EngineStore store;
    private readonly List<string> log = [];

    public WriteBehindTests() => store = EngineStore.Open(Path.Combine(folder, "engine.db"), TimeProvider.System);

    [Fact]
    public async Task Everything_is_written_in_order_before_a_flush_returns()
    {
        await using var writes = new WriteBehind(store, log.Add);
        var written = new List<int>();
        for (var i = 0; i < 5000; i++)
        {
            var n = i;
            writes.Add(_ => written.Add(n));
        }

        await writes.FlushAsync().WaitAsync(JobSession.Patience, JobSession.Ct);
        Assert.Equal(Enumerable.Range(0, 5000), written);
    }

    [Fact]
    public async Task A_store_that_fails_loses_lines_says_so_and_holds_nobody()
    {
        await using (var writes = new WriteBehind(store, log.Add))
        {
            writes.Add(session => session.Execute("INSERT INTO no_such_table VALUES (1)"));
            await writes.FlushAsync().WaitAsync(JobSession.Patience, JobSession.Ct);
            Assert.Contains("lines of a run log were lost", Assert.Single(log), StringComparison.Ordinal);
            writes.Add(session => session.Execute("INSERT INTO workspace (id, name, version, created_at, updated_at) VALUES ('w', 'w', 1, '', '')"));
        }

        Assert.Equal(1, await store.ReadAsync(session => session.One("SELECT count(*) FROM workspace WHERE id = 'w'", row => row.GetInt64(0)), JobSession.Ct));
    }

    [Fact]
    public async Task A_worker_does_not_wait_for_a_store_that_another_holds()
    {
        var held = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var holder = Task.Run(() => store.WriteAsync(_ =>
        {
            held.SetResult();
            release.Task.Wait(JobSession.Patience);
        }, CancellationToken.None), JobSession.Ct);
        await held.Task.WaitAsync(JobSession.Patience, JobSession.Ct);
        var written = 0;
        await using (var writes = new WriteBehind(store, log.Add))
        {
            for (var i = 0; i < 50_000; i++) // more than the queue holds: the rest is left out, nothing blocks
                writes.Add(_ => written++);
            Assert.Equal(0, written);
            release.SetResult();
        }

        await holder;
        Assert.InRange(written, 10_000, 11_000);
        Assert.Equal($"{50_000 - written} lines of a run log were left out: the store was too slow for them", Assert.Single(log));
    }

    public void Dispose()
    {
        store.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
