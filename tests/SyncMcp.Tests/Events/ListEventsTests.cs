using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Events;

public sealed class ListEventsTests
{
    [Fact]
    public async Task The_events_of_a_pipeline_are_listed_by_name_with_the_beginning_of_their_scripts()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);
        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "alarm", script = $"log('{new string('a', 500)}')" })).Ok();

        var items = (await session.CallAsync("list_events", new { pipeline_id = "nightly" })).Ok().Items;

        Assert.Equal(["alarm", "report"], items.Select(item => (string?)item["name"]));
        Assert.InRange(((string)items[0]["script"]!).Length, 100, 200);
    }

    [Fact]
    public async Task A_pipeline_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_events", new { pipeline_id = "nightly" })).Refused("not_found").Naming("nightly", "list_pipelines");
    }
}
