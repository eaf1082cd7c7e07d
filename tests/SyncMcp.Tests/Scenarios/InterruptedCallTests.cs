using System.Diagnostics;
using ModelContextProtocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>Calls that their client gives up, clients that go away, arguments beyond measure: the next call is served as if nothing had been.</summary>
public sealed class InterruptedCallTests
{
    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_the_next_is_served()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        using var locked = Sql.LockWhole(shop.SourceFile); // the engine would wait half a minute
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var arguments = new Dictionary<string, object?> { ["connection_id"] = "shop" };

        var call = session.Client.CallToolAsync("list_connection_tables", arguments, cancellationToken: giveUp.Token).AsTask();
        Assert.Equal("default", (await session.CallAsync("get_workspace")).Ok().Id); // not in its way
        var started = Stopwatch.GetTimestamp();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(2, (await session.CallAsync("list_connections")).Ok().Items.Count);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_of_a_call_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        await using (var session = await SyncSession.StartAsync(folder: folder))
            await SmallShop.OpenAsync(session);
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"] };
        using var locked = Sql.LockWhole(Path.Combine(options.DataDirectory, "files", "shop.db"));
        var started = Stopwatch.GetTimestamp();
        await using (var frames = new Frames(options))
        {
            await frames.InitializeAsync();
            await frames.SendAsync(Frames.Call(2, "list_connection_tables", new() { ["connection_id"] = "shop" }));
            frames.EndInput();
        } // waits for the server's end

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await using var next = await SyncSession.StartAsync(folder: folder);
        Assert.Equal(2, (await next.CallAsync("list_connections")).Ok().Items.Count);
    }

    [Fact]
    public async Task Half_a_request_before_the_end_of_input_does_nothing()
    {
        using var folder = new TempFolder();
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"] };
        await using (var frames = new Frames(options))
        {
            await frames.InitializeAsync();
            var request = Frames.Call(2, "create_workspace", new() { ["name"] = "Half" }).ToJsonString();
            await frames.SendAsync(request[..^3]); // a line, but no whole message
            Assert.NotNull((await frames.ReadAsync())["error"]);
            frames.EndInput();
        }

        await using var session = await SyncSession.StartAsync(folder: folder);
        Assert.Single((await session.CallAsync("list_workspaces")).Ok().Items);
    }

    [Fact]
    public async Task Ten_megabytes_in_an_argument_are_refused_and_the_next_call_is_served()
    {
        await using var session = await SyncSession.StartAsync();

        var refused = await Assert.ThrowsAsync<McpProtocolException>(() => session.CallAsync("create_workspace", new { name = new string('x', 10_000_000) }));

        Assert.Contains("4 MiB", refused.Message, StringComparison.Ordinal);
        Assert.Single((await session.CallAsync("list_workspaces")).Ok().Items);
    }
}
