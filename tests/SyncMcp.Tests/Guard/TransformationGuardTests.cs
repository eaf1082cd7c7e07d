using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>SQL of transformations runs by approved hash: each text is shown whole and typed for once, whatever starts it.</summary>
public sealed class TransformationGuardTests
{
    private const string Sql = "UPDATE customers SET name = upper(name)";
    private const string Daily = "0 0 2 * * *";

    [Fact]
    public async Task Drafting_asks_nothing_the_run_takes_the_phrase_with_the_SQL_whole_and_its_repeat_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await DraftAsync(session);
        Assert.Empty(session.Person.Questions);
        (await session.CallAsync("execute_transformation", new { transformation_id = id })).Refused("not_shown");

        session.Person.Confirms();
        await RunAsync(session, id);
        await RunAsync(session, id);

        Assert.Equal(2, session.Person.Questions.Count);
        var question = session.Person.Questions[1];
        Assert.Equal("Type \"run net\"", question.RequestedSchema!.Properties["phrase"].Description);
        Assert.Contains($"SQL:\n  | {Sql}", question.Message, StringComparison.Ordinal);
        Assert.Contains("Works in: \"SQLite Data Source=warehouse.db\"", question.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_text_asks_once_more_with_the_difference()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await DraftAsync(session);
        session.Person.Confirms();
        await RunAsync(session, id);

        (await session.CallAsync("update_transformation_task", new { transformation_id = id, task_id = "first", query = "UPDATE customers SET name = lower(name)" })).Ok();
        Assert.Single(session.Person.Questions); // drafting
        await RunAsync(session, id);

        Assert.Contains("Changed since it was approved:", session.Person.Questions[1].Message, StringComparison.Ordinal);
        Assert.Contains($"\"{Sql}\" -> \"UPDATE customers SET name = lower(name)\"", session.Person.Questions[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_starts_after_a_job_belongs_to_the_jobs_run()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        await TransformationAsync(session, After(job));
        Assert.Empty(session.Person.Questions);

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("declined");
        Assert.Contains($"  | {Sql}", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal("Type \"run copy\"", session.Person.Questions[0].RequestedSchema!.Properties["phrase"].Description);

        session.Person.Confirms();
        await shop.RunWellAsync(job);
        await shop.RunWellAsync(job);
        Assert.Equal(2, session.Person.Questions.Count);
    }

    [Fact]
    public async Task An_approved_transformation_that_is_hung_on_a_job_asks_again()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await DraftAsync(session);
        session.Person.Confirms();
        await RunAsync(session, id);
        var asked = session.Person.Questions.Count;

        (await session.CallAsync("update_transformation", new { transformation_id = id, trigger = new { type = "AfterJob", after_job = "copy" } })).Ok();
        (await session.CallAsync("execute_job", new { job_id = "copy" })).Ok();

        Assert.Equal(asked + 1, session.Person.Questions.Count);
    }

    [Theory]
    [InlineData("create_transformation")]
    [InlineData("update_transformation")]
    [InlineData("add_transformation_task")]
    [InlineData("update_transformation_task")]
    [InlineData("move_transformation_task")]
    [InlineData("delete_transformation_task")]
    public async Task A_change_of_what_starts_after_an_armed_job_is_a_change_of_something_armed(string tool)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Daily } }, "customers");
        Assert.Empty(session.Person.Questions);
        session.Person.Confirms();
        if (tool != "create_transformation")
            await TransformationAsync(session, After(job));
        var asked = session.Person.Questions.Count;

        session.Person.Declines();
        var arguments = new JsonObject { ["transformation_id"] = "net" };
        if (tool.EndsWith("_task", StringComparison.Ordinal) && tool[0] != 'a')
            arguments["task_id"] = "first";
        switch (tool)
        {
            case "create_transformation":
                arguments = After(job);
                break;
            case "update_transformation":
                arguments["settings"] = new JsonObject { ["command_timeout"] = 7 };
                break;
            case "move_transformation_task":
                arguments["position"] = 2;
                break;
            case "add_transformation_task" or "update_transformation_task":
                arguments["query"] = "DELETE FROM customers";
                break;
        }

        (await session.CallAsync(tool, arguments)).Refused("declined");
        Assert.Equal(asked + 1, session.Person.Questions.Count);
    }

    [Fact]
    public async Task What_is_hung_on_a_job_while_it_runs_is_armed()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("customers");
        await shop.RunWellAsync(job);
        using (await shop.StartHeldAsync(job))
        {
            (await session.CallAsync("create_transformation", After(job))).Refused("declined");
            Assert.Single(session.Person.Questions);
        }

        await session.RunEndedAsync(job);
    }

    [Fact]
    public async Task A_trigger_by_the_clock_is_armed()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var id = await DraftAsync(session);

        (await session.CallAsync("update_transformation", new { transformation_id = id, trigger = new { type = "Scheduled", schedule_cron = Daily } })).Refused("declined");

        Assert.Contains($"  | {Sql}", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        session.Person.Confirms();
        (await session.CallAsync("update_transformation", new { transformation_id = id, trigger = new { type = "Scheduled", schedule_cron = Daily } })).Ok();
        await RunAsync(session, id); // armed is approved
        Assert.Equal(2, session.Person.Questions.Count);
    }

    [Fact]
    public async Task SQL_that_is_too_long_to_be_shown_is_approved_outside_the_chat()
    {
        await using var session = await SyncSession.StartAsync();
        var id = await DraftAsync(session, $"UPDATE customers SET name = '{new string('x', 4_000)}'");
        session.Person.Confirms();

        var refused = (await session.CallAsync("execute_transformation", new { transformation_id = id })).Refused("confirmation_unavailable");

        Assert.Contains("too long", refused.Text, StringComparison.Ordinal);
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task A_dbt_project_is_named_as_what_nobody_is_shown()
    {
        const string id = "44444444-0000-0000-0000-000000000001";
        await using var server = await StubServer.StartAsync(); // ours runs none, and says so unasked
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .On("GET /connections/d", Jobs.Connection("d", "warehouse.db"))
            .On($"GET /transformations/{id}", JsonNode.Parse($$$"""{"id":"{{{id}}}","name":"project","type":"DBT","destination_connection":{"id":"d"},"settings":{"project_path":"/srv/dbt"}}""")!);
        await using var session = await server.SessionAsync();

        (await session.CallAsync("execute_transformation", new { transformation_id = id })).Refused("not_shown");

        var question = Assert.Single(session.Person.Questions);
        Assert.Contains("phrase", question.RequestedSchema!.Properties.Keys);
        Assert.Contains("dbt project", question.Message, StringComparison.Ordinal);
        Assert.Contains("/srv/dbt", question.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_place_for_an_armed_transformation_shows_it()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var id = await DraftAsync(session);
        session.Person.Confirms();
        (await session.CallAsync("update_transformation", new { transformation_id = id, trigger = new { type = "Scheduled", schedule_cron = Daily } })).Ok();

        var asked = session.Person.Questions.Count;
        session.Person.Declines();
        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = "warehouse", ["properties"] = new JsonObject { ["Data Source"] = "other.db" } })).Refused("declined");

        Assert.Equal(asked + 1, session.Person.Questions.Count);
        Assert.Contains("Transformation: \"net\"", session.Person.Questions[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_something_armed_is_not_deleted_by_the_two_steps()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        var id = await DraftAsync(session);
        // A draft's task: the two steps. The same of one that runs by itself: a person.
        (await session.CallAsync("delete_transformation_task", new { transformation_id = id, task_id = "second" })).Refused("confirmation_required");
        var armed = (await session.CallAsync("create_job", new JsonObject
        {
            ["name"] = "armed",
            ["source_connection"] = "shop",
            ["destination_connection"] = "warehouse",
            ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Daily },
        })).Ok().Id;
        (await session.CallAsync("update_transformation", new { transformation_id = id, trigger = new { type = "AfterJob", after_job = armed } })).Refused("confirmation_unavailable");
    }

    private static JsonObject After(string job) => new()
    {
        ["name"] = "net",
        ["destination_connection"] = "warehouse",
        ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = job },
    };

    private static async Task<string> DraftAsync(SyncSession session, string sql = Sql)
    {
        var shop = await SmallShop.OpenAsync(session);
        await shop.RunWellAsync(await shop.JobAsync("customers"));
        return await TransformationAsync(session, new() { ["name"] = "net", ["destination_connection"] = "warehouse" }, sql);
    }

    private static async Task<string> TransformationAsync(SyncSession session, JsonObject members, string sql = Sql)
    {
        var id = (await session.CallAsync("create_transformation", members)).Ok().Id;
        (await session.CallAsync("add_transformation_task", new { transformation_id = id, name = "first", query = sql })).Ok();
        (await session.CallAsync("add_transformation_task", new { transformation_id = id, name = "second", query = "SELECT 1" })).Ok();
        return id;
    }

    private static async Task RunAsync(SyncSession session, string id)
    {
        (await session.CallAsync("execute_transformation", new { transformation_id = id })).Ok();
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while ((string?)(await session.CallAsync("get_transformation_status", new { transformation_id = id })).Ok().Result["status"] != "Successful")
            await Task.Delay(20, timeout.Token);
    }
}
