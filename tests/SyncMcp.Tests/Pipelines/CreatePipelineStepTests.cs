using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Pipelines;

public sealed class CreatePipelineStepTests
{
    [Fact]
    public async Task An_entity_is_taken_by_name_by_id_and_as_an_object()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        Task<ToolResult> StepAsync(string type, JsonNode entity, int? position = null) => session.CallAsync(
            "create_pipeline_step", new JsonObject { ["pipeline_id"] = "nightly", ["type"] = type, ["entity"] = entity, ["position"] = position ?? 99 });

        var first = (await StepAsync("Transformation", conveyor.Transformation)).Ok();
        (await StepAsync("Replication", new JsonObject { ["name"] = "COPY" }, 1)).Ok();
        (await StepAsync("Event", new JsonObject { ["id"] = (await session.CallAsync("get_event", new { pipeline_id = "nightly", event_id = "report" })).Ok().Id })).Ok();

        Assert.Equal(("executed", "net", true), (first.Outcome, (string?)first.Result["name"], (bool?)first.Result["enabled"]));
        Assert.Equal(["copy", "net", "report"], await conveyor.NamesAsync());
    }

    [Theory]
    [InlineData("Replication", "ordrs", "not_found", "job 'ordrs'")]
    [InlineData("Transformation", "copy", "not_found", "transformation 'copy'")]
    [InlineData("Event", "nothing", "not_found", "event 'nothing'")]
    [InlineData("Pipeline", "nightly", "invalid_arguments", "Replication")]
    [InlineData("ReverseETL", "copy", "invalid_request", "of type Standard, which a step of type Replication runs")]
    [InlineData("Replication", "", "invalid_arguments", "entity")]
    public async Task What_is_missing_or_of_another_type_is_refused(string type, string entity, string code, string says)
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);

        (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type, entity })).Refused(code).Naming(says);

        Assert.Empty(await conveyor.NamesAsync());
    }

    [Fact]
    public async Task Ids_of_another_kind_workspace_or_pipeline_are_refused_by_what_they_are()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        await SmallShop.ConnectAsync(session, "theirs", "theirs.db", "Other");
        var foreign = (await session.CallAsync("create_job", new { workspace_id = "Other", name = "foreign", source_connection = "theirs", destination_connection = "theirs" })).Ok().Id;
        var other = await conveyor.PipelineAsync(new() { ["name"] = "hourly" });
        var elsewhere = (await session.CallAsync("create_event", new { pipeline_id = other, name = "report" })).Ok().Id;
        Task<ToolResult> StepAsync(string type, string entity) => session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type, entity });

        (await StepAsync("Replication", conveyor.Transformation)).Refused("invalid_request").Naming("is a transformation", "Use type Transformation");
        (await StepAsync("Transformation", conveyor.Warehouse.Job)).Refused("invalid_request").Naming("is a job", "Use type Replication");
        (await StepAsync("Replication", conveyor.Pipeline)).Refused("invalid_request").Naming("is a pipeline", "cannot run one");
        (await StepAsync("Replication", foreign)).Refused("invalid_request").Naming("belongs to the workspace");
        (await StepAsync("Event", elsewhere)).Refused("invalid_request").Naming("another pipeline");
        (await StepAsync("Replication", Guid.Empty.ToString())).Refused("invalid_request").Naming("no job with the id");

        Assert.Empty(await conveyor.NamesAsync());
    }

    [Fact]
    public async Task A_circle_of_order_and_trigger_is_refused_from_both_sides_and_named()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        const string circle = "transformation net -> job copy (order of pipeline nightly) -> transformation net (its trigger AfterJob)";
        await conveyor.StepAsync("Transformation", "net");
        var copy = await conveyor.StepAsync("Replication", "copy");
        Task<ToolResult> TriggerAsync() => session.CallAsync("update_transformation", new { transformation_id = "net", trigger = new { type = "AfterJob", after_job = "copy" } });

        (await TriggerAsync()).Refused("invalid_request").Naming(circle);
        (await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = copy, position = 1 })).Ok();
        (await TriggerAsync()).Ok();
        (await session.CallAsync("move_pipeline_step", new { pipeline_id = "nightly", step_id = copy, position = 2 })).Refused("invalid_request").Naming(circle);
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type = "Replication", entity = "copy" })).Refused("invalid_request").Naming(circle);

        Assert.Equal(["copy", "net"], await conveyor.NamesAsync());
    }

    [Fact]
    public async Task What_steps_refer_to_is_not_deleted()
    {
        await using var session = await SyncSession.StartAsync();
        var conveyor = await Conveyor.OpenAsync(session);
        await conveyor.StepsAsync();

        (await session.CallAsync("delete_job", new { job_id = "copy" })).Refused("invalid_request").Naming("copy", "pipeline", "nightly");
        (await session.CallAsync("delete_transformation", new { transformation_id = "net" })).Refused("invalid_request").Naming("net", "pipeline", "nightly");
        (await session.CallAsync("delete_event", new { pipeline_id = "nightly", event_id = "report" })).Refused("invalid_request").Naming("report", "step 3");
    }
}
