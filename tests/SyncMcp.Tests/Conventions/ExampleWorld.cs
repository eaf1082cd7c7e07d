using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Conventions;

/// <summary>A thing of every kind, and for each member of a schema a value that makes sense among them.</summary>
internal sealed class ExampleWorld
{
    private const string Query = "UPDATE customers SET name = upper(name)";

    private readonly SyncSession session;
    private readonly SmallShop shop;
    private readonly Dictionary<string, JsonNode?> values = new(StringComparer.Ordinal);

    private string transformationTask = "";
    private string transformationRun = "";
    private string pipelineRun = "";

    private ExampleWorld(SyncSession session, SmallShop shop) => (this.session, this.shop) = (session, shop);

    /// <summary>Makes it.</summary>
    public static async Task<ExampleWorld> BuildAsync(SyncSession session)
    {
        var world = new ExampleWorld(session, await SmallShop.OpenAsync(session));
        await world.BuildAsync();
        return world;
    }

    /// <summary>Values by member; those of one tool win. A name with <c>+</c> in front: needed although the schema does not require it. Null: not together with the others.</summary>
    public IReadOnlyDictionary<string, JsonNode?> ValuesOf(string tool, bool maximal)
    {
        var own = new Dictionary<string, JsonNode?>(values, StringComparer.Ordinal);
        foreach (var (name, value) in Own(tool, maximal))
            own[name] = value;
        return own;
    }

    /// <summary>The code of a refusal that says no more than that there is nothing to do.</summary>
    public static string? ExpectedRefusalOf(string tool) => tool.StartsWith("cancel_", StringComparison.Ordinal) ? "not_running" : null;

    /// <summary>After a tool: what it left running ends before the next.</summary>
    public async Task GoOnAsync(string tool)
    {
        if (tool == "execute_job")
            await session.RunEndedAsync((string)values["job_id"]!);
        else if (tool == "execute_pipeline")
            await session.RunEndedAsync("get_pipeline_status", new { pipeline_id = (string)values["pipeline_id"]! });
        else if (tool == "execute_transformation")
            await session.RunEndedAsync("get_transformation_status", new { transformation_id = (string)values["transformation_id"]! });
    }

