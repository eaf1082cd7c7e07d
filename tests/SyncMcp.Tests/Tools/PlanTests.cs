using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"Move all jobs from the old warehouse connection to the new one": looked at first, one yes, what is done can be taken back by one word.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private const string Nightly = "0 0 2 * * *";
    private SyncSession session = null!;
    private SmallShop shop = null!;

    public async ValueTask InitializeAsync()
    {
        session = await ReadingTime.DecliningSessionAsync();
        session.Person.Confirms();
        shop = await SmallShop.OpenAsync(session);
        await SmallShop.ConnectAsync(session, "lake", "lake.db");
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    // Armed, with a definition that is approved or plain.
    private async Task<string> ArmedAsync(string name, JsonObject? settings = null) =>
        await shop.JobAsync(new JsonObject { ["name"] = name, ["settings"] = settings ?? new JsonObject { ["table_name_prefix"] = $"{name}_" }, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Nightly } }, "orders");

    private async Task<string> DestinationAsync(string job) => (string)(await session.CallAsync("get_job", new { job_id = job })).Ok().Result["destination_connection"]!["name"]!;

    private Task<ToolResult> SwapAsync() => session.CallAsync("plan_change", new JsonObject { ["replace_connection"] = new JsonObject { ["from"] = "warehouse", ["to"] = "lake" } });

    private Task<ToolResult> ApplyAsync(ToolResult plan) => session.CallAsync("apply_plan", new { plan_id = (string)plan.Result["plan_id"]! });

    [Fact]
    public async Task All_jobs_move_to_the_new_warehouse_after_one_yes_and_back_by_one_word()
    {
        List<string> jobs = [];
        for (var i = 1; i <= 4; i++)
            jobs.Add(await ArmedAsync($"job{i}"));
        var draft = await shop.JobAsync(new JsonObject { ["name"] = "draft" }, "customers");

        var plan = (await SwapAsync()).Ok();
        Assert.Equal(5, (int)plan.Result["changes"]!);
        Assert.Contains("destination connection: \"warehouse (SQLite Data Source=warehouse.db)\" -> \"lake (SQLite Data Source=lake.db)\"", (string)plan.Result["groups"]![0]!["difference"]![0]!, StringComparison.Ordinal);
        Assert.Contains("4 run by a schedule", plan.Result["warnings"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("warehouse", await DestinationAsync(jobs[0])); // nothing changed yet
        var asked = session.Person.Questions.Count;

        var done = (await ApplyAsync(plan)).Ok();
        Assert.Equal((5, 5), ((int)done.Result["done"]!, (int)done.Result["of"]!));
        Assert.True(session.Person.Questions.Count <= asked + 1);
        foreach (var job in jobs.Append(draft))
            Assert.Equal("lake", await DestinationAsync(job));

        (await session.CallAsync("undo", new { plan_id = (string)plan.Result["plan_id"]! })).Ok();
        foreach (var job in jobs.Append(draft))
            Assert.Equal("warehouse", await DestinationAsync(job));
        (await session.CallAsync("undo", new { plan_id = (string)plan.Result["plan_id"]! })).Refused("nothing_to_undo");
    }

    [Fact]
    public async Task The_one_that_differs_stands_before_the_many_that_are_the_same_in_plan_and_question()
    {
        for (var i = 1; i <= 5; i++)
        {
            var job = await shop.JobAsync(new JsonObject { ["name"] = $"job{i}", ["settings"] = new JsonObject { ["table_name_prefix"] = $"job{i}_", ["truncate_table_data"] = true }, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = Nightly } }, "orders");
            Assert.NotEmpty(job);
        }

        await SmallShop.ConnectAsync(session, "elsewhere", "elsewhere.db");
        var changes = new JsonArray();
        for (var i = 1; i <= 5; i++)
            changes.Add(new JsonObject { ["operation"] = "update_job", ["arguments"] = new JsonObject { ["job_id"] = $"job{i}", ["destination_connection"] = i == 3 ? "elsewhere" : "lake" } });
        var plan = (await session.CallAsync("plan_change", new JsonObject { ["changes"] = changes })).Ok();

        var groups = plan.Result["groups"]!.AsArray();
        Assert.Equal(2, groups.Count);
        Assert.Contains("elsewhere.db", groups[0]!["difference"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("[\"job3\"]", "×4"), (groups[0]!["names"]!.ToJsonString(), (string)groups[1]!["same"]!));
        (await ApplyAsync(plan)).Ok();
        var question = session.Person.Questions[^1].Message;
        Assert.Contains("THE SAME CHANGE ×4", question, StringComparison.Ordinal);
        Assert.True(question.IndexOf("elsewhere.db", StringComparison.Ordinal) is > 0 and var odd && odd < question.IndexOf("THE SAME CHANGE", StringComparison.Ordinal), question);
        foreach (var name in new[] { "\"job1\"", "\"job2\"", "\"job4\"", "\"job5\"" })
            Assert.Contains(name, question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_since_is_named_and_nothing_is_sent()
    {
        var (one, two) = (await ArmedAsync("one"), await ArmedAsync("two"));
        var plan = (await SwapAsync()).Ok();
        (await session.CallAsync("update_job", new JsonObject { ["job_id"] = two, ["schedule"] = new JsonObject { ["cron"] = "0 0 3 * * *" } })).Ok();

        var refused = (await ApplyAsync(plan)).Refused("state_changed");
        Assert.Contains("0 0 3 * * *", refused.Structured["details"]!["changed"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(("warehouse", "warehouse"), (await DestinationAsync(one), await DestinationAsync(two)));
    }

    [Fact]
    public async Task A_failure_stops_the_rest_and_the_same_plan_goes_on_when_it_is_mended()
    {
        var changes = new JsonArray(
            new JsonObject { ["operation"] = "create_job", ["ref"] = "first", ["arguments"] = new JsonObject { ["name"] = "first", ["source_connection"] = "shop", ["destination_connection"] = "lake" } },
            new JsonObject { ["operation"] = "add_job_task", ["arguments"] = new JsonObject { ["job_id"] = "$first", ["table"] = "orders" } },
            new JsonObject { ["operation"] = "create_job", ["arguments"] = new JsonObject { ["name"] = "taken", ["source_connection"] = "shop", ["destination_connection"] = "lake" } },
            new JsonObject { ["operation"] = "create_job", ["ref"] = "last", ["arguments"] = new JsonObject { ["name"] = "last", ["source_connection"] = "shop", ["destination_connection"] = "lake" } });
        var plan = (await session.CallAsync("plan_change", new JsonObject { ["changes"] = changes })).Ok();
        var taken = await shop.JobAsync(new JsonObject { ["name"] = "taken" });

        var failed = (await ApplyAsync(plan)).Refused("applied_in_part");
        Assert.Equal(2, (int)failed.Structured["details"]!["not_done_count"]!);
        Assert.StartsWith("2 of 4", (string)failed.Structured["message"]!, StringComparison.Ordinal);
        (await session.CallAsync("update_job", new { job_id = taken, name = "free" })).Ok();

        var done = (await ApplyAsync(plan)).Ok();
        Assert.Equal(4, (int)done.Result["done"]!);
        Assert.Equal(["first", "free", "last", "taken"], (await session.CallAsync("list_jobs")).Items.Select(job => (string)job["name"]!).Order());
        Assert.Equal(4, (int)(await ApplyAsync(plan)).Ok().Result["done"]!); // once more: nothing is left, nothing is doubled
        Assert.Equal(4, (await session.CallAsync("list_jobs")).Items.Count);
    }

    [Fact]
    public async Task It_deletes_only_where_it_is_told_to_prune_and_refuses_what_is_no_change()
    {
        var job = await shop.JobAsync("orders");
        JsonObject Delete(bool prune) => new() { ["changes"] = new JsonArray(new JsonObject { ["operation"] = "delete_job", ["arguments"] = new JsonObject { ["job_id"] = job } }), ["prune"] = prune };
        (await session.CallAsync("plan_change", Delete(false))).Refused("prune_needed");
        var plan = (await session.CallAsync("plan_change", Delete(true))).Ok();
        Assert.Equal("a typed phrase", (string)plan.Result["asks"]!);
        (await ApplyAsync(plan)).Ok();
        Assert.Empty((await session.CallAsync("list_jobs")).Items);

        (await session.CallAsync("plan_change", new JsonObject { ["changes"] = new JsonArray(new JsonObject { ["operation"] = "execute_job", ["arguments"] = new JsonObject { ["job_id"] = "x" } }) })).Refused("invalid_arguments");
        (await session.CallAsync("plan_change", new JsonObject { ["replace_connection"] = new JsonObject { ["from"] = "lake", ["to"] = "warehouse" } })).Refused("nothing_to_change");
        (await session.CallAsync("apply_plan", new { plan_id = "plan-000000000000" })).Refused("not_found");
    }

    [Fact]
    public async Task A_no_changes_nothing_and_the_plan_waits()
    {
        var job = await ArmedAsync("one", new() { ["drop_table"] = true });
        var plan = (await SwapAsync()).Ok();
        session.Person.Declines();
        (await ApplyAsync(plan)).Refused("declined");
        Assert.Equal("warehouse", await DestinationAsync(job));
        session.Person.Confirms();
        (await ApplyAsync(plan)).Ok();
        Assert.Equal("lake", await DestinationAsync(job));
    }
}
