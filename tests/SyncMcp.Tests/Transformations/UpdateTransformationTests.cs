using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class UpdateTransformationTests
{
    [Fact]
    public async Task Only_what_is_given_changes_and_null_clears()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var id = await warehouse.TransformationAsync(new JsonObject { ["name"] = "net", ["labels"] = new JsonArray("eu"), ["settings"] = new JsonObject { ["verbosity"] = "Info", ["command_timeout"] = 9 } });

        var changed = (await session.CallAsync("update_transformation", JsonNode.Parse("""{"transformation_id": "net", "name": "gross", "labels": null, "settings": {"command_timeout": 30}}""")!.AsObject())).Ok();

        Assert.Equal((id, "gross", null), (changed.Id, (string?)changed.Result["name"], changed.Result["labels"]));
        Assert.Equal(("Info", 30), ((string?)changed.Result["settings"]!["verbosity"], (int?)changed.Result["settings"]!["command_timeout"]));
    }

    [Fact]
    public async Task A_trigger_is_changed_member_by_member_and_its_tasks_are_those_of_its_job()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.Shop.JobAsync(new JsonObject { ["name"] = "other" }, "customers");
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "net", ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = "copy" } });
        Task<ToolResult> ChangeAsync(object trigger) => session.CallAsync("update_transformation", new { transformation_id = "net", trigger });

        var some = (await ChangeAsync(new { after_job_tasks = new[] { "orders" } })).Ok();
        var moved = (await ChangeAsync(new { after_job = "other" })).Ok();
        var off = (await ChangeAsync(new { type = "None" })).Ok();

        Assert.Single(some.Result["trigger"]!["after_job_tasks"]!.AsArray());
        Assert.Null(moved.Result["trigger"]!["after_job_tasks"]);
        Assert.Equal(("None", (string?)moved.Result["trigger"]!["after_job"]), ((string?)off.Result["trigger"]!["type"], (string?)off.Result["trigger"]!["after_job"]));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "gross" });
        await warehouse.TransformationAsync();
        Task<ToolResult> ChangeAsync(string member, JsonNode? value) => session.CallAsync("update_transformation", new JsonObject { ["transformation_id"] = "net", [member] = value });

        (await ChangeAsync("name", null)).Refused("invalid_request").Naming("name");
        (await ChangeAsync("name", "gross")).Refused("invalid_request").Naming("already");
        (await ChangeAsync("destination_connection", "nowhere")).Refused("not_found").Naming("nowhere");
        (await ChangeAsync("type", "DBT")).Refused("invalid_arguments").Naming("type");
        (await ChangeAsync("trigger", new JsonObject { ["type"] = "Scheduled" })).Refused("invalid_request").Naming("schedule_cron");

        Assert.Equal("None", (string?)(await session.CallAsync("get_transformation", new { transformation_id = "net" })).Ok().Result["trigger"]!["type"]);
    }
}
