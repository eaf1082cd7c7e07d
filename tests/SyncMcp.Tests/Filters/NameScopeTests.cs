using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>What a thing refers to by name is looked for in the thing's own workspace, though the same names stand elsewhere too.</summary>
public sealed class NameScopeTests : IAsyncLifetime
{
    private SyncSession session = null!;
    private string theirs = "";
    private string transformation = "";
    private string pipeline = "";

    public async ValueTask InitializeAsync()
    {
        session = await SyncSession.StartAsync();
        session.Person.Confirms();
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        foreach (var (workspace, file) in new[] { ("default", "ours.db"), ("Other", "theirs.db") })
        {
            await SmallShop.ConnectAsync(session, "files", file, workspace);
            theirs = (await session.CallAsync("create_job", new { workspace_id = workspace, name = "load", source_connection = "files", destination_connection = "files" })).Ok().Id;
            (await session.CallAsync("add_job_task", new { job_id = theirs, table = "orders" })).Ok();
        }

        // By id: nothing of the call says where the thing lies.
        transformation = (await session.CallAsync("create_transformation", new { workspace_id = "Other", name = "net", destination_connection = "files" })).Ok().Id;
        pipeline = (await session.CallAsync("create_pipeline", new { workspace_id = "Other", name = "nightly" })).Ok().Id;
    }

    public async ValueTask DisposeAsync() => await session.DisposeAsync();

    [Fact]
    public async Task The_job_of_a_trigger_and_its_tasks()
    {
        var changed = (await session.CallAsync("update_transformation", new { transformation_id = transformation, trigger = new { type = "AfterJob", after_job = "load" } })).Ok();
        var narrowed = (await session.CallAsync("update_transformation", new { transformation_id = transformation, trigger = new { after_job_tasks = new[] { "orders" } } })).Ok();

        Assert.Equal(theirs, (string?)changed.Result["trigger"]!["after_job"]);
        var task = (await session.CallAsync("list_job_tasks", new { job_id = theirs })).Ok().Items[0]["id"]!;
        Assert.Equal((string?)task, (string?)narrowed.Result["trigger"]!["after_job_tasks"]![0]);
    }

    [Fact]
    public async Task The_entity_of_a_step_by_the_steps_type()
    {
        var step = (await session.CallAsync("create_pipeline_step", new { pipeline_id = pipeline, type = "Replication", entity = "load" })).Ok();
        var changed = (await session.CallAsync("update_pipeline_step", new JsonObject { ["pipeline_id"] = pipeline, ["step_id"] = "load", ["entity"] = new JsonObject { ["name"] = "LOAD" } })).Ok();

        Assert.Equal(theirs, (string?)step.Result["entity"]!["id"]);
        Assert.Equal(step.Id, changed.Id);
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = pipeline, type = "Transformation", entity = "load" })).Refused("not_found").Naming("transformation 'load'", "list_transformations");
    }

    [Fact]
    public async Task A_part_of_another_thing_is_not_found()
    {
        (await session.CallAsync("add_transformation_task", new { transformation_id = transformation, query = "SELECT 1", name = "one" })).Ok();

        (await session.CallAsync("get_transformation_task", new { transformation_id = transformation, task_id = "orders" })).Refused("not_found").Naming("task 'orders'", "list_transformation_tasks");
    }
}
