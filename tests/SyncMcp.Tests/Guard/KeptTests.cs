using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>What the operator protects, denies or lets a place be holds for transformations, pipelines and events too; and what is kept as approved is what was shown.</summary>
public sealed class KeptTests
{
    [Theory]
    [InlineData("delete_pipeline", """{"pipeline_id":"prod line","pipeline_only":true}""")]
    [InlineData("delete_pipeline_step", """{"pipeline_id":"prod line","step_id":"copy"}""")]
    [InlineData("delete_pipeline", """{"pipeline_id":"holder"}""")] // prod net would go with it
    [InlineData("delete_pipeline", """{"pipeline_id":"holder","pipeline_only":true}""")] // its event would
    [InlineData("delete_transformation", """{"transformation_id":"prod net"}""")]
    [InlineData("delete_transformation_task", """{"transformation_id":"prod net","task_id":"one"}""")]
    [InlineData("delete_event", """{"pipeline_id":"holder","event_id":"prod report"}""")]
    [InlineData("delete_workspace", """{"workspace_id":"other"}""")] // holds a labelled pipeline
    public async Task What_is_protected_is_not_deleted_by_whatever_way(string tool, string arguments)
    {
        await using var session = await StartAsync("""{"protected":["prod*"]}""");

        (await session.CallAsync(tool, JsonNode.Parse(arguments)!.AsObject())).Refused("policy_denied").Naming("protected");

        Assert.Empty(session.Person.Questions);
    }

