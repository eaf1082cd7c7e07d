using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>A pipeline's run reaches what its steps run and what that starts: all of it is shown before, once, in the order of the run.</summary>
public sealed class PipelineGuardTests
{
    [Fact]
    public async Task The_first_run_shows_places_steps_SQL_and_script_whole_and_its_repeat_asks_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session);
        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Refused("not_shown");
        session.Person.Confirms();

        await line.RunAsync();
        Assert.Equal(0, await line.RunAsync());
        Assert.Equal(0, await line.CallAsync("execute_transformation", new { transformation_id = "net" })); // approved with it

        var question = session.Person.Questions[1];
        Assert.Equal("Type \"run nightly\"", question.RequestedSchema!.Properties["phrase"].Description);
        string[] order =
        [
            "Pipeline: \"nightly\"", "Places (2)", "SQLite Data Source=shop.db -> SQLite Data Source=warehouse.db",
            "Steps in order (3): \"Replication copy\", \"Transformation net\", \"Event report\"",
            "Job: \"copy\"", "1 table from", "needs no approval", "Transformation: \"net\"", $"  | {Line.Sql}", "Event: \"report\"", $"  | {Line.Script}",
        ];
        var at = 0;
        foreach (var part in order)
        {
            var found = question.Message.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"{part} is missing, or too early:\n{question.Message}");
            at = found;
        }
    }

    [Fact]
    public async Task A_pipeline_that_adds_only_order_takes_one_yes()
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session, "Replication copy");
        session.Person.Confirms();

        await line.RunAsync();
        Assert.Equal("confirm", line.Asked(0));
        Assert.Equal(0, await line.RunAsync());

        // The job has run plain, and stays plain: nobody approved more of it than that.
        Assert.Equal(0, await line.CallAsync("add_job_task", new { job_id = "copy", table = "orders" }));
        Assert.Equal(0, await line.RunAsync());
    }

    [Fact]
    public async Task A_job_that_has_run_plain_is_not_said_to_be_approved()
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session, "Replication copy");
        session.Person.Confirms();
        Assert.Equal(0, await line.CallAsync("execute_job", new { job_id = "copy" }));
        await session.RunEndedAsync("copy");

        await line.RunAsync();

        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains("needs no approval", question, StringComparison.Ordinal);
        Assert.DoesNotContain("Approved", question, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("move_pipeline_step", "confirm")]
    [InlineData("update_pipeline_step", "confirm")]
    [InlineData("delete_pipeline_step", "confirm")]
    [InlineData("update_pipeline", "confirm")]
    [InlineData("update_event", "phrase")]
    [InlineData("update_transformation_task", "phrase")]
    [InlineData("update_job", "phrase")]
    [InlineData("create_transformation", "confirm")] // no SQL in it yet
    public async Task Whatever_changes_in_it_asks_at_the_next_run(string tool, string asks)
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session);
        session.Person.Confirms();
        await line.RunAsync();
        var asked = session.Person.Questions.Count;

        await ChangeAsync(line, tool);
        if (tool == "delete_pipeline_step")
            asked++; // a deletion is never silent
        Assert.Equal(asked, session.Person.Questions.Count);
        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();

        Assert.Equal(asks, line.Asked(asked));
    }

    [Theory]
    [InlineData("move_pipeline_step")]
    [InlineData("update_pipeline_step")]
    [InlineData("delete_pipeline_step")]
    [InlineData("create_pipeline_step")]
    [InlineData("update_pipeline")]
    [InlineData("update_event")]
    [InlineData("update_transformation_task")]
    [InlineData("delete_transformation_task")]
    [InlineData("update_job")]
    [InlineData("create_transformation")]
    public async Task A_change_of_anything_in_an_armed_pipeline_is_a_change_of_something_armed(string tool)
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Line.DraftAsync(session);
        session.Person.Confirms();
        await line.RunAsync();
        Assert.Equal(1, await line.CallAsync("update_pipeline", new { pipeline_id = "nightly", schedule = Line.Daily }));

        session.Person.Declines();
        await Assert.ThrowsAnyAsync<Exception>(() => ChangeAsync(line, tool));
        Assert.Equal(3, session.Person.Questions.Count);
        session.Person.Confirms();
        await ChangeAsync(line, tool);
        Assert.Equal(4, session.Person.Questions.Count);
        Assert.Equal(0, await line.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })); // what was approved to run by itself runs by hand too
    }

    [Fact]
    public async Task Arming_is_running_for_all_that_the_steps_run()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await Line.DraftAsync(session);

        (await session.CallAsync("update_pipeline", new { pipeline_id = "nightly", schedule = Line.Daily })).Refused("declined");

        var question = Assert.Single(session.Person.Questions);
        Assert.Contains($"  | {Line.Sql}", question.Message, StringComparison.Ordinal);
        Assert.Contains($"  | {Line.Script}", question.Message, StringComparison.Ordinal);
        Assert.Equal("Type \"change nightly\"", question.RequestedSchema!.Properties["phrase"].Description);
    }

    [Fact]
    public async Task A_step_that_is_called_otherwise_than_what_it_runs_says_both()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Line.DraftAsync(session);
        await line.CallAsync("update_pipeline_step", new { pipeline_id = "nightly", step_id = "net", name = "harmless check" });

        (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Refused("declined");

        Assert.Contains("\"Transformation harmless check = net\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_is_off_arms_nothing_until_it_is_on()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Line.DraftAsync(session);
        foreach (var step in (string[])["net", "report"])
            await line.CallAsync("update_pipeline_step", new { pipeline_id = "nightly", step_id = step, enabled = false });
        session.Person.Confirms();
        await line.CallAsync("update_pipeline", new { pipeline_id = "nightly", schedule = Line.Daily });
        Assert.Equal("confirm", line.Asked(0));

        Assert.Equal(0, await line.CallAsync("update_event", new { pipeline_id = "nightly", event_id = "report", script = "log(2)" }));
        await line.CallAsync("update_pipeline_step", new { pipeline_id = "nightly", step_id = "report", enabled = true });
        Assert.Equal("confirm, phrase", line.Asked(0));
    }

    [Fact]
    public async Task A_SyncAll_job_that_ran_plain_is_not_plain_in_an_armed_pipeline()
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session, "Event report");
        session.Person.Confirms();
        var all = await line.Shop.JobAsync(new JsonObject { ["name"] = "all", ["type"] = "SyncAll" });
        await line.Shop.RunWellAsync(all);
        Assert.Empty(session.Person.Questions);
        await line.CallAsync("create_pipeline", new { name = "hourly" });
        await line.CallAsync("create_pipeline_step", new { pipeline_id = "hourly", type = "Replication", entity = "all" });
        await line.CallAsync("update_pipeline", new { pipeline_id = "hourly", schedule = Line.Daily });

        Assert.Contains("Type: \"SyncAll\"", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal); // shown whole, not as plain
    }

    [Fact]
    public async Task What_a_running_pipeline_has_not_come_to_yet_is_armed()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        var line = await Line.DraftAsync(session);
        session.Person.Confirms();
        await line.RunAsync();
        session.Person.Declines();
        var asked = session.Person.Questions.Count;
        using (Sql.Lock(line.Shop.DestinationFile))
        {
            (await session.CallAsync("execute_pipeline", new { pipeline_id = "nightly" })).Ok();
            (await session.CallAsync("update_event", new { pipeline_id = "nightly", event_id = "report", script = "log('other')" })).Refused("declined");
            (await session.CallAsync("add_transformation_task", new { transformation_id = "net", query = "DELETE FROM customers" })).Refused("declined");
            Assert.Equal("phrase, phrase", line.Asked(asked));
        }
    }

    [Fact]
    public async Task Deleting_a_pipeline_with_what_its_steps_run_lists_each_with_its_kind()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await Line.DraftAsync(session);

        (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly" })).Refused("declined");
        (await session.CallAsync("delete_pipeline", new { pipeline_id = "nightly", pipeline_only = true })).Refused("declined");

        var (whole, alone) = (session.Person.Questions[0].Message, session.Person.Questions[1].Message);
        foreach (var said in (string[])["Jobs that go too (1): \"copy\"", "Transformations that go too (1): \"net\"", "Events that go too (1): \"report\""])
            Assert.Contains(said, whole, StringComparison.Ordinal);
        Assert.Contains("Events that go too (1): \"report\"", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("copy\"\nTransf", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("Jobs that go too", alone, StringComparison.Ordinal);
        Assert.All(session.Person.Questions, question => Assert.Equal("Type \"delete nightly\"", question.RequestedSchema!.Properties["phrase"].Description));
    }

    [Fact]
    public async Task Existing_tables_that_a_person_let_a_job_of_it_write_are_written()
    {
        await using var session = await SyncSession.StartAsync();
        var line = await Line.DraftAsync(session, "Replication copy");
        Sql.Run(line.Shop.DestinationFile, "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, updated_at TEXT); INSERT INTO customers VALUES (77, 'x', 'y')");
        session.Person.Confirms();

        await line.RunAsync();

        Assert.Contains("Existing tables that it would write (1): \"customers (", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Equal([(SmallShop.Customers + 1).ToString()], Sql.Rows(line.Shop.DestinationFile, "SELECT count(*) FROM customers"));
    }

    private static Task<int> ChangeAsync(Line line, string tool) => tool switch
    {
        "move_pipeline_step" => line.CallAsync(tool, new { pipeline_id = "nightly", step_id = "report", position = 1 }),
        "update_pipeline_step" => line.CallAsync(tool, new { pipeline_id = "nightly", step_id = "report", enabled = false }),
        "delete_pipeline_step" => line.CallAsync(tool, new { pipeline_id = "nightly", step_id = "report" }),
        "create_pipeline_step" => line.CallAsync(tool, new { pipeline_id = "nightly", type = "Event", entity = "report", name = "again" }),
        "update_pipeline" => line.CallAsync(tool, new { pipeline_id = "nightly", settings = new { continue_on_error = true } }),
        "update_event" => line.CallAsync(tool, new { pipeline_id = "nightly", event_id = "report", script = "log('other')" }),
        "update_transformation_task" => line.CallAsync(tool, new { transformation_id = "net", task_id = "upper", query = "UPDATE customers SET name = lower(name)" }),
        "delete_transformation_task" => line.CallAsync(tool, new { transformation_id = "net", task_id = "upper" }),
        "update_job" => line.CallAsync(tool, new { job_id = "copy", settings = new { truncate_table_data = true } }),
        "create_transformation" => line.CallAsync(tool, new
        {
            name = "after",
            destination_connection = "warehouse",
            trigger = new { type = "AfterJob", after_job = "copy" },
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(tool)),
    };
}
