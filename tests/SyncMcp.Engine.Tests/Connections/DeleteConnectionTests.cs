using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class DeleteConnectionTests
{
    [Fact]
    public async Task A_connection_that_jobs_use_stays_and_the_jobs_are_named()
    {
        await using var engine = await EngineSession.StartAsync();
        var source = await engine.ConnectionTo("a.db");
        var destination = await engine.ConnectionTo("b.db");
        var job = (await engine.Post("/workspaces/default/jobs",
            $$$"""{"name": "nightly", "source_connection": {"id": "{{{source}}}"}, "destination_connection": {"id": "{{{destination}}}"}}""")).Expect(201).Id;
        foreach (var used in (string[])[source, destination])
        {
            var refused = (await engine.Delete($"/connections/{used}")).Refused(400, "in_use");
            Assert.Contains($"1 job: nightly ({job})", refused.Message, StringComparison.Ordinal);
            (await engine.Get($"/connections/{used}")).Expect(200);
        }

        (await engine.Delete($"/jobs/{job}")).Expect(204);
        (await engine.Delete($"/connections/{source}")).Expect(204);
        (await engine.Delete($"/connections/{source}")).Refused(404, "not_found");
        Assert.Single((await engine.Get("/workspaces/default/connections")).Value);
    }
}
