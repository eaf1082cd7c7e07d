using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class SlowConnectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_somebody_holds_is_given_up_in_time_and_others_are_served_meanwhile()
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        await using var engine = await EngineSession.StartAsync(options => options with { Time = time });
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        using var holder = Hold(engine);

        var slow = engine.Get($"/connections/{id}/tables");
        (await engine.Get("/workspaces")).Expect(200);
        while (!slow.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(36));
            await Task.WhenAny(slow, Task.Delay(10, Ct));
        }

        (await slow).Refused(400, "connection_timeout");
        holder.Close();
        (await engine.Get($"/connections/{id}/tables")).Expect(200);
    }

    [Fact]
    public async Task A_call_that_waits_for_a_source_ends_with_the_engine()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        using var holder = Hold(engine);
        var slow = engine.Get($"/connections/{id}/tables");
        (await engine.Get("/workspaces")).Expect(200);
        await engine.Engine.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Ct);
        (await slow).Refused(503, "stopping");
    }

    private static SqliteConnection Hold(EngineSession engine)
    {
        var holder = new SqliteConnection($"Data Source={Path.Combine(engine.Files, "shop.db")};Pooling=False");
        holder.Open();
        using var command = holder.CreateCommand();
        command.CommandText = "BEGIN EXCLUSIVE";
        command.ExecuteNonQuery();
        return holder;
    }
}
