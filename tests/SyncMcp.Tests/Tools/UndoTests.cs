using System.Text.Json.Nodes;
using SyncMcp.Guard;
using SyncMcp.Tests.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"Undo that": a change is put back, what was deleted is made again, what was made is deleted, each through the guard.</summary>
public sealed class UndoTests : IAsyncLifetime
{
    private const string Nightly = "0 0 2 * * *";
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    [Fact]
    public async Task A_change_is_put_back_and_the_undoing_can_be_undone_too()
    {
        var shop = await Shop.DraftAsync(session);
        var before = (await JobAsync(shop.Job)).ToJsonString();
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["labels"] = new JsonArray("x"), ["settings"] = new JsonObject { ["batch_size"] = 7 }, ["alerts"] = new JsonObject { ["send_email"] = true, ["email_to"] = "a@example.com" } })).Ok();

        var undone = await UndoAsync("update_job");
        Assert.Equal("update_job", (string)undone.Ok().Result["call"]!);
        Assert.StartsWith("EXECUTED", undone.Text, StringComparison.Ordinal);
        Assert.Equal(before, (await JobAsync(shop.Job)).ToJsonString());
        (await session.CallAsync("undo", new { audit_id = (long)undone.Result["undone"]! })).Refused("already_undone").Naming("undo the undoing");

        (await UndoAsync("update_job")).Ok(); // the newest of that name: what undo itself did
        Assert.Equal(7, (int)(await JobAsync(shop.Job))["settings"]!["batch_size"]!);
        Assert.Empty(session.Person.Questions); // a draft: nothing of it runs
    }

    [Fact]
    public async Task What_was_changed_again_is_undone_from_the_last_change_on()
    {
        var shop = await Shop.DraftAsync(session);
        var first = await ChangedAsync(shop.Job, 7);
        var second = await ChangedAsync(shop.Job, 8);

        (await session.CallAsync("undo", new { audit_id = first })).Refused("changed_since").Naming(second.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (await session.CallAsync("undo", new { audit_id = second })).Ok();
        Assert.Equal(7, (int)(await JobAsync(shop.Job))["settings"]!["batch_size"]!);
        (await session.CallAsync("undo", new { audit_id = first })).Ok();
        Assert.Null((await JobAsync(shop.Job))["settings"]?["batch_size"]);
    }

    [Fact]
    public async Task A_deleted_job_comes_back_with_tasks_and_schedule_after_one_question_that_shows_it_whole()
    {
        var shop = await Shop.DraftAsync(session, more: new() { ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Nightly }, ["labels"] = new JsonArray("prod"), ["settings"] = new JsonObject { ["batch_size"] = 7, ["drop_table"] = true } });
        await shop.AddAsync("people");
        (await session.CallAsync("delete_job", new { job_id = shop.Job })).Ok();
        var asked = session.Person.Questions.Count;

        session.Person.Declines();
        (await UndoAsync("delete_job")).Refused("declined");
        Assert.Empty((await session.CallAsync("list_jobs")).Items);

        session.Person.Confirms();
        var undone = (await UndoAsync("delete_job")).Ok();
        Assert.Equal(asked + 2, session.Person.Questions.Count);
        Assert.Contains("orders", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.Contains(Nightly, session.Person.Questions[^1].Message, StringComparison.Ordinal);
        var job = await JobAsync(undone.Id);
        Assert.Equal(("orders-nightly", true, Nightly, 7, "prod"), ((string)job["name"]!, (bool)job["schedule"]!["enabled"]!, (string)job["schedule"]!["cron"]!, (int)job["settings"]!["batch_size"]!, (string)job["labels"]![0]!));
        Assert.Equal(["orders", "people"], (await session.CallAsync("list_job_tasks", new { job_id = undone.Id })).Items.Select(task => (string)task["table"]!));
        Assert.Contains("checkpoints", undone.Result["not_restored"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_part_comes_back_in_its_place_and_a_moved_one_goes_back()
    {
        var shop = await Shop.DraftAsync(session);
        var people = await shop.AddAsync("people");
        (await session.CallAsync("move_job_task", new { job_id = shop.Job, task_id = people, position = 1 })).Ok();
        (await UndoAsync("move_job_task")).Ok();
        Assert.Equal(["orders", "people"], await TablesAsync(shop.Job));

        (await session.CallAsync("delete_job_task", new { job_id = shop.Job, task_id = (await session.CallAsync("list_job_tasks", new { job_id = shop.Job })).Items[0]["id"]!.ToString() })).Ok();
        (await UndoAsync("delete_job_task")).Ok();
        Assert.Equal(["orders", "people"], await TablesAsync(shop.Job));
    }

    [Fact]
    public async Task What_was_made_is_deleted_at_the_tier_of_a_deletion()
    {
        var shop = await Shop.DraftAsync(session);

        session.Person.Declines();
        (await UndoAsync("create_job")).Refused("declined");
        Assert.Contains("Type \"delete orders-nightly\"", session.Person.Questions[^1].RequestedSchema!.Properties["phrase"].Description, StringComparison.Ordinal);
        Assert.NotEmpty((await session.CallAsync("list_jobs")).Items);
        session.Person.Confirms();
        (await UndoAsync("create_job")).Ok();
        Assert.Empty((await session.CallAsync("list_jobs")).Items);
        Assert.NotEmpty(shop.Job);
    }

    [Fact]
    public async Task A_whole_workspace_comes_back_with_all_that_was_inside_and_refers_to_what_came_back()
    {
        var conveyor = await Conveyor.OpenAsync(session);
        var old = (await session.CallAsync("create_workspace", new { name = "Old" })).Ok().Id;
        var made = new Dictionary<string, string>
        {
            ["shop"] = await InAsync("create_connection", new() { ["workspace_id"] = old, ["name"] = "from", ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = "shop.db" } }),
            ["copy"] = await InAsync("create_connection", new() { ["workspace_id"] = old, ["name"] = "to", ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = "copy.db" } }),
        };
        var job = await InAsync("create_job", new() { ["workspace_id"] = old, ["name"] = "nightly", ["source_connection"] = made["shop"], ["destination_connection"] = made["copy"] });
        await InAsync("add_job_task", new() { ["job_id"] = job, ["table"] = "orders" });
        var transformation = await InAsync("create_transformation", new() { ["workspace_id"] = old, ["name"] = "net", ["destination_connection"] = made["copy"], ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = job } });
        await InAsync("add_transformation_task", new() { ["transformation_id"] = transformation, ["query"] = "DELETE FROM orders" });
        var pipeline = await InAsync("create_pipeline", new() { ["workspace_id"] = old, ["name"] = "all" });
        var script = await InAsync("create_event", new() { ["pipeline_id"] = pipeline, ["name"] = "say", ["script"] = "log('x')" });
        foreach (var (type, entity) in new[] { ("Replication", job), ("Event", script), ("Transformation", transformation) })
            await InAsync("create_pipeline_step", new() { ["pipeline_id"] = pipeline, ["type"] = type, ["entity"] = entity });
        (await session.CallAsync("delete_workspace", new { workspace_id = old })).Ok();

        var back = (await UndoAsync("delete_workspace")).Ok().Id;

        var jobNow = Assert.Single((await session.CallAsync("list_jobs", new { workspace_id = back })).Items)["id"]!.ToString();
        Assert.Equal(["orders"], await TablesAsync(jobNow));
        var transformationNow = (await session.CallAsync("get_transformation", new { transformation_id = Assert.Single((await session.CallAsync("list_transformations", new { workspace_id = back })).Items)["id"]!.ToString() })).Ok().Result;
        Assert.Equal(("AfterJob", jobNow), ((string)transformationNow["trigger"]!["type"]!, (string)transformationNow["trigger"]!["after_job"]!));
        var pipelineNow = Assert.Single((await session.CallAsync("list_pipelines", new { workspace_id = back })).Items)["id"]!.ToString();
        var steps = (await session.CallAsync("list_pipeline_steps", new { pipeline_id = pipelineNow, fields = new[] { "*" } })).Items;
        Assert.Equal([jobNow, (await session.CallAsync("list_events", new { pipeline_id = pipelineNow })).Items[0]["id"]!.ToString(), (string)transformationNow["id"]!], steps.Select(step => (string)step["entity"]!["id"]!));
        Assert.NotEmpty(conveyor.Transformation);
    }

    [Fact]
    public async Task Secrets_come_back_by_their_names_and_what_was_typed_is_said_to_be_lost()
    {
        new SyncMcp.Vault.SecretStore(session.Options.OperatorFolder, session.Options.Time).Set("PG", "PostgreSQL", new Dictionary<string, string> { ["Server"] = "db.example.com" }, "s3cret-value");
        JsonObject Properties(string password) => new() { ["Server"] = "db.example.com", ["Database"] = "x", ["User"] = "u", ["Password"] = password };
        var named = await InAsync("create_connection", new() { ["name"] = "named", ["connector"] = "PostgreSQL", ["properties"] = Properties("${secret:PG}") });
        var typed = await InAsync("create_connection", new() { ["name"] = "typed", ["connector"] = "PostgreSQL", ["properties"] = Properties("typed-by-hand") });

        (await session.CallAsync("delete_connection", new { connection_id = named })).Ok();
        var first = (await UndoAsync("delete_connection")).Ok();
        Assert.Null(first.Result["not_restored"]);
        Assert.Equal("********", (string)(await session.CallAsync("get_connection", new { connection_id = first.Id })).Ok().Result["properties"]!["Password"]!);
        (await session.CallAsync("delete_connection", new { connection_id = typed })).Ok();
        var second = (await UndoAsync("delete_connection")).Ok();
        Assert.Contains("Password", second.Result["not_restored"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await session.CallAsync("get_connection", new { connection_id = second.Id })).Ok().Result["properties"]!["Password"]);

        // A new place was given with its secret; back again it needs the old one, which has a name.
        (await session.CallAsync("update_connection", new JsonObject { ["connection_id"] = first.Id, ["properties"] = new JsonObject { ["Database"] = "y", ["Password"] = "${secret:PG}" } })).Ok();
        (await UndoAsync("update_connection")).Ok();
        Assert.Equal("x", (string)(await session.CallAsync("get_connection", new { connection_id = first.Id })).Ok().Result["properties"]!["Database"]!);
        Assert.DoesNotContain("s3cret-value", await File.ReadAllTextAsync(Path.Combine(session.Options.DataDirectory, "audit", "audit.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_undone_says_why()
    {
        var shop = await Shop.DraftAsync(session);
        await shop.RunAsync();

        (await UndoAsync("execute_job")).Refused("cannot_undo").Naming("has written what it has written");
        (await session.CallAsync("undo", new { audit_id = 9_999 })).Refused("not_found").Naming("30 days");
        (await session.CallAsync("undo")).Refused("invalid_arguments").Naming("audit_id");
        session.Person.Declines();
        (await session.CallAsync("delete_job", new { job_id = shop.Job })).Refused("declined");
        (await session.CallAsync("undo", new { audit_id = Entries()[^1].Number })).Refused("not_found");
    }

    [Fact]
    public async Task The_undoing_of_an_armed_change_asks_like_the_change()
    {
        var shop = await Shop.DraftAsync(session, more: new() { ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Nightly } });
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["settings"] = new JsonObject { ["drop_table"] = true } })).Ok();
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = shop.Job, ["settings"] = new JsonObject { ["drop_table"] = false } })).Ok();
        var asked = session.Person.Questions.Count;

        session.Person.Declines();
        (await UndoAsync("update_job")).Refused("declined"); // back to what drops tables: approved once, and not any more
        Assert.Equal(asked + 1, session.Person.Questions.Count);
        Assert.StartsWith("UNDO what call", session.Person.Questions[^1].Message, StringComparison.Ordinal);
        Assert.Contains("drop", session.Person.Questions[^1].Message, StringComparison.OrdinalIgnoreCase);
        Assert.False((bool)(await JobAsync(shop.Job))["settings"]!["drop_table"]!);
    }

    private async Task<long> ChangedAsync(string job, int size)
    {
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = job, ["settings"] = new JsonObject { ["batch_size"] = size } })).Ok();
        return Entries()[^1].Number;
    }

    private async Task<string> InAsync(string tool, JsonObject arguments) => (await session.CallAsync(tool, arguments)).Ok().Id;

    private async Task<JsonObject> JobAsync(string job)
    {
        var seen = (await session.CallAsync("get_job", new { job_id = job })).Ok().Result;
        seen.Remove("updated_at");
        seen.Remove("next_run");
        seen.Remove("next_runs");
        return seen;
    }

    private async Task<List<string>> TablesAsync(string job) => [.. (await session.CallAsync("list_job_tasks", new { job_id = job })).Items.Select(task => (string)task["table"]!)];

    // The newest call of that tool that had its effect, and was not undone: its parts are told apart by what undid them.
    private Task<ToolResult> UndoAsync(string tool) => session.CallAsync("undo", new { audit_id = Entries().Last(entry => entry.Tool == tool && entry.IsExecuted).Number });

    private IReadOnlyList<AuditEntry> Entries() => AuditEntry.Of(
        new AuditLog(new(new(session.Options.OperatorFolder), session.Options.Time), new(session.Options.OperatorFolder), session.Options.DataDirectory).Verify().Lines);
}