    private async Task BuildAsync()
    {
        values["connection_id"] = "unused";
        await SmallShop.ConnectAsync(session, "unused", "unused.db");
        Sql.Run(session.File("unused.db"), "CREATE TABLE customers (id INTEGER PRIMARY KEY)");
        values["source_connection"] = "shop";
        values["destination_connection"] = "warehouse";
        values["table_name"] = values["table"] = "customers";
        values["workspace_id"] = "default";
        values["connector"] = "SQLite";
        values["status"] = "Successful";
        values["labels"] = new JsonArray("nightly");
        values["fields"] = new JsonArray("*");
        values["roles"] = new JsonArray("Standard");
        values["password"] = "Correct-Horse-7";
        values["email_address"] = "ann@example.com";
        values["schedule.enabled"] = false;
        values["schedule.cron"] = "0 0 2 * * *";
        values["alerts.send_email"] = false;
        values["alerts.email_to"] = "ann@example.com";
        values["settings.replicate_start_date"] = "2026-01-31";
        values["idempotency_key"] = null;
        values["connector_version"] = null;

        await shop.JobAsync(new JsonObject { ["name"] = "spare" });
        await shop.JobAsync(new JsonObject { ["name"] = "first" }, "customers");
        var job = await shop.JobAsync("customers");
        var run = await shop.RunWellAsync(job);
        values["job_id"] = job;
        values["task_id"] = (await session.CallAsync("list_job_tasks", new { job_id = job })).Ok().Items[0]["id"]!.DeepClone();
        values["history_id"] = run["id"]!.DeepClone();
        values["transformation_id"] = (await session.CallAsync("create_transformation", new { name = "net", destination_connection = "warehouse" })).Ok().Id;
        transformationTask = (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = Query })).Ok().Id;
        values["pipeline_id"] = (await session.CallAsync("create_pipeline", new { name = "nightly" })).Ok().Id;
        values["event_id"] = (await session.CallAsync("create_event", new { pipeline_id = "nightly", name = "spare" })).Ok().Id;
        (await session.CallAsync("create_pipeline", new { name = "empty" })).Ok();
        values["step_id"] = (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type = "Transformation", entity = "net" })).Ok().Id;
        pipelineRun = (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok().Id;
        await session.RunEndedAsync("get_pipeline_status", new { pipeline_id = "nightly" });
        transformationRun = (string)(await session.CallAsync("execute_transformation", new { transformation_id = "net" })).Ok().Id;
        await session.RunEndedAsync("get_transformation_status", new { transformation_id = "net" });
        values["user_id"] = (await session.CallAsync("create_user", new { user = "ann", password = "Correct-Horse-7", roles = new[] { "Standard" } })).Ok().Id;
    }

    private Dictionary<string, JsonNode?> Own(string tool, bool maximal) => tool switch
    {
        "create_connection" => new() { ["name"] = $"made-{maximal}", ["properties"] = new JsonObject { ["Data Source"] = "made.db" }, ["+properties"] = null },
        "create_job" => new() { ["name"] = $"made-{maximal}" },
        "create_workspace" => new() { ["name"] = $"made-{maximal}" },
        "update_workspace" or "delete_workspace" => new() { ["workspace_id"] = $"made-{maximal}", ["name"] = $"made-{maximal}" },
        "create_user" => new() { ["user"] = $"made-{maximal}" },
        "add_job_task" => new() { ["table"] = "orders", ["+table"] = null, ["query"] = null, ["incremental_check_column"] = "updated_at" },
        "update_job_task" => new() { ["query"] = null, ["incremental_check_column"] = "updated_at" },
        "update_connection" => new() { ["name"] = "unused", ["properties"] = new JsonObject { ["Data Source"] = "unused.db" }, ["connection_string"] = null },
        "download_connection_log" => new() { ["name"] = "connection.log" },
        "update_job" => new() { ["job_id"] = "spare", ["name"] = "spare" }, // it asks for all there is: not what this engine runs
        "generate_user_token" => new() { ["+user_id"] = null }, // the caller here is no user
        "create_transformation" => new()
        {
            ["name"] = $"made-{maximal}",
            ["trigger.type"] = "AfterJob",
            ["trigger.after_job"] = "first",
            ["trigger.after_job_tasks"] = new JsonArray("customers"),
            ["trigger.schedule_cron"] = "0 0 2 * * *",
            ["settings.enable_parallel_processing"] = false,
            ["settings.automatic_retry"] = false,
        },
        "update_transformation" => new() { ["name"] = "net", ["settings.enable_parallel_processing"] = false, ["settings.automatic_retry"] = false, ["trigger.type"] = "None", ["trigger.after_job"] = "first", ["trigger.after_job_tasks"] = new JsonArray("customers"), ["trigger.schedule_cron"] = "0 0 2 * * *" },
        "add_transformation_task" => new() { ["query"] = Query },
        "get_pipeline_run" or "get_pipeline_run_log" => new() { ["history_id"] = pipelineRun },
        "get_transformation_run" or "get_transformation_run_log" => new() { ["history_id"] = transformationRun },
        "list_transformation_task_history" => new() { ["task_id"] = transformationTask },
        "create_pipeline" => new() { ["name"] = $"made-{maximal}" },
        "update_pipeline" => new() { ["name"] = "nightly" },
        "delete_pipeline" => new() { ["pipeline_id"] = "empty" },
        "create_event" => new() { ["name"] = $"made-{maximal}" },
        "create_pipeline_step" or "update_pipeline_step" => new() { ["type"] = "Replication", ["entity"] = "first" },
        "get_transformation_task" or "update_transformation_task" or "delete_transformation_task" or "move_transformation_task" =>
            new() { ["task_id"] = transformationTask, ["query"] = Query },
        "execute_job" => new() { ["task_ids"] = new JsonArray(values["task_id"]!.DeepClone()) },
        _ => [],
    };
}
