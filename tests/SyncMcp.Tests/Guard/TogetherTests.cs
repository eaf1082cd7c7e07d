using System.Text.Json.Nodes;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Transformations;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>A tool that performs several guarded operations asks once, with all of them listed, what takes a phrase first and apart.</summary>
public sealed class TogetherTests : IAsyncLifetime
{
    private SyncSession session = null!;
    private SmallShop shop = null!;
    private SeveralTool tool = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        shop = await SmallShop.OpenAsync(session);
        tool = await SeveralTool.StartAsync(session);
    }

    public async ValueTask DisposeAsync()
    {
        await tool.DisposeAsync();
        await session.DisposeAsync();
    }

    private static JsonObject Of(string member, string id) => new() { [member] = id };

    private Task<string> DropsAsync(string name) => shop.JobAsync(new JsonObject { ["name"] = name, ["settings"] = new JsonObject { ["drop_table"] = true } }, "orders");

    private async Task<int> RunsAsync(string job) => (await session.CallAsync("list_job_history", new { job_id = job })).Items.Count;

    [Fact]
    public async Task One_question_lists_what_takes_a_phrase_first_then_the_rest_and_one_answer_is_for_all()
    {
        var plain = await shop.JobAsync(new JsonObject { ["name"] = "plain" }, "customers");
        var drops = await DropsAsync("drops");
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", plain));
        tool.Work.Add(JobEndpoints.DeleteTask, new() { ["job_id"] = drops, ["task_id"] = await shop.AddAsync(drops, "customers") });
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", drops));
        session.Person.Confirms();

        (await tool.CallAsync()).Ok();

        Assert.All(tool.Ends, one => Assert.True(one.IsDone));
        Assert.Equal((1, 1), (await RunsAsync(plain), await RunsAsync(drops)));
        var question = Assert.Single(session.Person.Questions);
        Assert.Equal("Type \"run drops\"", question.RequestedSchema!.Properties["phrase"].Description);
        int[] order = [question.Message.IndexOf("FIRST AND APART", StringComparison.Ordinal), question.Message.IndexOf("3. Run this job now?", StringComparison.Ordinal), question.Message.IndexOf("2. Delete this task?", StringComparison.Ordinal), question.Message.IndexOf("1. execute_job", StringComparison.Ordinal)];
        Assert.True(order[0] > 0 && order.SequenceEqual(order.Order()), question.Message);
        // each is written down by itself, with the tool that did it
        var (lines, trouble) = new AuditLog(new(new(session.Options.OperatorFolder), session.Options.Time), new(session.Options.OperatorFolder), session.Options.DataDirectory).Verify();
        Assert.Empty(trouble);
        Assert.Equal(["execute_job", "delete_job_task", "execute_job"], lines.Where(line => (string?)line["via"] == "call_write" && (string?)line["what"] == "intent").Select(line => (string?)line["tool"]));
        // the definition is approved now: nobody is asked again
        await session.RunEndedAsync(drops);
        (await session.CallAsync("execute_job", new { job_id = drops })).Ok();
        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task A_no_does_none_of_it_and_is_written_down()
    {
        var (plain, drops) = (await shop.JobAsync(new JsonObject { ["name"] = "plain" }, "customers"), await DropsAsync("drops"));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", plain));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", drops));

        (await tool.CallAsync()).Refused("declined");

        Assert.Equal((0, 0), (await RunsAsync(plain), await RunsAsync(drops)));
        Assert.Contains("\"declined\"", await File.ReadAllTextAsync(Path.Combine(session.Options.DataDirectory, "audit", "audit.jsonl"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_typed_ones_take_their_number()
    {
        var (one, two) = (await DropsAsync("one"), await DropsAsync("two"));
        tool.Work.Add(JobEndpoints.Delete, Of("job_id", one));
        tool.Work.Add(JobEndpoints.Delete, Of("job_id", two));
        session.Person.Confirms();

        (await tool.CallAsync()).Ok();

        Assert.Equal("Type \"do all 2\"", Assert.Single(session.Person.Questions).RequestedSchema!.Properties["phrase"].Description);
        Assert.Empty((await session.CallAsync("list_jobs")).Items);
    }

    [Fact]
    public async Task What_is_made_first_is_known_to_what_comes_later_and_judged_with_it()
    {
        var connection = tool.Work.Add(ConnectionEndpoints.Create, new() { ["name"] = "lake", ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = "lake.db" } });
        var job = tool.Work.Add(JobEndpoints.Create, new() { ["name"] = "fill", ["source_connection"] = "shop", ["destination_connection"] = connection, ["settings"] = new JsonObject { ["truncate_table_data"] = true } });
        tool.Work.Add(JobEndpoints.AddTask, new() { ["job_id"] = job, ["table"] = "orders" });
        tool.Work.Add(JobEndpoints.Update, new() { ["job_id"] = job, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 1 1 *" } });
        var net = tool.Work.Add(TransformationEndpoints.Create, new() { ["name"] = "net", ["destination_connection"] = connection, ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = job } });
        tool.Work.Add(TransformationEndpoints.AddTask, new() { ["transformation_id"] = net, ["query"] = "DELETE FROM orders" });
        session.Person.Confirms();

        (await tool.CallAsync()).Ok();

        Assert.All(tool.Ends, one => Assert.True(one.IsDone, one.Answer?.Error?.Message));
        var question = Assert.Single(session.Person.Questions).Message;
        Assert.Contains("orders (4 rows) -> orders", question, StringComparison.Ordinal);
        Assert.Contains("DELETE FROM orders", question, StringComparison.Ordinal);
        Assert.DoesNotContain("5eed0000", question, StringComparison.Ordinal);
        Assert.Contains("create_connection lake", question, StringComparison.Ordinal);
        // all of it is approved as the server holds it
        (await session.CallAsync("execute_job", new { job_id = "fill" })).Ok();
        Assert.Single(session.Person.Questions);
    }

    [Fact]
    public async Task The_first_that_fails_stops_the_rest_and_what_was_done_is_told()
    {
        var job = await shop.JobAsync("orders");
        tool.Work.Add(JobEndpoints.Update, new() { ["job_id"] = job, ["name"] = "first" });
        tool.Work.Add(JobEndpoints.Update, new() { ["job_id"] = job, ["schedule"] = new JsonObject { ["enabled"] = false, ["cron"] = "every day" } });
        tool.Work.Add(JobEndpoints.Update, new() { ["job_id"] = job, ["name"] = "third" });

        await tool.CallAsync();

        Assert.Equal([true, false, false], tool.Ends.Select(one => one.IsDone));
        Assert.Equal("invalid_request", tool.Ends[1].Answer!.Error!.Code);
        Assert.Null(tool.Ends[2].Answer);
        Assert.Equal("first", (string?)(await session.CallAsync("get_job", new { job_id = job })).Result["name"]);
        tool.GoesOn = true;
        await tool.CallAsync();
        Assert.Equal([true, false, true], tool.Ends.Select(one => one.IsDone));
    }

    [Fact]
    public async Task What_changes_while_the_question_is_open_makes_the_answer_void()
    {
        var (one, two) = (await DropsAsync("one"), await DropsAsync("two"));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", one));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", two));
        session.Person.Confirms();
        session.Person.Reads = () => Task.Run(() => session.CallAsync("add_job_task", new { job_id = two, table = "customers" })).GetAwaiter().GetResult();

        (await tool.CallAsync()).Refused("state_changed");

        Assert.Equal((0, 0), (await RunsAsync(one), await RunsAsync(two)));
    }

    [Fact]
    public async Task What_turned_out_otherwise_than_it_was_judged_is_not_sent()
    {
        // Judged after a change that makes it plain, so that nobody is asked; the change fails.
        var drops = await DropsAsync("drops");
        tool.GoesOn = true;
        tool.Work.Add(JobEndpoints.Update, new() { ["job_id"] = drops, ["settings"] = new JsonObject { ["drop_table"] = null }, ["schedule"] = new JsonObject { ["enabled"] = false, ["cron"] = "every day" } });
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", drops));

        await tool.CallAsync();

        Assert.Equal(["invalid_request", "state_changed"], tool.Ends.Select(one => one.Answer!.Error!.Code));
        Assert.Equal(0, await RunsAsync(drops));
        Assert.Empty(session.Person.Questions);
    }

    [Fact]
    public async Task What_the_operator_does_not_permit_is_refused_before_anybody_is_asked()
    {
        await File.WriteAllTextAsync(Policy.PathIn(session.Options.OperatorFolder), """{"deny":["delete_job"]}""", TestContext.Current.CancellationToken);
        await using var bound = await SeveralTool.StartAsync(session);
        var job = await DropsAsync("one");
        bound.Work.Add(JobEndpoints.Execute, Of("job_id", job));
        bound.Work.Add(JobEndpoints.Delete, Of("job_id", job));

        (await bound.CallAsync()).Refused("policy_denied");

        Assert.Empty(session.Person.Questions);
        Assert.Equal(0, await RunsAsync(job));
    }

    [Fact]
    public async Task A_client_that_cannot_ask_is_told_how_the_operator_approves_all_of_it()
    {
        await using var mute = await SeveralTool.StartAsync(session, canAsk: false);
        var job = await DropsAsync("one");
        mute.Work.Add(JobEndpoints.Execute, Of("job_id", job));

        (await mute.CallAsync()).Refused("confirmation_unavailable").Naming("syncmcp approve");

        Assert.Equal(0, await RunsAsync(job));
    }

    [Fact]
    public async Task What_the_engine_will_refuse_is_refused_before_anybody_is_asked_also_as_one_of_several()
    {
        var (drops, other) = (await DropsAsync("drops"), await shop.JobAsync(new JsonObject { ["name"] = "etl", ["type"] = "ReverseETL" }, "orders"));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", drops));
        tool.Work.Add(JobEndpoints.Execute, Of("job_id", other));
        session.Person.Confirms();

        (await tool.CallAsync()).Refused("invalid_request");

        Assert.Empty(session.Person.Questions);
        Assert.Equal((0, 0), (await RunsAsync(drops), await RunsAsync(other)));
    }

    [Fact]
    public async Task What_an_earlier_one_makes_possible_is_not_refused_for_its_lack()
    {
        var job = await DropsAsync("drops");
        tool.Work.Add(JobEndpoints.Delete, Of("job_id", job));
        tool.Work.Add(ConnectionEndpoints.Delete, Of("connection_id", shop.Destination)); // in use, until the job has gone
        session.Person.Confirms();

        (await tool.CallAsync()).Ok();

        Assert.All(tool.Ends, one => Assert.True(one.IsDone));
    }
}
