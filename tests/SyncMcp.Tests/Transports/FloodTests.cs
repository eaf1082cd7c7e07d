using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Transports;

/// <summary>A client that sends more than it waits for.</summary>
public sealed class FloodTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Of_ten_thousand_requests_without_a_pause_each_is_answered_once()
    {
        await using var frames = new Frames(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"] });
        await frames.InitializeAsync();
        var sending = Task.Run(async () =>
        {
            for (var id = 2; id < 10_002; id++)
                await frames.SendAsync(Frames.Request(id, "ping"));
        }, TestContext.Current.CancellationToken);

        var answered = new HashSet<int>();
        while (answered.Count < 10_000)
        {
            var answer = await frames.ReadAsync();
            Assert.NotNull(answer["result"]);
            Assert.True(answered.Add((int)answer["id"]!));
        }

        await sending;
    }

    [Fact]
    public async Task When_all_that_is_open_waits_for_the_client_one_more_is_told_so_and_the_next_is_served()
    {
        await using var frames = new Frames(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Time = time });
        for (var id = 1; id <= OpenRequests.Most; id++)
            Assert.Equal("notifications/subscriptions/acknowledged", (string?)(await frames.AskAsync(Listen(id)))["method"]);

        await frames.SendAsync(Frames.Request(1000, "tools/list", new() { ["_meta"] = Meta() }));
        var reading = frames.ReadAsync();
        while (!reading.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(reading, Task.Delay(5, TestContext.Current.CancellationToken));
        }

        var refused = await reading;
        Assert.Equal((1000, -32603), ((int?)refused["id"], (int?)refused["error"]?["code"]));
        Assert.Contains("256 requests are open", (string)refused["error"]!["message"]!, StringComparison.Ordinal);
        await frames.SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = 1 } });
        Assert.NotNull((await frames.AskAsync(Frames.Request(1001, "tools/list", new() { ["_meta"] = Meta() })))["result"]);
    }

    [Fact]
    public async Task What_is_not_read_from_us_makes_us_stop_reading()
    {
        var backlog = new Backlog(100);
        backlog.Add(99);
        Assert.True(backlog.RoomAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        backlog.Add(1);
        var room = backlog.RoomAsync(TestContext.Current.CancellationToken);
        Assert.False(room.IsCompleted);

        backlog.Remove(1);

        await room.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
    }

    private static JsonObject Meta() => new()
    {
        ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
        ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
        ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
    };

    private static JsonObject Listen(int id) => Frames.Request(id, "subscriptions/listen", new() { ["_meta"] = Meta(), ["notifications"] = new JsonObject() });
}
