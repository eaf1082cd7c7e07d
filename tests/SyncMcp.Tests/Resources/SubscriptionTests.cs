using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Resources;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Resources;

/// <summary>A client that watches a run is told when something else stands there, on every revision.</summary>
public sealed class SubscriptionTests : IAsyncLifetime
{
    private const string Job = "11111111-1111-1111-1111-111111111111", Run = "22222222-2222-2222-2222-222222222222";
    private const string Address = $"sync://jobs/{Job}/history/{Run}";

    private readonly FakeTimeProvider time = new();
    private readonly Channel<string> told = Channel.CreateUnbounded<string>();
    private StubServer server = null!;
    private int looks;
    private JsonObject? run = new() { ["id"] = Run, ["status"] = "In progress", ["records_affected"] = 0 };

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        server.On($"GET /jobs/{Job}/history/{Run}", async context =>
        {
            Interlocked.Increment(ref looks);
            context.Response.StatusCode = run is null ? 404 : 200;
            context.Response.ContentType = "application/json";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, run?.ToJsonString() ?? $$$"""{"error":{"code":"not_found","message":"no {{{Run}}}"}}""");
        });
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task A_subscriber_is_told_of_each_change_and_of_nothing_else(string version)
    {
        await using var session = await WatchingAsync(version);
        await session.Client.SubscribeToResourceAsync(Address, cancellationToken: Ct);
        await session.Client.SubscribeToResourceAsync(Address, cancellationToken: Ct); // once more is the same

        Assert.True(session.Client.ServerCapabilities.Resources!.Subscribe);
        await LookAsync();
        Assert.False(told.Reader.TryRead(out _));
        run = new() { ["id"] = Run, ["status"] = "In progress", ["records_affected"] = 5 };
        await LookAsync();
        Assert.Equal(Address, await ToldAsync());
        await LookAsync();
        Assert.False(told.Reader.TryRead(out _));

        await session.Client.UnsubscribeFromResourceAsync(Address, cancellationToken: Ct);
        run = new() { ["id"] = Run, ["status"] = "In progress", ["records_affected"] = 6 };
        var before = looks;
        time.Advance(Watches.Period);
        time.Advance(Watches.Period);
        await session.Client.ListToolsAsync(cancellationToken: Ct);
        Assert.Equal(before, looks);
        Assert.False(told.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Since_2026_07_28_an_open_request_names_what_is_watched_and_its_id_stands_on_all_news()
    {
        await using var frames = Frames();
        var listening = Listen("watch-1", Address, "sync://jobs/nobody/history");

        var granted = await frames.AskAsync(listening);
        await LookAsync();
        run = new() { ["id"] = Run, ["status"] = "Failed", ["finished_at"] = "2026-11-24T10:00:00Z" };
        await LookAsync();
        var news = await frames.ReadAsync();

        Assert.Equal("notifications/subscriptions/acknowledged", (string?)granted["method"]);
        Assert.Equal($$"""["{{Address}}"]""", granted["params"]!["notifications"]!["resourceSubscriptions"]!.ToJsonString());
        Assert.Equal(("notifications/resources/updated", Address), ((string?)news["method"], (string?)news["params"]!["uri"]));
        Assert.All([granted, news], message => Assert.Equal("watch-1", (string?)message["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_stands_open_ends_at_once_when_client_or_program_end(bool byClient)
    {
        await using var frames = Frames();
        await frames.AskAsync(Listen(7, Address));

        if (byClient)
        {
            await frames.SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = 7 } });
            var next = await frames.AskAsync(Testing.Frames.Request(8, "tools/list", new() { ["_meta"] = Meta() }));
            Assert.Equal(8, (int?)next["id"]);
            var before = looks;
            time.Advance(Watches.Period);
            time.Advance(Watches.Period);
            Assert.Equal(before, looks);
        }
        else
        {
            frames.EndInput();
            var last = await frames.ReadAsync(); // without the grace that running calls get: the clock of this test stands
            Assert.Equal(7, (int?)last["id"]);
            Assert.NotNull(last["result"]);
        }
    }

    [Fact]
    public async Task A_run_that_has_ended_is_looked_at_no_more()
    {
        await using var session = await WatchingAsync("2025-11-25");
        run = new() { ["id"] = Run, ["status"] = "Successful", ["finished_at"] = "2026-11-24T10:00:00Z" };
        await session.Client.SubscribeToResourceAsync(Address, cancellationToken: Ct);
        var before = looks;

        time.Advance(Watches.Period);
        time.Advance(Watches.Period);
        await session.Client.ListToolsAsync(cancellationToken: Ct);

        Assert.Equal(before, looks);
    }

    [Fact]
    public async Task What_goes_away_is_told_once_and_asked_ever_more_seldom()
    {
        await using var session = await WatchingAsync("2025-11-25");
        await session.Client.SubscribeToResourceAsync(Address, cancellationToken: Ct);
        run = null;

        await LookAsync();
        Assert.Equal(Address, await ToldAsync());
        var before = looks;
        for (var second = 0; second < 120; second += 2)
        {
            time.Advance(Watches.Period);
            await session.Client.ListToolsAsync(cancellationToken: Ct);
        }

        Assert.InRange(looks - before, 1, 20);
        Assert.False(told.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData($"sync://jobs/{Job}/history/33333333-3333-3333-3333-333333333333")]
    [InlineData("sync://nothing/here")]
    [InlineData("file:///etc/passwd")]
    [InlineData("sync://jobs/%00/history?limit=900")]
    public async Task What_cannot_be_read_cannot_be_watched(string uri)
    {
        await using var session = await WatchingAsync("2025-11-25");

        await Assert.ThrowsAsync<McpProtocolException>(() => session.Client.SubscribeToResourceAsync(uri, cancellationToken: Ct));
        time.Advance(Watches.Period);
    }

    [Fact]
    public async Task More_than_two_hundred_addresses_of_one_client_are_refused()
    {
        run!["status"] = "Successful";
        run["finished_at"] = "2026-11-24T10:00:00Z";
        await using var frames = Frames();
        var refused = await frames.AskAsync(Listen(1, [.. Enumerable.Range(0, Subscriptions.Most + 1).Select(n => $"{Address}?{n}")]));

        Assert.Equal(-32602, (int?)refused["error"]?["code"]);
        Assert.Equal(0, looks);
    }

    [Fact]
    public async Task Thirty_watchers_of_one_run_cost_one_look_a_round()
    {
        await using var watches = new Watches(time);
        var (seen, news) = (0, 0);
        var print = "a";
        for (var n = 0; n < 30; n++)
        {
            await watches.AddAsync(
                "run", _ =>
            {
                Interlocked.Increment(ref seen);
                return Task.FromResult(new Sight(print, IsFinal: false));
            }, () => Interlocked.Increment(ref news), Ct);
        }

        var before = seen;
        print = "b";
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (news < 30)
        {
            time.Advance(Watches.Period);
            await Task.Delay(5, timeout.Token);
        }

        Assert.Equal(30, news);
        Assert.InRange(seen - before, 1, 60 * 5);
        Assert.Equal(1, watches.Count);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static JsonObject Meta() => new()
    {
        ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
        ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "frames", ["version"] = "1" },
        ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
    };

    private static JsonObject Listen(JsonNode id, params string[] uris)
    {
        var message = Testing.Frames.Request(0, "subscriptions/listen", new()
        {
            ["_meta"] = Meta(),
            ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. uris.Select(uri => (JsonNode)uri)]) },
        });
        message["id"] = id;
        return message;
    }

    private Frames Frames()
    {
        var folder = new TempFolder();
        return new(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Server = server.Address, Token = StubServer.Token, Time = time });
    }

    private async Task<SyncSession> WatchingAsync(string version)
    {
        var session = await server.SessionAsync(options => options with { Time = time }, version);
        session.Client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, async (news, ct) => await told.Writer.WriteAsync((string)news.Params!["uri"]!, ct));
        return session;
    }

    private async Task<string> ToldAsync() => await told.Reader.ReadAsync(Ct).AsTask().WaitAsync(SyncSession.Patience, Ct);

    // Two rounds where there is a second: what the first saw is told when the second has looked.
    private async Task LookAsync()
    {
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        for (var until = looks + (run is { } going && going["finished_at"] is null ? 2 : 1); looks < until;)
        {
            time.Advance(Watches.Period);
            await Task.Delay(5, timeout.Token);
        }
    }
}
