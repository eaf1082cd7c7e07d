using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Pipelines and transformations of a real Sync server: what is not known there counts as the worst that it can be.</summary>
public sealed class OtherPipelineTests
{
    private const string Pipeline = "22222222-0000-0000-0000-000000000001";
    private const string Job = "22222222-0000-0000-0000-000000000002";
    private const string Transformation = "22222222-0000-0000-0000-000000000003";
    private const string Place = "22222222-0000-0000-0000-000000000004";

    [Theory]
    [InlineData("""{"type":"Script","entity":{"id":"x"}}""")] // a kind that we do not know
    [InlineData("""{"type":"Replication","entity":{"id":"gone"}}""")] // not there, or not for us
    [InlineData("""{"type":"Replication","entity":{"name":"nightly"}}""")] // nobody knows which
    [InlineData("""{"type":"Event","entity":{"id":"22222222-0000-0000-0000-000000000002"}}""")] // of another kind than it says
    [InlineData("""{"type":"Transformation"}""")]
    public async Task A_step_that_cannot_be_read_is_typed_for_each_time(string step)
    {
        await using var server = await StartAsync();
        server.List($"/pipelines/{Pipeline}/steps", [Step(step)]);
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        for (var run = 1; run <= 2; run++)
        {
            (await session.CallAsync("execute_pipeline", new { pipeline_id = Pipeline })).Ok();
            Assert.Equal(run, session.Person.Questions.Count);
            Assert.Contains("phrase", session.Person.Questions[^1].RequestedSchema!.Properties.Keys);
            Assert.Contains("cannot be read", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"x_webhook":"https://elsewhere.example"}""", "{}", "https://elsewhere.example")]
    [InlineData("""{"settings":{"x_shell":"rm"}}""", "{}", "x_shell")]
    [InlineData("""{"settings":"?"}""", "{}", "?")]
    [InlineData("{}", """{"x_before":"rm"}""", "x_before")]
    public async Task Members_that_nobody_knows_raise_and_are_shown(string pipeline, string step, string shown)
    {
        await using var server = await StartAsync(pipeline);
        server.List($"/pipelines/{Pipeline}/steps", [With(Step($$$"""{"type":"Replication","entity":{"id":"{{{Job}}}"}}"""), step)]);
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        (await session.CallAsync("execute_pipeline", new { pipeline_id = Pipeline })).Ok();
        (await session.CallAsync("execute_pipeline", new { pipeline_id = Pipeline })).Ok();

        Assert.Equal(2, session.Person.Questions.Count);
        Assert.Contains("phrase", session.Person.Questions[1].RequestedSchema!.Properties.Keys);
        Assert.Contains("members that syncmcp does not know", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Contains(shown, session.Person.Questions[1].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"trigger":{"type":"AfterPipeline"}}""", true)] // it may start at any time
    [InlineData("""{"trigger":"?"}""", true)]
    [InlineData("""{"trigger":{"schedule_cron":"0 0 2 * * *"}}""", true)]
    [InlineData("""{"trigger":{"type":"Scheduled"}}""", true)]
    [InlineData("""{"schedule":{"enabled":true,"cron":"0 0 2 * * *"}}""", true)]
    [InlineData("""{"schedule":"?"}""", true)]
    [InlineData("""{"status":"In progress"}""", true)]
    [InlineData("""{"status":"Waiting for its turn"}""", true)] // a word that we do not know
    [InlineData("""{"trigger":{"type":"None","after_job":"nightly"}}""", false)]
    [InlineData("""{"schedule":{"enabled":false,"cron":"0 0 2 * * *"},"status":"Successful"}""", false)]
    public async Task What_may_start_it_by_itself_arms_a_transformation(string members, bool armed)
    {
        await using var server = await StartAsync();
        server.On($"GET /transformations/{Transformation}", With(Net(), members)).On($"PUT /transformations/{Transformation}", Net());
        await using var session = await server.SessionAsync();

        var answer = await session.CallAsync("update_transformation", new { transformation_id = Transformation, settings = new { command_timeout = 5 } });

        Assert.Equal(armed, session.Person.Questions.Count == 1);
        Assert.Equal(armed, answer.IsError);
    }

