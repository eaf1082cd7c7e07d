using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Api;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Tests.Storage;

public sealed class EngineStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string File => Path.Combine(folder, "engine.db");

    [Fact]
    public async Task Each_migration_is_applied_once_and_in_order()
    {
        string[] names = ["0001_workspaces", "0002_connections", "0003_jobs"];
        for (var start = 0; start < 2; start++)
        {
            using var store = EngineStore.Open(File, TimeProvider.System);
            var applied = await store.ReadAsync(session => session.Query("SELECT name FROM migration ORDER BY version", row => row.GetString(0)), Ct);
            Assert.Equal(names, applied.Take(names.Length));
            Assert.Equal(1L, await Count(store, "workspace"));
        }
    }

    [Fact]
    public async Task A_migration_that_is_missing_is_applied_though_later_ones_were()
    {
        // Two areas are built at the same time, and the one with the lower number lands last.
        using (var before = EngineStore.Open(File, TimeProvider.System))
        {
            await before.WriteAsync(
                session =>
                {
                    session.Execute("ALTER TABLE run DROP COLUMN started_with");
                    session.Execute("DELETE FROM migration WHERE name = '0004_run_started_with'");
                },
                Ct);
        }

        using var store = EngineStore.Open(File, TimeProvider.System);
        Assert.Equal(1L, await store.ReadAsync(session => session.One("SELECT count(*) FROM pragma_table_info('run') WHERE name = 'started_with'", row => row.GetInt64(0)), Ct));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_nothing_behind()
    {
        using var store = EngineStore.Open(File, TimeProvider.System);
        await Assert.ThrowsAsync<ApiException>(() => store.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM workspace");
                throw ApiException.Invalid("no");
            },
            Ct));
        Assert.Equal(1L, await Count(store, "workspace"));
        await store.WriteAsync(session => session.Execute("DELETE FROM workspace"), Ct);
        Assert.Equal(0L, await Count(store, "workspace"));
    }

    [Fact]
    public async Task A_reader_sees_one_moment_while_a_writer_goes_on()
    {
        using var store = EngineStore.Open(File, TimeProvider.System);
        await store.ReadAsync(
            session =>
            {
                var before = session.One("SELECT count(*) FROM workspace", row => row.GetInt64(0));
                Assert.True(store.WriteAsync(inner => inner.Execute("DELETE FROM workspace"), Ct).Wait(TimeSpan.FromSeconds(20), Ct));
                Assert.Equal(before, session.One("SELECT count(*) FROM workspace", row => row.GetInt64(0)));
                return true;
            },
            Ct);
        Assert.Equal(0L, await Count(store, "workspace"));
    }

    [Fact]
    public async Task Writers_take_turns_and_none_is_lost()
    {
        using var store = EngineStore.Open(File, TimeProvider.System);
        await store.WriteAsync(session => session.Execute("CREATE TABLE counter (n BIGINT)"), Ct);
        await store.WriteAsync(session => session.Execute("INSERT INTO counter VALUES (0)"), Ct);
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Ct, async (_, ct) => await store.WriteAsync(
            session =>
            {
                var n = session.One("SELECT n FROM counter", row => row.GetInt64(0));
                session.Execute("UPDATE counter SET n = @n", ("@n", n + 1));
            },
            ct));
        Assert.Equal(200L, await store.ReadAsync(session => session.One("SELECT n FROM counter", row => row.GetInt64(0)), Ct));
    }

    [Fact]
    public async Task A_write_that_was_cancelled_before_its_turn_does_nothing()
    {
        using var store = EngineStore.Open(File, TimeProvider.System);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.WriteAsync(session => session.Execute("DELETE FROM workspace"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ReadAsync(_ => true, cancelled.Token));
        Assert.Equal(1L, await Count(store, "workspace"));
    }

    [Fact]
    public async Task What_was_written_is_synced_to_the_disk_and_references_are_held()
    {
        using var store = EngineStore.Open(File, TimeProvider.System);
        await store.WriteAsync(
            session =>
            {
                Assert.Equal("wal", session.One("PRAGMA journal_mode", row => row.GetString(0)));
                Assert.Equal(2L, session.One("PRAGMA synchronous", row => row.GetInt64(0)));
                Assert.Equal(1L, session.One("PRAGMA foreign_keys", row => row.GetInt64(0)));
            },
            Ct);
    }

    [Fact]
    public void Times_sort_as_text_whatever_their_offset()
    {
        var moment = new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
        Assert.Equal(StoreSession.Time(moment), StoreSession.Time(moment.ToOffset(TimeSpan.FromHours(9))));
        Assert.True(string.CompareOrdinal(StoreSession.Time(moment), StoreSession.Time(moment.AddTicks(1))) < 0);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static Task<long> Count(EngineStore store, string table) => store.ReadAsync(session => session.One($"SELECT count(*) FROM {table}", row => row.GetInt64(0)), Ct);
}
