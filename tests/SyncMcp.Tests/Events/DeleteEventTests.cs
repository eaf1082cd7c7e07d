using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Events;

public sealed class DeleteEventTests
{
    [Fact]
    public async Task An_event_that_no_step_uses_is_deleted()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        Assert.Equal("executed", (await session.CallAsync("delete_event", new { pipeline_id = "nightly", event_id = "report" })).Ok().Outcome);

        Assert.Empty((await session.CallAsync("list_events", new { pipeline_id = "nightly" })).Ok().Items);
    }

    [Fact]
    public async Task One_that_a_step_uses_stays()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepAsync("Event", "report");

        (await session.CallAsync("delete_event", new { pipeline_id = "nightly", event_id = "report" })).Refused("invalid_request").Naming("report", "step 1", "delete_pipeline_step");

        Assert.Single((await session.CallAsync("list_events", new { pipeline_id = "nightly" })).Ok().Items);
    }

    [Fact]
    public async Task A_person_who_says_no_keeps_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await Conveyor.OpenAsync(session);
        session.Person.Declines();

        (await session.CallAsync("delete_event", new { pipeline_id = "nightly", event_id = "report" })).Refused("declined").Naming("said no");
    }
}