    [Theory]
    [InlineData($$"""{"type":"AfterJob","after_job":"{{Job}}"}""", true)]
    [InlineData("""{"type":"AfterJob","after_job":"Nightly"}""", true)] // by name, whatever its case
    [InlineData($$$"""{"type":"AfterJob","after_job":{"id":"{{{Job}}}"}}""", true)]
    [InlineData($$"""{"type":"OnSuccess","after_job":"{{Job}}"}""", true)]
    [InlineData($$"""{"after_job":"{{Job}}"}""", true)]
    [InlineData($$"""{"type":"None","after_job":"{{Job}}"}""", false)]
    [InlineData("""{"type":"AfterJob","after_job":"another"}""", false)]
    public async Task What_names_the_job_belongs_to_its_run(string trigger, bool belongs)
    {
        await using var server = await StartAsync();
        server.List("/workspaces/default/transformations", [With(Net(), $$"""{"trigger":{{trigger}}}""")]);
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        Assert.Equal(belongs, Assert.Single(session.Person.Questions).Message.Contains("DELETE FROM ledger", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_leaves_the_trigger_out_is_looked_behind()
    {
        await using var server = await StartAsync();
        server.List("/workspaces/default/transformations", [new() { ["id"] = Transformation, ["name"] = "net" }])
            .On($"GET /transformations/{Transformation}", With(Net(), $$$"""{"trigger":{"type":"AfterJob","after_job":"{{{Job}}}"}}"""));
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        Assert.Contains("DELETE FROM ledger", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_may_list_is_not_taken_as_nothing()
    {
        await using var server = await StartAsync();
        server.On("GET /workspaces/default/transformations", new JsonObject { ["error"] = new JsonObject { ["message"] = "no" } }, 403);
        await using var session = await server.SessionAsync();
        session.Person.Confirms();

        Assert.True((await session.CallAsync("execute_job", new { job_id = Job })).IsError);
        Assert.DoesNotContain($"POST /jobs/{Job}/execute", server.Requests);
    }

    [Fact]
    public async Task A_job_of_an_armed_pipeline_is_armed_and_so_is_one_of_a_pipeline_that_may_be_running()
    {
        foreach (var pipeline in (string[])["""{"schedule":{"enabled":true}}""", """{"status":"In progress"}""", """{"status":null}"""])
        {
            await using var server = await StartAsync(pipeline);
            server.List($"/pipelines/{Pipeline}/steps", [Step($$$"""{"type":"Replication","entity":{"id":"{{{Job}}}"}}""")]);
            await using var session = await server.SessionAsync();

            (await session.CallAsync("update_job", new { job_id = Job, settings = new { batch_size = 7 } })).Refused("not_shown");

            Assert.DoesNotContain($"PUT /jobs/{Job}", server.Requests);
        }
    }

    [Fact]
    public async Task A_draft_that_is_hung_on_a_job_while_its_run_is_being_judged_waits_until_it_runs()
    {
        await using var server = await StartAsync();
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();
        session.Person.Declines();

        // The run looks at what starts after it; at that moment the draft is called.
        Task<ToolResult>? draft = null;
        server.On("GET /workspaces/default/transformations", async context =>
        {
            draft ??= Task.Run(() => session.CallAsync("create_transformation", new { name = "late", destination_connection = Place, trigger = new { type = "AfterJob", after_job = Job } }));
            for (var i = 0; i < 40 && !server.Requests.Contains("POST /workspaces/default/transformations"); i++)
                await Task.Delay(10);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"value":[]}""");
        });
        server.On($"POST /jobs/{Job}/execute", async context =>
        {
            server.On($"GET /jobs/{Job}", With(Nightly(), """{"status":"In progress"}"""));
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"id":"r","status":"Starting"}""");
        });

        (await session.CallAsync("execute_job", new { job_id = Job })).Ok();

        (await draft!).Refused("not_shown"); // the job runs by then: it is armed
        Assert.DoesNotContain("POST /workspaces/default/transformations", server.Requests);
    }

    private static JsonObject Step(string members) => With(new() { ["id"] = "s", ["name"] = "step" }, members);

    private static JsonObject Net() => new()
    {
        ["id"] = Transformation,
        ["name"] = "net",
        ["type"] = "SQL",
        ["destination_connection"] = new JsonObject { ["id"] = Place },
        ["trigger"] = new JsonObject { ["type"] = "None" },
    };

    private static JsonObject Nightly() => new()
    {
        ["id"] = Job,
        ["name"] = "nightly",
        ["type"] = "Standard",
        ["status"] = "Successful",
        ["source_connection"] = new JsonObject { ["id"] = Place },
        ["destination_connection"] = new JsonObject { ["id"] = Place },
    };

    private static JsonObject With(JsonObject thing, string members)
    {
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
            thing[name] = value?.DeepClone();
        return thing;
    }

    private static async Task<StubServer> StartAsync(string pipeline = "{}")
    {
        var server = await StubServer.StartAsync();
        var line = With(new() { ["id"] = Pipeline, ["name"] = "line", ["status"] = "Successful" }, pipeline);
        var place = new JsonObject
        {
            ["id"] = Place,
            ["name"] = "place",
            ["connector"] = "Oracle",
            ["workspace"] = new JsonObject { ["id"] = "default" },
            ["properties"] = new JsonObject { ["Server"] = "db.example" },
        };
        return server
            .List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .List("/workspaces/default/jobs", [Nightly()])
            .List("/workspaces/default/transformations", [Net()])
            .List("/workspaces/default/pipelines", [line.DeepClone().AsObject()])
            .On($"GET /jobs/{Job}", Nightly())
            .List($"/jobs/{Job}/tasks", [new() { ["id"] = "t", ["table"] = "orders" }])
            .On($"GET /transformations/{Transformation}", Net())
            .List($"/transformations/{Transformation}/tasks", [new() { ["id"] = "q", ["query"] = "DELETE FROM ledger" }])
            .On($"GET /pipelines/{Pipeline}", line)
            .List($"/pipelines/{Pipeline}/steps", [])
            .On($"GET /connections/{Place}", place)
            .List($"/connections/{Place}/tables", [])
            .On($"POST /jobs/{Job}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" })
            .On($"POST /pipelines/{Pipeline}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
    }
}
