using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>Through tools alone: a workspace with two jobs, a transformation after one of them and a pipeline with an event; run, and every status and history read.</summary>
public sealed class WholeWorkspaceTests
{
    [Fact]
    public async Task A_workspace_is_built_run_and_read()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        Task<ToolResult> CallAsync(string tool, string arguments) => session.CallAsync(tool, JsonNode.Parse(arguments)!.AsObject());
        async Task MadeAsync(string tool, string arguments) => (await CallAsync(tool, arguments)).Ok();
        Sql.Run(session.File("shop.db"),
            """
            CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT);
            INSERT INTO customers VALUES (1, 'Ann'), (2, 'Zoë');
            CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, gross INTEGER);
            INSERT INTO orders VALUES (1, 1, 120), (2, 1, 240), (3, 2, 60);
            """);

        await MadeAsync("create_workspace", """{"name":"Sales"}""");
        await MadeAsync("create_connection", """{"workspace_id":"Sales","name":"shop","connector":"SQLite","properties":{"Data Source":"shop.db"}}""");
        await MadeAsync("create_connection", """{"workspace_id":"Sales","name":"warehouse","connector":"SQLite","properties":{"Data Source":"warehouse.db"}}""");
        await MadeAsync("create_job", """{"workspace_id":"Sales","name":"people","source_connection":"shop","destination_connection":"warehouse"}""");
        await MadeAsync("add_job_task", """{"job_id":"people","table":"customers"}""");
        await MadeAsync("create_job", """{"workspace_id":"Sales","name":"sales","source_connection":"shop","destination_connection":"warehouse"}""");
        await MadeAsync("add_job_task", """{"job_id":"sales","table":"orders"}""");
        await MadeAsync("create_transformation", """{"workspace_id":"Sales","name":"totals","destination_connection":"warehouse","trigger":{"type":"AfterJob","after_job":"sales"}}""");
        await MadeAsync("add_transformation_task", """{"transformation_id":"totals","name":"clear","query":"DROP TABLE IF EXISTS totals"}""");
        await MadeAsync("add_transformation_task", """{"transformation_id":"totals","name":"sum","query":"CREATE TABLE totals AS SELECT customer_id, sum(gross) AS gross FROM orders GROUP BY customer_id"}""");
        await MadeAsync("create_pipeline", """{"workspace_id":"Sales","name":"nightly"}""");
        await MadeAsync("create_event", """{"pipeline_id":"nightly","name":"check","script":"log('before: ' + previous.status); if (previous.status !== 'Successful') fail('the load failed');"}""");
        await MadeAsync("create_pipeline_step", """{"pipeline_id":"nightly","type":"Replication","entity":"people"}""");
        await MadeAsync("create_pipeline_step", """{"pipeline_id":"nightly","type":"Replication","entity":"sales"}""");
        await MadeAsync("create_pipeline_step", """{"pipeline_id":"nightly","type":"Event","entity":"check"}""");

        await MadeAsync("execute_pipeline", """{"pipeline_id":"nightly"}""");
        var pipeline = await session.RunEndedAsync("get_pipeline_status", new { pipeline_id = "nightly" });
        var totals = await TriggeredAsync(session);

        Assert.True((string?)pipeline["status"] == "Successful", pipeline.ToJsonString());
        Assert.Equal(["people", "sales", "check"], pipeline["steps"]!.AsArray().Select(step => (string?)step!["step"]!["name"]));
        Assert.True((string?)totals["status"] == "Successful", totals.ToJsonString());
        Assert.Equal(["1|360", "2|60"], Sql.Rows(session.File("warehouse.db"), "SELECT customer_id, gross FROM totals ORDER BY customer_id"));
        Assert.Equal(["1|Ann", "2|Zoë"], Sql.Rows(session.File("warehouse.db"), "SELECT id, name FROM customers ORDER BY id"));

        foreach (var (noun, name) in new[] { ("job", "people"), ("job", "sales"), ("transformation", "totals"), ("pipeline", "nightly") })
        {
            var run = Assert.Single((await CallAsync($"list_{noun}_history", $$"""{"{{noun}}_id":"{{name}}"}""")).Ok().Items);
            Assert.Equal("Successful", (string?)run["status"]);
            var whole = (await CallAsync($"get_{noun}_run", $$"""{"{{noun}}_id":"{{name}}","history_id":"{{run["id"]}}"}""")).Ok().Result;
            Assert.NotEmpty((whole["tasks"] ?? whole["steps"])!.AsArray());
            Assert.Equal("Successful", (string?)(await CallAsync($"get_{noun}_status", $$"""{"{{noun}}_id":"{{name}}"}""")).Ok().Result["status"]);
        }

        Assert.Equal(["Successful", "Successful"], (await CallAsync("list_last_transformation_task_runs", """{"transformation_id":"totals"}""")).Ok().Items.Select(run => (string?)run["status"]));
        Assert.Single((await CallAsync("list_transformation_task_history", """{"transformation_id":"totals","task_id":"sum"}""")).Ok().Items);
        Assert.Contains("sales", (string?)totals["triggered_by"], StringComparison.Ordinal);
    }

    // The trigger starts it at the good end of the job; nobody is told.
    private static async Task<JsonObject> TriggeredAsync(SyncSession session)
    {
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while ((string?)(await session.CallAsync("get_transformation_status", new { transformation_id = "totals" })).Ok().Result["status"] == "Idle")
            await Task.Delay(20, timeout.Token);
        return await session.RunEndedAsync("get_transformation_status", new { transformation_id = "totals" });
    }
}
