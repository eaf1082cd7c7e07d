using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Ways to say yes and no, and ways to pretend it: nothing but the answer to our question, in our form, counts.</summary>
public sealed class ConsentTests
{
    [Theory]
    [InlineData("""{"phrase":"delete another"}""")]
    [InlineData("""{"phrase":"DELETE SHOP"}""")]
    [InlineData("""{"phrase":""}""")]
    [InlineData("""{"phrase":true}""")]
    [InlineData("""{"confirm":true}""")]
    [InlineData("{}")]
    public async Task Anything_but_the_phrase_deletes_nothing(string content)
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        session.Person.Accepts(JsonNode.Parse(content)!.AsObject());

        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("not_confirmed");

        (await session.CallAsync("get_connection", new { connection_id = "shop" })).Ok();
    }

    [Theory]
    [InlineData("""{"confirm":false}""")]
    [InlineData("""{"confirm":"true"}""")]
    [InlineData("{}")]
    public async Task An_empty_form_is_not_a_yes(string content)
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        session.Person.Accepts(JsonNode.Parse(content)!.AsObject());

        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders" })).Refused("not_confirmed");

        var form = Assert.Single(session.Person.Questions).RequestedSchema!;
        Assert.Equal(["confirm"], form.Required!);
        Assert.Null(Assert.IsType<ElicitRequestParams.BooleanSchema>(form.Properties["confirm"]).Default);
        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Items);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_question_reaches_clients_of_every_revision(string version)
    {
        await using var session = await SyncSession.StartAsync(version: version);
        await SmallShop.OpenAsync(session);
        session.Person.Confirms();

        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Ok();

        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task An_odd_name_is_not_typed_but_the_beginning_of_the_id()
    {
        await using var session = await SyncSession.StartAsync();
        var made = (await session.CallAsync("create_workspace", new { name = "a\"b; delete everything\u202e" })).Ok();
        session.Person.Confirms();

        (await session.CallAsync("delete_workspace", new { workspace_id = made.Id })).Ok();

        var question = Assert.Single(session.Person.Questions);
        Assert.Equal($"Type \"delete {made.Id[..8]}\"", question.RequestedSchema!.Properties["phrase"].Description);
        Assert.DoesNotContain('\u202e', question.Message);
        Assert.DoesNotContain("a\"b", question.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decline_at_once_was_seen_by_nobody_and_does_not_count()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        for (var i = 0; i < 4; i++)
            (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("not_shown").Naming("syncmcp approve");
    }

    [Fact]
    public async Task Three_seen_declines_pause_the_questions()
    {
        await using var session = await ReadingTime.DecliningSessionAsync();
        await SmallShop.OpenAsync(session);
        for (var i = 0; i < 3; i++)
            (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("declined");

        (await session.CallAsync("delete_connection", new { connection_id = "warehouse" })).Refused("confirmation_throttled");

        Assert.Equal(3, session.Person.Questions.Count);
    }

    [Fact]
    public async Task What_changes_while_the_question_is_open_makes_the_answer_void()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");
        session.Person.Answers(_ =>
        {
            // somebody else adds a task meanwhile; drafting is free
            Task.Run(() => shop.AddAsync(job, "customers")).GetAwaiter().GetResult();
            return new() { Action = "accept", Content = new Dictionary<string, System.Text.Json.JsonElement> { ["phrase"] = System.Text.Json.JsonElement.Parse("\"run copy\"") } };
        });

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("state_changed");

        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = job })).Items);
    }

    [Fact]
    public async Task A_client_that_cannot_ask_takes_two_steps_for_a_part_and_cannot_take_a_whole()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders", "customers");

        var first = (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders" })).Refused("confirmation_required");
        var token = (string)first.Structured["details"]!["confirmation_token"]!;
        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "customers", confirmation_token = token })).Refused("token_mismatch");
        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders", confirmation_token = "cf_made-up" })).Refused("token_invalid");
        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders", confirmation_token = token })).Ok();

        Assert.Single((await session.CallAsync("list_job_tasks", new { job_id = job })).Items);
        (await session.CallAsync("delete_job", new { job_id = job })).Refused("confirmation_unavailable");
    }

    [Fact]
    public async Task On_an_armed_job_there_is_no_second_step_instead_of_a_consent()
    {
        await using var session = await SyncSession.StartAsync(canAsk: false);
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 * * *" } }, "orders", "customers");

        (await session.CallAsync("delete_job_task", new { job_id = job, task_id = "orders" })).Refused("confirmation_unavailable");
    }

    [Fact]
    public async Task What_is_too_long_to_be_seen_whole_is_not_approved_in_the_chat()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync(new JsonObject { ["name"] = "copy", ["settings"] = new JsonObject { ["drop_table"] = true } });
        var long_ = string.Join(" OR ", Enumerable.Range(0, 400).Select(i => $"[id] = {i}"));
        (await session.CallAsync("add_job_task", new { job_id = job, query = $"REPLICATE [x] SELECT * FROM [orders] WHERE {long_}" })).Ok();
        session.Person.Confirms();

        (await session.CallAsync("execute_job", new { job_id = job })).Refused("confirmation_unavailable").Naming("too long");

        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task A_call_goes_unsent_where_the_audit_log_cannot_be_written()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_workspace", new { name = "one" })).Ok();
        Directory.Delete(Path.Combine(session.Options.DataDirectory, "audit"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(session.Options.DataDirectory, "audit"), "", TestContext.Current.CancellationToken); // a file where the folder must be

        (await session.CallAsync("create_workspace", new { name = "two" })).Refused("audit_unavailable");

        Assert.DoesNotContain((await session.CallAsync("list_workspaces")).Items, workspace => (string?)workspace["name"] == "two");
    }

    [Fact]
    public async Task Every_change_is_in_the_audit_log_with_its_intent_its_consent_and_its_end()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Refused("not_shown");
        session.Person.Confirms();
        (await session.CallAsync("delete_connection", new { connection_id = "shop" })).Ok();

        var place = new OperatorPlace(session.Options.OperatorFolder);
        var (lines, trouble) = new AuditLog(new(place, TimeProvider.System), place, session.Options.DataDirectory).Verify();
        Assert.Empty(trouble);
        var told = lines.Where(line => (string?)line["tool"] == "delete_connection").ToList();
        Assert.Equal(["refusal", "intent", "outcome"], told.Select(line => (string?)line["what"]));
        Assert.Equal("not_shown", (string?)told[0]["code"]);
        Assert.Equal(("chat", "delete shop"), ((string?)told[1]["consent"]!["how"], (string?)told[1]["phrase"]));
        Assert.Equal("shop", (string?)told[1]["before"]!["name"]);
        Assert.Equal(((long)told[1]["n"]!, "executed"), ((long)told[2]["intent"]!, (string?)told[2]["outcome"]));
        Assert.Equal(2, lines.Count(line => (string?)line["tool"] == "create_connection" && (string?)line["what"] == "intent"));
    }
}
