using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>Several windows of one user on one data directory: one engine serves all, and when its window goes another goes on.</summary>
public sealed class WindowTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_one_window_makes_the_other_sees_and_when_the_first_closes_the_second_goes_on()
    {
        var first = await SyncSession.StartAsync(folder: folder);
        await using var second = await SyncSession.StartAsync(folder: folder);
        var made = (await first.CallAsync("create_workspace", new { name = "Shop" })).Ok().Id;
        Assert.Equal("Shop", (string?)(await second.CallAsync("get_workspace", new { workspace_id = made })).Ok().Result["name"]);
        var holder = EngineLocation.ReadFacts(folder["data"])!.StartedAt;

        await first.DisposeAsync();
        Assert.Equal(made, (await second.CallAsync("get_workspace", new { workspace_id = "Shop" })).Ok().Id);
        Assert.NotEqual(holder, EngineLocation.ReadFacts(folder["data"])!.StartedAt);
    }

    [Fact]
    public async Task Calls_that_are_under_way_when_the_first_window_closes_are_all_answered_and_none_is_done_twice()
    {
        var first = await SyncSession.StartAsync(folder: folder);
        (await first.CallAsync("list_workspaces")).Ok();
        await using var second = await SyncSession.StartAsync(folder: folder);
        (await second.CallAsync("list_workspaces")).Ok();

        var calls = Enumerable.Range(0, 40).Select(number => number % 2 == 0
            ? second.CallAsync("create_workspace", new { name = $"made {number}" })
            : second.CallAsync("list_workspaces")).ToList();
        await first.DisposeAsync();

        foreach (var call in calls)
            (await call).Ok();
        var names = (await second.CallAsync("list_workspaces", new { limit = 200 })).Ok().Items.Select(item => (string)item["name"]!);
        Assert.Equal(20, names.Count(name => name.StartsWith("made ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_schedule_goes_on_in_a_window_in_which_nobody_ever_called_anything()
    {
        await using var idle = await SyncSession.StartAsync(folder: folder); // opened before there was a store
        var first = await SyncSession.StartAsync(folder: folder);
        var shop = await SmallShop.OpenAsync(first);
        await shop.JobAsync(new JsonObject { ["name"] = "often", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "* * * * * *" } }, "customers");
        await first.DisposeAsync();

        Sql.Run(shop.SourceFile, "INSERT INTO customers VALUES (77, 'Late', '2026-11-24 08:00:00')");
        using var patience = new CancellationTokenSource(SyncSession.Patience);
        while (!File.Exists(shop.DestinationFile) || !Sql.Rows(shop.DestinationFile, "SELECT 1 FROM sqlite_master WHERE name = 'customers'").Any()
            || !Sql.Rows(shop.DestinationFile, "SELECT 1 FROM customers WHERE id = 77").Any())
            await Task.Delay(20, patience.Token);
    }

    [Fact]
    public async Task A_window_of_another_version_is_served_and_a_store_that_a_newer_one_has_changed_is_left_to_it()
    {
        var newer = await SyncSession.StartAsync(folder: folder);
        (await newer.CallAsync("list_workspaces")).Ok();
        var facts = Path.Combine(folder["data"], "engine.json");
        var words = JsonNode.Parse(await File.ReadAllTextAsync(facts, TestContext.Current.CancellationToken))!.AsObject();
        words["version"] = "99.0.0";
        await File.WriteAllTextAsync(facts, words.ToJsonString(), TestContext.Current.CancellationToken);
        Sql.Run(Path.Combine(folder["data"], "engine.db"), "INSERT INTO migration (version, name, applied_at) VALUES (9999, 'later', 'x')");

        await using var older = await SyncSession.StartAsync(folder: folder);
        (await older.CallAsync("create_workspace", new { name = "Served" })).Ok();
        await newer.DisposeAsync();

        var refused = (await older.CallAsync("list_workspaces")).Refused("store_newer");
        Assert.Contains("9999", refused.Text, StringComparison.Ordinal);
        Assert.False((bool)refused.Structured["retryable"]!, "trying again makes no newer program");
        Assert.Equal(["1"], Sql.Rows(Path.Combine(folder["data"], "engine.db"), "SELECT count(*) FROM migration WHERE version = 9999"));
        Sql.Run(Path.Combine(folder["data"], "engine.db"), "DELETE FROM migration WHERE version = 9999");
        Assert.Equal(2, (await older.CallAsync("list_workspaces")).Ok().Items.Count);
    }

    [Fact]
    public async Task A_lock_that_nobody_serves_behind_is_said_after_ten_seconds_and_taken_when_it_is_free()
    {
        var time = new FakeTimeProvider();
        await using var session = await SyncSession.StartAsync(options => options with { Time = time }, folder: folder);
        using (new FileStream(Path.Combine(folder["data"], "engine.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            var call = session.CallAsync("list_workspaces");
            await AdvanceUntilAsync(call, time);
            Assert.Contains("engine.lock", (await call).Refused("engine_silent").Text, StringComparison.Ordinal);
        }

        (await session.CallAsync("list_workspaces")).Ok();
    }

    [Fact]
    public async Task A_data_directory_whose_path_is_too_long_for_a_socket_serves_several_windows()
    {
        var deep = folder[Path.Combine("a folder with a long name " + new string('x', 80), new string('y', 40))];
        ServerOptions Deep(ServerOptions options) => options with { DataDirectory = deep };
        await using var first = await SyncSession.StartAsync(Deep, folder: folder);
        (await first.CallAsync("create_workspace", new { name = "Deep" })).Ok();
        await using var second = await SyncSession.StartAsync(Deep, folder: folder);
        (await second.CallAsync("get_workspace", new { workspace_id = "Deep" })).Ok();
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(EngineLocation.ReadFacts(deep)!.Socket!) <= 107);
    }

    private static async Task AdvanceUntilAsync(Task done, FakeTimeProvider time)
    {
        using var patience = new CancellationTokenSource(SyncSession.Patience);
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.WhenAny(done, Task.Delay(1, patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }
    }
}
