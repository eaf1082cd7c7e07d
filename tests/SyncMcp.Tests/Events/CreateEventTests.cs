using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Events;

public sealed class CreateEventTests
{
    [Theory]
    [InlineData("log(previous.status);")]
    [InlineData("<api:script xmlns:api=\"http://apiscript.com/ns?v1\"><api:push/></api:script>")]
    [InlineData("import os\nprint('Grüße 日本')")]
    [InlineData("while (true) {}")]
    public async Task Any_script_is_stored_as_it_is(string script)
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        var made = (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "mine", script, labels = new[] { "eu" } })).Ok();

        Assert.Equal("executed", made.Outcome);
        Assert.Equal(script, (string?)(await session.CallAsync("get_event", new { pipeline_id = "nightly", event_id = made.Id })).Ok().Result["script"]);
    }

    [Fact]
    public async Task A_name_that_is_taken_and_what_is_too_long_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "report" })).Refused("invalid_request").Naming("report", "already");
        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = new string('n', 10_000) })).Refused("invalid_arguments").Naming("name", "200");
        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "long", script = new string('s', 100_001) })).Refused("invalid_arguments").Naming("script", "100000");
        (await session.CallAsync("create_event", new { pipeline_id = "weekly", name = "x" })).Refused("not_found").Naming("weekly");

        Assert.Single((await session.CallAsync("list_events", new { pipeline_id = "nightly" })).Ok().Items);
    }
}
