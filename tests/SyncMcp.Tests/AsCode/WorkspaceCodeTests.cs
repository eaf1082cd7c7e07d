using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.AsCode;

/// <summary>"Give me the workspace as YAML", "what would this change?", "copy dev to prod".</summary>
public sealed class WorkspaceCodeTests : IAsyncLifetime
{
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    [Fact]
    public async Task A_workspace_comes_out_as_a_document_and_goes_into_an_empty_one_after_one_question()
    {
        await FilledAsync();
        var empty = (await session.CallAsync("create_workspace", new { name = "Copy" })).Ok().Id;
        var document = await ExportAsync("default");
        Assert.StartsWith("syncmcp: 1\nworkspace: ", document, StringComparison.Ordinal);
        Assert.Contains("\n- name: nightly\n", document, StringComparison.Ordinal);
        var asked = session.Person.Questions.Count;

        var plan = (await session.CallAsync("plan_workspace", new { document, workspace_id = "Copy" })).Ok().Result;
        Assert.True((int)plan["changes"]! > 8, plan.ToJsonString());
        Assert.Empty((await session.CallAsync("list_jobs", new { workspace_id = empty })).Items);
        (await session.CallAsync("apply_workspace", new { document, workspace_id = "Copy" })).Ok();

        Assert.Equal(asked + 1, session.Person.Questions.Count);
        Assert.Contains("SET amount = amount / 1.2", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.Equal(Body(document), Body(await ExportAsync("Copy")));
        Assert.Equal(0, (int)(await session.CallAsync("plan_workspace", new { document, workspace_id = "Copy" })).Ok().Result["changes"]!);
        Assert.Equal(0, (int)(await session.CallAsync("apply_workspace", new { document, workspace_id = "Copy" })).Ok().Result["changes"]!);
    }

    [Fact]
    public async Task A_change_of_the_document_is_planned_in_words_and_what_it_does_not_hold_stays_without_prune()
    {
        await FilledAsync();
        var document = (await ExportAsync("default")).Replace("batch_size: 7", "batch_size: 9", StringComparison.Ordinal).Replace("- name: people\n  type", "- name: people2\n  type", StringComparison.Ordinal).Replace("entity: people", "entity: people2", StringComparison.Ordinal);

        var plan = (await session.CallAsync("plan_workspace", new { document })).Ok().Result;
        var update = plan["groups"]!.AsArray().First(group => (string)group!["do"]! == "update job")!;
        Assert.Equal("rows per batch: 7 -> 9", (string)Assert.Single(update["difference"]!.AsArray())!);
        Assert.Contains("people", string.Join(' ', plan["notes"]!.AsArray().Select(note => (string)note!)), StringComparison.Ordinal);
        (await session.CallAsync("apply_workspace", new { document })).Ok();
        Assert.Equal(3, (await session.CallAsync("list_jobs")).Items.Count);

        (await session.CallAsync("apply_workspace", new { document, prune = true })).Ok();
        Assert.Equal(["nightly", "people2"], (await session.CallAsync("list_jobs")).Items.Select(job => (string)job["name"]!).Order());
        Assert.Equal(9, (int)(await session.CallAsync("get_job", new { job_id = "nightly" })).Result["settings"]!["batch_size"]!);
    }

    [Fact]
    public async Task Tasks_are_added_changed_moved_and_pruned_to_what_the_document_says()
    {
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("orders", "customers");
        const string Document = """
            syncmcp: 1
            jobs:
            - name: copy
              tasks:
              - {table: extra, enabled: false}
              - {table: customers, incremental_check_column: updated_at}
            """;
        (await session.CallAsync("apply_workspace", new { document = Document })).Ok();
        Assert.Equal(["extra", "customers", "orders"], await TablesAsync());
        (await session.CallAsync("apply_workspace", new { document = Document, prune = true })).Ok();
        Assert.Equal(["extra", "customers"], await TablesAsync());
        Assert.Equal("updated_at", (string)(await session.CallAsync("list_job_tasks", new { job_id = "copy", fields = new[] { "*" } })).Items[1]["incremental_check_column"]!);
        Assert.Equal("shop", (string)(await session.CallAsync("get_job", new { job_id = "copy" })).Result["source_connection"]!["name"]!); // what is absent stays
    }

    [Fact]
    public async Task Dev_is_copied_to_prod_with_other_connections()
    {
        await FilledAsync();
        var prod = (await session.CallAsync("create_workspace", new { name = "Prod" })).Ok().Id;
        var there = await SmallShop.ConnectAsync(session, "prod-warehouse", "prod.db", prod);

        (await session.CallAsync("apply_workspace", new { from_workspace_id = "default", workspace_id = "Prod", map = new { warehouse = "prod-warehouse" } })).Ok();

        var job = (await session.CallAsync("get_job", new { job_id = (await session.CallAsync("list_jobs", new { workspace_id = prod })).Items.First(one => (string)one["name"]! == "nightly")["id"]!.ToString() })).Ok().Result;
        Assert.Equal(there, (string)job["destination_connection"]!["id"]!);
        Assert.Equal(["prod-warehouse", "shop"], (await session.CallAsync("list_connections", new { workspace_id = prod })).Items.Select(one => (string)one["name"]!).Order());
        (await session.CallAsync("plan_workspace", new { from_workspace_id = "default", workspace_id = "Prod", map = new { warehouse = "nowhere" } })).Refused("invalid_document").Naming("nowhere");
    }

    [Fact]
    public async Task A_secret_is_a_reference_and_no_value_stands_in_a_document()
    {
        var canary = $"pw-{Guid.NewGuid():N}";
        (await session.CallAsync("create_connection", new { name = "pg", connector = "PostgreSQL", properties = new Dictionary<string, string> { ["Server"] = "db.example.com", ["Database"] = "d", ["User"] = "u", ["Password"] = canary } })).Ok();

        var document = await ExportAsync("default");

        Assert.DoesNotContain(canary, document, StringComparison.Ordinal);
        Assert.Contains("${secret:pg-password}", document, StringComparison.Ordinal);
        Assert.Equal(0, (int)(await session.CallAsync("plan_workspace", new { document })).Ok().Result["changes"]!);
        (await session.CallAsync("create_workspace", new { name = "Copy" })).Ok();
        var plan = (await session.CallAsync("plan_workspace", new { document, workspace_id = "Copy" })).Ok().Result;
        Assert.Contains("syncmcp secret set", (string)plan["notes"]![0]!, StringComparison.Ordinal);
        (await session.CallAsync("apply_workspace", new { document, workspace_id = "Copy" })).Refused("secret_unknown");
    }

    [Fact]
    public async Task What_is_wrong_in_a_document_is_named_by_place_with_what_was_meant_and_nothing_is_done()
    {
        await FilledAsync();
        (await session.CallAsync("export_workspace", new { workspace_id = "nowhere" })).Refused("not_found");
        (await session.CallAsync("plan_workspace")).Refused("invalid_arguments").Naming("from_workspace_id");
        (await session.CallAsync("plan_workspace", new { document = "jobs: [" })).Refused("invalid_document").Naming("Line");
        (await session.CallAsync("plan_workspace", new { document = "syncmcp: 1\njobs:\n- name: a\n  shedule: {}\n" })).Refused("invalid_document").Naming("schedule");
        (await session.CallAsync("plan_workspace", new { document = "syncmcp: 1\njobs:\n- {name: a, source_connection: shp, destination_connection: warehouse}\n" })).Refused("invalid_document").Naming("shop");
        (await session.CallAsync("plan_workspace", new { document = "syncmcp: 1\njobs:\n- {name: nightly, type: SyncAll}\n" })).Refused("invalid_document").Naming("cannot be changed");
        (await session.CallAsync("plan_workspace", new { document = "syncmcp: 1\njobs: &a\n- *a\n" })).Refused("invalid_document").Naming("anchors");
        (await session.CallAsync("apply_workspace", new { document = "syncmcp: 2" })).Refused("invalid_document").Naming("version");
        session.Person.Declines();
        (await session.CallAsync("apply_workspace", new { document = "syncmcp: 1\npipelines: []\n", prune = true })).Refused("declined");
        Assert.Equal(2, (await session.CallAsync("list_jobs")).Items.Count);
    }

    private async Task FilledAsync()
    {
        var shop = await SmallShop.OpenAsync(session);
        var nightly = await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["labels"] = new JsonArray("finance"), ["settings"] = new JsonObject { ["batch_size"] = 7 }, ["schedule"] = new JsonObject { ["enabled"] = false, ["cron"] = "0 0 2 * * *" } }, "orders");
        await shop.JobAsync(new JsonObject { ["name"] = "people" }, "customers");
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = nightly, ["schedule"] = new JsonObject { ["enabled"] = true } })).Ok();
        var net = (await session.CallAsync("create_transformation", new JsonObject { ["name"] = "net", ["destination_connection"] = "warehouse", ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = nightly } })).Ok().Id;
        (await session.CallAsync("add_transformation_task", new { transformation_id = net, query = "UPDATE orders\n  SET amount = amount / 1.2\nWHERE id > 0" })).Ok();
        var all = (await session.CallAsync("create_pipeline", new { name = "all" })).Ok().Id;
        (await session.CallAsync("create_event", new { pipeline_id = all, name = "say", script = "log('x');\nlog(\"y\");\n" })).Ok();
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = all, type = "Replication", entity = "people" })).Ok();
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = all, type = "Event", entity = "say" })).Ok();
    }

    private async Task<string> ExportAsync(string workspace) => (string)(await session.CallAsync("export_workspace", new { workspace_id = workspace })).Ok().Result["document"]!;

    private async Task<IEnumerable<string>> TablesAsync() => (await session.CallAsync("list_job_tasks", new { job_id = "copy" })).Items.Select(task => (string)task["table"]!);

    // All but the name of the workspace.
    private static string Body(string document) => string.Join('\n', document.Split('\n').Where(line => !line.StartsWith("workspace:", StringComparison.Ordinal)));
}
