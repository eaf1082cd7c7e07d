using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transformations;

public sealed class CreateTransformationTests
{
    [Fact]
    public async Task A_transformation_is_drafted_with_its_connection_by_name()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);

        var made = (await session.CallAsync("create_transformation", new JsonObject
        {
            ["name"] = "net",
            ["destination_connection"] = new JsonObject { ["name"] = "Warehouse" },
            ["labels"] = new JsonArray("eu"),
            ["settings"] = new JsonObject { ["verbosity"] = "Verbose", ["command_timeout"] = "30" },
        })).Ok();

        Assert.Equal("executed", made.Outcome);
        var found = (await session.CallAsync("get_transformation", new { transformation_id = made.Id })).Ok().Result;
        Assert.Equal((warehouse.Shop.Destination, "SQL", "None", "Idle"), ((string?)found["destination_connection"]!["id"], (string?)found["type"], (string?)found["trigger"]!["type"], (string?)found["status"]));
        Assert.Equal(30, (int?)found["settings"]!["command_timeout"]);
    }

    [Fact]
    public async Task A_trigger_after_a_job_and_some_of_its_tasks_is_kept_by_their_ids()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        var orders = (await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Ok().Items.Single(task => (string?)task["name"] == "orders")["id"]!;

        var made = (await session.CallAsync("create_transformation", new JsonObject
        {
            ["name"] = "net",
            ["destination_connection"] = "warehouse",
            ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = "COPY", ["after_job_tasks"] = new JsonArray("Orders") },
        })).Ok();

        Assert.Equal((warehouse.Job, (string?)orders), ((string?)made.Result["trigger"]!["after_job"], (string?)made.Result["trigger"]!["after_job_tasks"]![0]));
    }

    [Fact]
    public async Task A_trigger_by_time_shows_its_next_times()
    {
        await using var session = await SyncSession.StartAsync();
        await Warehouse.OpenAsync(session);

        var made = (await session.CallAsync("create_transformation", new JsonObject
        {
            ["name"] = "net",
            ["destination_connection"] = "warehouse",
            ["trigger"] = new JsonObject { ["type"] = "Scheduled", ["schedule_cron"] = "0 0 2 * * *" },
        })).Ok();

        Assert.Equal(5, made.Result["next_runs"]!.AsArray().Count);
    }

    public static TheoryData<string, string> BadTriggers => new()
    {
        { """{"trigger":{"type":"Scheduled"}}""", "trigger.schedule_cron" },
        { """{"trigger":{"type":"Scheduled","schedule_cron":"0 2 * *"}}""", "4 fields" },
        { """{"trigger":{"type":"Scheduled","schedule_cron":"0 0 2 * * *"},"schedule":{"enabled":true,"cron":"0 0 3 * * *"}}""", "different times" },
        { """{"trigger":{"type":"AfterJob"}}""", "trigger.after_job" },
        { """{"trigger":{"after_job_tasks":["orders"]}}""", "trigger.after_job" },
        { """{"trigger":{"type":"None"},"schedule":{"enabled":true,"cron":"0 0 3 * * *"}}""", "`trigger.type` decides" },
        { """{"trigger":{"type":"Scheduled","schedule_cron":"0 0 2 * * *"},"type":"DBT"}""", "cannot run here" },
    };

    [Theory]
    [MemberData(nameof(BadTriggers))]
    public async Task A_trigger_that_says_nothing_or_two_things_is_refused(string members, string says)
    {
        await using var session = await SyncSession.StartAsync();
        await Warehouse.OpenAsync(session);
        var call = JsonNode.Parse(members)!.AsObject();
        call["name"] = "net";
        call["destination_connection"] = "warehouse";

        (await session.CallAsync("create_transformation", call)).Refused("invalid_request").Naming(says);

        Assert.Empty((await session.CallAsync("list_transformations")).Ok().Items);
    }

    [Fact]
    public async Task A_job_or_task_that_is_not_there_or_lies_elsewhere_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "Other" })).Ok();
        await SmallShop.ConnectAsync(session, "theirs", "theirs.db", "Other");
        var foreign = (await session.CallAsync("create_job", new { workspace_id = "Other", name = "foreign", source_connection = "theirs", destination_connection = "theirs" })).Ok().Id;
        Task<ToolResult> CreateAsync(object trigger) => session.CallAsync("create_transformation", new { name = "net", destination_connection = "warehouse", trigger });

        (await CreateAsync(new { type = "AfterJob", after_job = "copi" })).Refused("not_found").Naming("copi", "copy", "list_jobs");
        (await CreateAsync(new { type = "AfterJob", after_job = foreign })).Refused("invalid_request").Naming("trigger.after_job", "belongs to the workspace");
        (await CreateAsync(new { type = "AfterJob", after_job = "copy", after_job_tasks = new[] { "ordrs" } })).Refused("not_found").Naming("ordrs", "orders");
        (await CreateAsync(new { type = "AfterJob", after_job = warehouse.Job, after_job_tasks = new[] { Guid.Empty.ToString() } })).Refused("invalid_request").Naming("has no task");
        (await session.CallAsync("create_transformation", new { name = "net", destination_connection = warehouse.Job })).Refused("invalid_request").Naming("destination_connection");
        (await session.CallAsync("create_transformation", new { name = "net" })).Refused("invalid_arguments").Naming("destination_connection");

        Assert.Empty((await session.CallAsync("list_transformations")).Ok().Items);
    }

    [Fact]
    public async Task A_type_that_only_servers_run_is_stored_and_says_so()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);

        var id = await warehouse.TransformationAsync(new JsonObject { ["name"] = "models", ["type"] = "dbt-cloud", ["settings"] = new JsonObject { ["dbt_job"] = "42" } });

        var found = (await session.CallAsync("get_transformation", new { transformation_id = id })).Ok().Result;
        Assert.Equal("DBT-Cloud", (string?)found["type"]);
        Assert.Contains("CData Sync server", (string?)found["not_supported"]![0], StringComparison.Ordinal);
        (await session.CallAsync("add_transformation_task", new { transformation_id = id, query = "SELECT 1" })).Refused("invalid_request").Naming("DBT-Cloud");
    }

    [Fact]
    public async Task Names_may_be_of_any_language_but_not_of_any_length_and_stand_once()
    {
        await using var session = await SyncSession.StartAsync();
        var warehouse = await Warehouse.OpenAsync(session);
        await warehouse.TransformationAsync(new JsonObject { ["name"] = "Umsätze 日本 🚀" });

        (await session.CallAsync("get_transformation", new { transformation_id = "Umsätze 日本 🚀" })).Ok();
        (await session.CallAsync("create_transformation", new { name = "Umsätze 日本 🚀", destination_connection = "warehouse" })).Refused("invalid_request").Naming("already");
        (await session.CallAsync("create_transformation", new { name = new string('n', 10_000), destination_connection = "warehouse" })).Refused("invalid_arguments").Naming("name", "200");
    }

    [Fact]
    public async Task The_same_idempotency_key_makes_one()
    {
        await using var session = await SyncSession.StartAsync();
        await Warehouse.OpenAsync(session);
        var call = new { name = "net", destination_connection = "warehouse", idempotency_key = "once" };

        var first = (await session.CallAsync("create_transformation", call)).Ok();
        var second = (await session.CallAsync("create_transformation", call)).Ok();

        Assert.Equal(first.Id, second.Id);
        Assert.True((bool?)second.Structured["replayed"]);
    }
}
