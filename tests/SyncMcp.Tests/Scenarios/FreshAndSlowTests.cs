using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Is the orders table fresh?" and "Why is this job slower than last week?"</summary>
public sealed class FreshAndSlowTests
{
    private const string Job = "11111111-1111-1111-1111-111111111111";

    [Fact]
    public async Task A_table_is_found_by_what_source_or_destination_call_it_in_all_workspaces_with_its_last_success_and_what_failed_since()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "eu" })).Ok();
        await SmallShop.ConnectAsync(session, "shop", "shop.db", "eu");
        await SmallShop.ConnectAsync(session, "warehouse", "warehouse.db", "eu");
        var job = await shop.JobAsync(new JsonObject { ["name"] = "nightly", ["workspace_id"] = "eu", ["settings"] = new JsonObject { ["table_name_prefix"] = "eu_" } }, "orders", "customers");

        var never = (await session.CallAsync("check_freshness", new { table = "eu_orders" })).Ok().Result;
        Assert.Contains("never", (string?)never["summary"], StringComparison.Ordinal);
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "ALTER TABLE orders RENAME TO gone");
        await shop.RunAsync(job);

        var destination = (await session.CallAsync("check_freshness", new { table = "EU_Orders" })).Ok().Result;
        var line = Assert.Single(destination["tasks"]!.AsArray())!;
        Assert.Equal(("nightly", "eu", 4, 1, "table_missing"), ((string)line["job"]!, (string)line["workspace"]!, (int)line["rows"]!, (int)line["failed_since"]!, (string)line["cause"]!));
        Assert.Contains("1 later run has failed", (string?)destination["summary"], StringComparison.Ordinal);
        Assert.Equal("none", (string?)line["schedule"]);

        var source = (await session.CallAsync("check_freshness", new { table = "main.[orders]" })).Ok().Result;
        Assert.Contains("No task writes", (string?)source["note"], StringComparison.Ordinal);
        Assert.Equal("eu_orders", (string?)source["tasks"]![0]!["destination"]);
        Assert.Null((await session.CallAsync("check_freshness", new { table = "eu_customers" })).Ok().Result["tasks"]![0]!["failed_since"]);

        (await session.CallAsync("check_freshness", new { table = "ordres" })).Refused("not_found").Naming("orders");
        (await session.CallAsync("check_freshness")).Refused("invalid_arguments").Naming("table");
    }

    [Fact]
    public async Task Where_a_server_has_no_runs_of_single_tasks_those_of_the_job_are_told_as_such()
    {
        await using var server = await OtherSync.StartAsync();
        server.SomebodyRuns(-3600);
        server.EndRuns();
        await using var session = await server.SessionAsync();
        var line = (await session.CallAsync("check_freshness", new { table = "orders" })).Ok().Result["tasks"]![0]!;
        Assert.Contains("whole job", (string?)line["figures"], StringComparison.Ordinal);
        Assert.Equal("paused", (string?)line["schedule"]);
        Assert.NotNull(line["last_success"]);

        var alone = await session.CallAsync("compare_runs", new { job_id = "nightly" });
        alone.Refused("not_found").Naming("with_run_id");
        server.SomebodyRuns();
        server.EndRuns();
        var whole = (await session.CallAsync("compare_runs", new { job_id = "nightly" })).Ok().Result;
        Assert.Contains("no figures for each task", (string?)whole["note"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "orders", true)]
    [InlineData("ORDERS", "orders", true)]
    [InlineData("sales.orders", "orders", true)]
    [InlineData("sales.orders", "[sales].[orders]", true)]
    [InlineData("sales.orders", "hr.orders", false)]
    [InlineData("orders", "orders.csv", true)]
    [InlineData("order", "orders", false)]
    public void A_table_is_meant_with_or_without_its_schema(string said, string written, bool same) =>
        Assert.Equal(same, SyncMcp.Runs.TableName.Read(written).Means(SyncMcp.Runs.TableName.Read(said)));

    [Fact]
    public async Task What_stands_out_is_said_in_a_sentence_with_where_to_look()
    {
        await using var server = await StubServer.StartAsync();
        server.On($"GET /jobs/{Job}", new JsonObject { ["id"] = Job, ["name"] = "nightly" });
        var runs = new List<JsonObject> { Run("slow", 10, 95_000, ("orders", 90_000, 50_000), ("customers", 5_000, 900)), Run("big", 9, 60_000, ("orders", 55_000, 300_000), ("customers", 5_000, 900)) };
        for (var i = 8; i > 0; i--)
            runs.Add(Run($"r{i}", i, 14_000 + i, ("orders", 10_000 + i, 50_000), ("customers", 4_000, 900)));
        server.List($"/jobs/{Job}/history", runs.Select(run => run.DeepClone().AsObject()));
        foreach (var run in runs)
            server.On($"GET /jobs/{Job}/history/{run["id"]}", run);
        await using var session = await server.SessionAsync();

        var slow = (await session.CallAsync("compare_runs", new { job_id = Job })).Ok().Result;
        Assert.Equal("It is slower (95 s beside 14 s), most of all 'orders': 90 s beside 10 s, at 555.6 rows/s beside 4997.5 with about the same rows (50,000 beside 50,000): source, destination or what stands between is slower.",
            (string?)slow["stands_out"]);
        Assert.Equal(("orders", 9.0), ((string)slow["parts"]![0]!["name"]!, (double)slow["parts"]![0]!["times_as_long"]!));

        var big = (await session.CallAsync("compare_runs", new { job_id = Job, run_id = "big" })).Ok().Result;
        Assert.Contains("with 300,000 rows beside 50,000: there was more to move.", (string?)big["stands_out"], StringComparison.Ordinal);
        var usual = (await session.CallAsync("compare_runs", new { job_id = Job, run_id = "r8" })).Ok().Result;
        Assert.StartsWith("Nothing stands out", (string?)usual["stands_out"], StringComparison.Ordinal);
        var two = (await session.CallAsync("compare_runs", new { job_id = Job, run_id = "slow", with_run_id = "big" })).Ok().Result;
        Assert.Equal(("run big", 60_000), ((string?)two["compared_with"], (int)two["usual"]!["runtime"]!));

        (await session.CallAsync("compare_runs")).Refused("invalid_arguments").Naming("job_id");
        (await session.CallAsync("compare_runs", new { job_id = Job, run_id = "gone" })).Refused("not_found").Naming("list_job_history");
    }

    private static JsonObject Run(string id, int day, long milliseconds, params (string Name, long Milliseconds, long Rows)[] tasks) => new()
    {
        ["id"] = id,
        ["status"] = "Successful",
        ["started_at"] = $"2026-11-{day:d2}T02:00:00Z",
        ["finished_at"] = $"2026-11-{day:d2}T02:05:00Z",
        ["runtime"] = milliseconds,
        ["records_affected"] = 100,
        ["tasks"] = new JsonArray([.. tasks.Select(task => (JsonNode)new JsonObject
        {
            ["task"] = new JsonObject { ["id"] = task.Name, ["name"] = task.Name }, ["status"] = "Successful", ["runtime"] = task.Milliseconds, ["rows_read"] = task.Rows,
        })]),
    };
}
