using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Events;

public sealed class GetEventTests
{
    [Fact]
    public async Task One_is_found_by_name_with_its_script_which_is_marked_as_others_words()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);

        var found = (await session.CallAsync("get_event", new { pipeline_id = "nightly", event_id = "Report" })).Ok();

        Assert.Equal(("log('done')", conveyor.Pipeline), ((string?)found.Result["script"], (string?)found.Result["pipeline"]!["id"]));
        Assert.Contains("/result/script", found.Structured["untrusted"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_not_there_or_belongs_to_another_pipeline_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        var other = await conveyor.PipelineAsync(new() { ["name"] = "hourly" });
        var theirs = (await session.CallAsync("create_event", new { pipeline_id = other, name = "theirs" })).Ok().Id;

        (await session.CallAsync("get_event", new { pipeline_id = "nightly", event_id = "raport" })).Refused("not_found").Naming("raport", "report", "list_events");
        (await session.CallAsync("get_event", new { pipeline_id = "nightly", event_id = theirs })).Refused("not_found").Naming("event of this pipeline");
    }
}
