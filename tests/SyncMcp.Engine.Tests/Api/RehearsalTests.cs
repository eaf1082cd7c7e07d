using SyncMcp.Engine.Api;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

/// <summary>A rehearsed call is refused by what would refuse it, and else leaves nothing behind, whatever it is.</summary>
public sealed class RehearsalTests
{
    private static readonly (string, string) Rehearsed = (Rehearsal.Header, "1");

    [Fact]
    public async Task Nothing_of_a_rehearsed_call_stays()
    {
        await using var engine = await EngineSession.StartAsync();
        var connection = (await engine.Post("/workspaces/default/connections", """{"name":"c","connector":"SQLite","properties":{"Data Source":"c.db"}}""")).Expect(201).Id;
        var ends = $$"""
            "source_connection":{"id":"{{connection}}"},"destination_connection":{"id":"{{connection}}"}
            """;
        var job = (await engine.Post("/workspaces/default/jobs", $$"""{"name":"j",{{ends}}}""")).Expect(201).Id;
        var task = (await engine.Post($"/jobs/{job}/tasks", """{"table":"t"}""")).Expect(201).Id;
        await engine.Post($"/jobs/{job}/tasks", """{"table":"u"}""");
        var before = await AllAsync();

        (await engine.Post("/workspaces/default/jobs", $$"""{"name":"k","schedule":{"enabled":true,"cron":"* * * * * ?"},{{ends}}}""", Rehearsed)).Expect(204);
        (await engine.Put($"/jobs/{job}", """{"name":"other","schedule":{"enabled":true,"cron":"* * * * * ?"}}""", Rehearsed)).Expect(204);
        (await engine.Post($"/jobs/{job}/tasks/{task}/move", """{"position":2}""", Rehearsed)).Expect(204);
        (await engine.Delete($"/jobs/{job}/tasks/{task}", Rehearsed)).Expect(204);
        (await engine.Post($"/jobs/{job}/execute", "{}", Rehearsed, ("Idempotency-Key", "k"))).Expect(204);
        (await engine.Delete($"/jobs/{job}", Rehearsed)).Expect(204);
        (await engine.Post("/users", """{"user":"ann","password":"Long-enough-0","roles":["cdata_admin"]}""", Rehearsed)).Expect(204);
        (await engine.Post("/workspaces", """{"name":"w"}""", Rehearsed)).Expect(204);

        Assert.Equal(before, await AllAsync());
        // the key was not taken: the call itself comes first
        Assert.False((await engine.Post($"/jobs/{job}/execute", "{}", ("Idempotency-Key", "k"))).Headers.ContainsKey("x-syncmcp-replayed"));

        async Task<string> AllAsync() => string.Join('\n', await Task.WhenAll(new[] { "/workspaces", "/users", "/workspaces/default/jobs", $"/jobs/{job}", $"/jobs/{job}/tasks", $"/jobs/{job}/history" }
            .Select(async route => (await engine.Get(route)).Expect(200).Text)));
    }

    [Theory]
    [InlineData("/users", """{"user":"ann","password":"longlonglonglong"}""", "weak_password")]
    [InlineData("/users", """{"user":"ann","password":"Long-enough-0","roles":["nobody"]}""", "unknown_role")]
    public async Task What_would_be_refused_is(string route, string body, string code)
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post(route, body, Rehearsed)).Refused(400, code);
    }

    [Fact]
    public async Task What_acts_beyond_the_store_cannot_be_rehearsed()
    {
        await using var engine = await EngineSession.StartAsync();
        var connection = (await engine.Post("/workspaces/default/connections", """{"name":"c","connector":"SQLite","properties":{"Data Source":"c.db"}}""")).Expect(201).Id;
        (await engine.Post($"/connections/{connection}/test", "{}", Rehearsed)).Refused(400, "not_rehearsable");
        (await engine.Post($"/connections/{connection}/reset-credentials", "{}", Rehearsed)).Refused(400, "not_rehearsable");
    }

    [Fact]
    public async Task A_rehearsal_takes_the_rights_of_the_call()
    {
        await using var engine = await EngineSession.StartAsync();
        engine.Token = "wrong";
        (await engine.Post("/workspaces", """{"name":"w"}""", Rehearsed)).Refused(401, "unauthorized");
    }
}
