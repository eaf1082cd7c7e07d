using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

public sealed class LoadTests
{
    [Fact]
    public async Task Hundreds_of_requests_at_once_are_all_answered_and_nothing_is_lost()
    {
        await using var engine = await EngineSession.StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(at => (at % 2) == 0
            ? engine.Post("/workspaces", $$"""{"name": "w{{at}}"}""")
            : engine.Get("/workspaces")));
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 201, reply.Text));
        Assert.Equal(201, (int)(await engine.Get("/workspaces")).Json["total"]!);
    }

    [Fact]
    public async Task Two_writers_with_the_same_state_in_hand_cannot_both_win()
    {
        await using var engine = await EngineSession.StartAsync();
        var workspace = (await engine.Post("/workspaces", """{"name": "w"}""")).Expect(201);
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(at =>
            engine.Put($"/workspaces/{workspace.Id}", $$"""{"name": "w{{at}}"}""", ("If-Match", workspace.ETag!))));
        Assert.Single(replies, reply => reply.Status == 200);
        Assert.Equal(19, replies.Count(reply => reply.Status == 412 && reply.Error == "state_changed"));
    }

    [Fact]
    public async Task A_caller_that_goes_away_disturbs_nobody()
    {
        await using var engine = await EngineSession.StartAsync();
        for (var at = 0; at < 30; at++)
        {
            await using var stream = await engine.ConnectAsync();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET /api.rsc/v2/workspaces HTTP/1.1\r\nHost: x\r\nx-cdata-authtoken: {engine.Token}\r\n\r\n"), TestContext.Current.CancellationToken);
        }

        (await engine.Get("/workspaces")).Expect(200);
        Assert.Empty(engine.Log);
    }
}
