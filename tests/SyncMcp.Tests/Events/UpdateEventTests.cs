using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Events;

public sealed class UpdateEventTests
{
    [Fact]
    public async Task Only_what_is_given_changes_and_null_clears()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);

        (await session.CallAsync("update_event", JsonNode.Parse("""{"pipeline_id":"nightly","event_id":"report","name":"mail","labels":["eu"]}""")!.AsObject())).Ok();
        var changed = (await session.CallAsync("update_event", JsonNode.Parse("""{"pipeline_id":"nightly","event_id":"mail","script":"fail('no')","labels":null}""")!.AsObject())).Ok();

        Assert.Equal(("mail", "fail('no')", null), ((string?)changed.Result["name"], (string?)changed.Result["script"], changed.Result["labels"]));
    }

    [Fact]
    public async Task No_name_a_taken_one_and_an_event_that_is_not_there_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        await Conveyor.OpenAsync(session);
        (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "mail" })).Ok();
        Task<ToolResult> ChangeAsync(string id, string? name) => session.CallAsync("update_event", new JsonObject { ["pipeline_id"] = "nightly", ["event_id"] = id, ["name"] = name });

        (await ChangeAsync("report", null)).Refused("invalid_request").Naming("name");
        (await ChangeAsync("report", "mail")).Refused("invalid_request").Naming("already");
        (await ChangeAsync("alarm", "x")).Refused("not_found").Naming("alarm", "list_events");
    }
}
