using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

public sealed class OneTransactionTests
{
    [Theory]
    [InlineData("/workspaces", """{"name": "w"}""")]
    [InlineData("/workspaces/default/connections", """{"name": "c", "connector": "SQLite", "properties": {"Data Source": "c.db"}}""")]
    public async Task An_effect_whose_answer_cannot_be_kept_does_not_happen(string route, string body)
    {
        await using var engine = await EngineSession.StartAsync();
        var before = (await engine.Get(route)).Expect(200).Text;
        await engine.Engine.Parts.Store.WriteAsync(
            session => session.Execute("CREATE TRIGGER crash BEFORE INSERT ON idempotency BEGIN SELECT RAISE(ABORT, 'crash'); END"), TestContext.Current.CancellationToken);
        Assert.Equal(500, (await engine.Post(route, body, ("Idempotency-Key", "k"))).Status);
        Assert.Equal(before, (await engine.Get(route)).Expect(200).Text);
    }

    [Fact]
    public async Task A_failure_inside_is_told_by_a_number_and_explained_in_the_engine_s_log_only()
    {
        await using var engine = await EngineSession.StartAsync();
        await engine.Engine.Parts.Store.WriteAsync(session => session.Execute("DROP TABLE idempotency"), TestContext.Current.CancellationToken);
        var failed = (await engine.Post("/workspaces", """{"name": "w"}""", ("Idempotency-Key", "k"))).Refused(500, "store_failed");
        var number = failed.Headers["x-syncmcp-correlation-id"];
        Assert.DoesNotContain("idempotency", failed.Text, StringComparison.Ordinal);
        Assert.Contains(engine.Log, line => line.StartsWith(number, StringComparison.Ordinal) && line.Contains("no such table", StringComparison.Ordinal));
    }
}