    [Theory]
    [InlineData("update_pipeline", """{"pipeline_id":"prod line","name":"line"}""")]
    [InlineData("update_transformation", """{"transformation_id":"prod net","name":"net"}""")]
    [InlineData("update_event", """{"pipeline_id":"holder","event_id":"prod report","name":"report"}""")]
    [InlineData("update_pipeline", """{"pipeline_id":"labelled","labels":["test"]}""")]
    public async Task A_protected_name_or_label_is_not_slipped_off(string tool, string arguments)
    {
        await using var session = await StartAsync("""{"protected":["prod*"]}""");
        session.Person.Confirms();

        (await session.CallAsync(tool, JsonNode.Parse(arguments)!.AsObject())).Ok();

        Assert.Contains("phrase", Assert.Single(session.Person.Questions).RequestedSchema!.Properties.Keys);
        Assert.Contains("PROTECTS", session.Person.Questions[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_is_deleted_with_all_that_it_holds_in_sight()
    {
        await using var session = await StartAsync("{}");
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace", new { workspace_id = "other" })).Ok();

        Assert.Contains("Pipelines (1): \"labelled\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Denied_tools_of_the_new_areas_are_not_called()
    {
        await using var session = await StartAsync("""{"deny":["execute_pipeline","create_event","Execute_Transformation"]}""");

        (await session.CallAsync("execute_pipeline", new { pipeline_id = Guid.Empty })).Refused("policy_denied");
        (await session.CallAsync("execute_transformation", new { transformation_id = Guid.Empty })).Refused("policy_denied");
        (await session.CallAsync("create_event", new { pipeline_id = Guid.Empty, name = "x" })).Refused("policy_denied");
    }

    [Fact]
    public async Task Another_place_for_a_job_of_an_armed_pipeline_shows_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Line.DraftAsync(session, "Replication copy");
        session.Person.Confirms();
        await line.CallAsync("update_pipeline", new { pipeline_id = "nightly", schedule = Line.Daily });
        session.Person.Declines();

        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "warehouse", ["properties"] = new JsonObject { ["Data Source"] = "/tmp/elsewhere.db" } })).Refused("declined");

        Assert.Contains("Job: \"copy\"", session.Person.Questions[^1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"settings":{"batch_size":7}}""")] // harmless, and still nobody saw it
    [InlineData("""{"alerts":{"send_email":true,"email_to":"a@elsewhere.example"}}""")]
    public async Task What_somebody_added_while_a_person_approved_is_not_approved(string meanwhile)
    {
        const string job = "11111111-0000-0000-0000-000000000001", place = "11111111-0000-0000-0000-000000000002";
        var now = new JsonObject { ["id"] = job, ["name"] = "nightly", ["source_connection"] = new JsonObject { ["id"] = place }, ["destination_connection"] = new JsonObject { ["id"] = place } };
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On($"GET /jobs/{job}", now)
            .List($"/jobs/{job}/tasks", [new() { ["id"] = "t", ["table"] = "orders" }])
            .On($"GET /connections/{place}", new JsonObject { ["id"] = place, ["connector"] = "Oracle", ["properties"] = new JsonObject { ["Server"] = "db.example" } })
            .On($"POST /jobs/{job}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" })
            .On($"PUT /jobs/{job}", async context =>
            {
                now["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" };
                foreach (var (name, value) in JsonNode.Parse(meanwhile)!.AsObject())
                    now[name] = value?.DeepClone();
                server.On($"GET /jobs/{job}", now);
                context.Response.ContentType = "application/json";
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(now.ToJsonString()));
            });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        (await session.CallAsync("update_job", new { job_id = job, schedule = new { enabled = true, cron = "0 0 2 * * *" } })).Ok();
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();

        Assert.Equal(2, session.Person.Questions.Count);
    }

    [Fact]
    public async Task What_the_server_fills_in_when_it_makes_a_thing_is_approved_with_it()
    {
        const string made = "11111111-0000-0000-0000-000000000001", place = "11111111-0000-0000-0000-000000000002";
        var thing = new JsonObject
        {
            ["id"] = made,
            ["name"] = "net",
            ["type"] = "SQL",
            ["destination_connection"] = new JsonObject { ["id"] = place, ["name"] = "place" },
            ["trigger"] = new JsonObject { ["type"] = "Scheduled", ["schedule_cron"] = "0 0 2 * * *" },
            ["settings"] = new JsonObject { ["verbosity"] = "Info" },
        };
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On("POST /workspaces/default/transformations", thing, 201)
            .On($"GET /transformations/{made}", thing)
            .On($"GET /connections/{place}", new JsonObject { ["id"] = place, ["connector"] = "Oracle", ["properties"] = new JsonObject { ["Server"] = "db.example" } })
            .On($"POST /transformations/{made}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        (await session.CallAsync("create_transformation", new { name = "net", destination_connection = place, trigger = new { type = "Scheduled", schedule_cron = "0 0 2 * * *" } })).Ok();
        (await session.CallAsync("execute_transformation", new { transformation_id = made })).Ok();

        Assert.Single(session.Person.Questions);
    }

    private static async Task<SyncSession> StartAsync(string policy)
    {
        var session = await SyncSession.StartAsync(options =>
        {
            Directory.CreateDirectory(options.OperatorFolder);
            File.WriteAllText(Path.Combine(options.OperatorFolder, "policy.json"), policy);
            return options;
        });
        if (policy.Contains("deny", StringComparison.Ordinal))
            return session;
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("customers");
        async Task DoAsync(string tool, object arguments) => (await session.CallAsync(tool, arguments)).Ok();
        await DoAsync("create_transformation", new { name = "prod net", destination_connection = "warehouse" });
        await DoAsync("add_transformation_task", new { transformation_id = "prod net", name = "one", query = "SELECT 1" });
        await DoAsync("create_pipeline", new { name = "prod line" });
        await DoAsync("create_pipeline_step", new { pipeline_id = "prod line", type = "Replication", entity = "copy" });
        await DoAsync("create_pipeline", new { name = "holder" });
        await DoAsync("create_pipeline_step", new { pipeline_id = "holder", type = "Transformation", entity = "prod net" });
        await DoAsync("create_event", new { pipeline_id = "holder", name = "prod report", script = "log(1)" });
        await DoAsync("create_workspace", new { name = "other" });
        await DoAsync("create_pipeline", new { workspace_id = "other", name = "labelled", labels = new[] { "production" } });
        return session;
    }
}
