using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

public sealed class IdempotencyTests
{
    private const string Connections = "/workspaces/default/connections";
    private const string Shop = """{"name": "shop", "connector": "SQLite", "properties": {"Data Source": "shop.db"}}""";

    private static (string, string) Key(string key) => ("Idempotency-Key", key);

    [Fact]
    public async Task The_same_key_gets_the_first_answer_again_also_after_a_restart()
    {
        await using var engine = await EngineSession.StartAsync();
        var first = (await engine.Post(Connections, Shop, Key("k"))).Expect(201);
        Assert.False(first.Headers.ContainsKey("x-syncmcp-replayed"));
        await engine.RestartAsync();

        var again = (await engine.Post(Connections, """{"properties": {"Data Source": "shop.db"}, "connector": "SQLite", "name": "shop"}""", Key("k"))).Expect(201);
        Assert.Equal("true", again.Headers["x-syncmcp-replayed"]);
        Assert.Equal((first.Text, first.ETag), (again.Text, again.ETag));
        Assert.Single((await engine.Get(Connections)).Value);
    }

    [Fact]
    public async Task A_key_that_stands_for_another_request_is_refused()
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post(Connections, Shop, Key("k"))).Expect(201);
        (await engine.Post(Connections, Shop.Replace("shop.db", "other.db", StringComparison.Ordinal), Key("k"))).Refused(400, "idempotency_key_reused");
        (await engine.Post("/workspaces", """{"name": "shop"}""", Key("k"))).Refused(400, "idempotency_key_reused");
    }

    [Fact]
    public async Task Requests_with_one_key_at_the_same_time_have_one_effect()
    {
        await using var engine = await EngineSession.StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => engine.Post(Connections, Shop, Key("k"))));
        Assert.Single(replies.Select(reply => reply.Expect(201).Id).Distinct());
        Assert.Single(replies, reply => !reply.Headers.ContainsKey("x-syncmcp-replayed"));
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post(Connections, """{"name": "shop", "connector": "SQLite"}""", Key("k"))).Expect(400);
        (await engine.Post(Connections, Shop, Key("k"))).Expect(201);
    }

    [Fact]
    public async Task A_key_is_forgotten_after_24_hours()
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        await using var engine = await EngineSession.StartAsync(options => options with { Time = time });
        (await engine.Post(Connections, Shop, Key("k"))).Expect(201);
        time.Advance(TimeSpan.FromHours(23.9));
        (await engine.Post(Connections, Shop, Key("k"))).Expect(201);
        time.Advance(TimeSpan.FromHours(0.2));
        (await engine.Post(Connections, Shop, Key("k"))).Refused(400, "name_taken");
    }

    [Fact]
    public async Task A_key_has_200_characters_at_most()
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post(Connections, Shop, Key(new string('k', 201)))).Refused(400, "invalid_request");
    }
}
