using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"Stop everything that writes to the warehouse, maintenance at six", and afterwards exactly as it was.</summary>
public sealed class PauseTests : IAsyncLifetime
{
    private const string Nightly = "0 0 2 * * *";
    private SyncSession session = null!;
    private SmallShop shop = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
        shop = await SmallShop.OpenAsync(session);
        await SmallShop.ConnectAsync(session, "lake", "lake.db");
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private Task<string> JobAsync(string name, string destination = "warehouse", bool enabled = true) => shop.JobAsync(
        new JsonObject { ["name"] = name, ["destination_connection"] = destination, ["settings"] = new JsonObject { ["table_name_prefix"] = $"{name}_" }, ["schedule"] = new JsonObject { ["enabled"] = enabled, ["cron"] = Nightly } }, "orders");

    private async Task<JsonObject> StartsAsync(string kind, string id)
    {
        var thing = (await session.CallAsync($"get_{kind}", new JsonObject { [$"{kind}_id"] = id })).Ok().Result;
        return new() { ["schedule"] = thing["schedule"]?.DeepClone(), ["trigger"] = thing["trigger"]?.DeepClone() };
    }

    [Fact]
    public async Task What_writes_there_is_switched_off_whatever_starts_it_and_comes_back_exactly_as_it_was()
    {
        var (one, other, off) = (await JobAsync("one"), await JobAsync("other", "lake"), await JobAsync("off", enabled: false));
        var net = (await session.CallAsync("create_transformation", new JsonObject { ["name"] = "net", ["destination_connection"] = "warehouse", ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = other } })).Ok().Id;
        (await session.CallAsync("add_transformation_task", new { transformation_id = net, query = "DELETE FROM one_orders" })).Ok();
        var pipeline = (await session.CallAsync("create_pipeline", new JsonObject { ["name"] = "all", ["schedule"] = new JsonObject { ["enabled"] = false, ["cron"] = Nightly } })).Ok().Id;
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = pipeline, type = "Replication", entity = one })).Ok();
        (await session.CallAsync("update_pipeline", new JsonObject { ["pipeline_id"] = pipeline, ["schedule"] = new JsonObject { ["enabled"] = true } })).Ok();
        (string Kind, string Id)[] all = [("job", one), ("job", other), ("job", off), ("transformation", net), ("pipeline", pipeline)];
        var before = new List<string>();
        foreach (var (kind, id) in all)
            before.Add((await StartsAsync(kind, id)).ToJsonString());
        var asked = session.Person.Questions.Count;

        var paused = (await session.CallAsync("pause_schedules", new { destination_id = "warehouse" })).Ok();
        Assert.Equal(["job one", "transformation net", "pipeline all"], paused.Result["things"]!.AsArray().Select(thing => (string)thing!));
        Assert.True(session.Person.Questions.Count <= asked + 1);
        Assert.False((bool)(await StartsAsync("job", one))["schedule"]!["enabled"]!);
        Assert.Equal("None", (string)(await StartsAsync("transformation", net))["trigger"]!["type"]!);
        Assert.False((bool)(await StartsAsync("pipeline", pipeline))["schedule"]!["enabled"]!);
        Assert.True((bool)(await StartsAsync("job", other))["schedule"]!["enabled"]!);

        asked = session.Person.Questions.Count;
        var resumed = (await session.CallAsync("resume_schedules", new { batch = (string)paused.Result["batch"]! })).Ok();
        Assert.Equal(3, (int)resumed.Result["resumed"]!);
        Assert.True(session.Person.Questions.Count <= asked + 1);
        foreach (var ((kind, id), starts) in all.Zip(before))
            Assert.Equal(starts, (await StartsAsync(kind, id)).ToJsonString());
        (await session.CallAsync("resume_schedules", new { batch = (string)paused.Result["batch"]! })).Refused("nothing_to_change");
    }

    [Fact]
    public async Task What_was_changed_meanwhile_is_named_and_left_as_it_is()
    {
        var (one, two) = (await JobAsync("one"), await JobAsync("two"));
        var batch = (string)(await session.CallAsync("pause_schedules", new { job_ids = new[] { "one", "two" } })).Ok().Result["batch"]!;
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = two, ["schedule"] = new JsonObject { ["cron"] = "0 0 5 * * *" } })).Ok();

        var resumed = (await session.CallAsync("resume_schedules", new { batch })).Ok();

        Assert.Equal("[\"job two\"]", resumed.Result["changed_meanwhile"]!.ToJsonString());
        Assert.True((bool)(await StartsAsync("job", one))["schedule"]!["enabled"]!);
        Assert.Equal("""{"enabled":false,"cron":"0 0 5 * * *"}""", (await StartsAsync("job", two))["schedule"]!.ToJsonString());
    }

    [Fact]
    public async Task Nothing_is_paused_where_nobody_says_what_is_meant_and_a_no_leaves_all_as_it_is()
    {
        (await session.CallAsync("pause_schedules")).Refused("invalid_arguments");
        (await session.CallAsync("pause_schedules", new { destination_id = "lake" })).Refused("nothing_to_change");
        (await session.CallAsync("resume_schedules", new { batch = "plan-000000000000" })).Refused("not_found");
        var drops = await shop.JobAsync(new JsonObject { ["name"] = "drops", ["settings"] = new JsonObject { ["drop_table"] = true }, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Nightly } }, "orders");
        session.Person.Declines();
        (await session.CallAsync("pause_schedules", new { workspace = "default" })).Refused("declined");
        Assert.True((bool)(await StartsAsync("job", drops))["schedule"]!["enabled"]!);
    }
}
