using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class ListPipelinesTests
{
    [Fact]
    public async Task The_pipelines_of_a_workspace_are_listed_by_name_and_stand_in_it()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.PipelineAsync(new() { ["name"] = "hourly", ["schedule"] = new System.Text.Json.Nodes.JsonObject { ["enabled"] = false, ["cron"] = "0 0 * * * *" } });

        var items = (await session.CallAsync("list_pipelines")).Ok().Items;

        Assert.Equal(["hourly", "nightly"], items.Select(item => (string?)item["name"]));
        Assert.Equal(["id", "name", "status", "schedule"], items[0].Select(member => member.Key));
        Assert.Equal(2, (await session.CallAsync("get_workspace")).Ok().Result["pipelines"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_workspace_that_is_not_there_is_refused()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_pipelines", new { workspace_id = "nowhere" })).Refused("not_found").Naming("nowhere", "list_workspaces");
    }

    [Fact]
    public async Task They_go_with_their_workspace_and_all_that_they_refer_to()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var workspace = (await session.CallAsync("create_workspace", new { name = "Other" })).Ok().Id;
        await SmallShop.ConnectAsync(session, "theirs", "theirs.db", "Other");
        var job = (await session.CallAsync("create_job", new { workspace_id = "Other", name = "load", source_connection = "theirs", destination_connection = "theirs" })).Ok().Id;
        var pipeline = (await session.CallAsync("create_pipeline", new { workspace_id = "Other", name = "nightly" })).Ok().Id;
        (await session.CallAsync("create_event", new { pipeline_id = pipeline, name = "report" })).Ok();
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = pipeline, type = "Replication", entity = "load" })).Ok();

        (await session.CallAsync("delete_workspace", new { workspace_id = workspace })).Ok();

        (await session.CallAsync("get_pipeline", new { pipeline_id = pipeline })).Refused("not_found");
        (await session.CallAsync("get_job", new { job_id = job })).Refused("not_found");
    }
}
