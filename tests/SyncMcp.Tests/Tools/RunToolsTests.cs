using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>"What broke?", answered over all jobs at once.</summary>
public sealed class RunToolsTests
{
    [Fact]
    public async Task Failures_are_found_grouped_by_cause_and_diagnosed()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        var good = await shop.JobAsync(new JsonObject { ["name"] = "good" }, "orders");
        var one = await shop.JobAsync(new JsonObject { ["name"] = "one", ["settings"] = new JsonObject { ["table_name_prefix"] = "one_" } }, "customers");
        var two = await shop.JobAsync(new JsonObject { ["name"] = "two", ["settings"] = new JsonObject { ["table_name_prefix"] = "two_" } }, "customers");
        await RunAsync(session, good);
        await RunAsync(session, one);
        Sql.Run(shop.SourceFile, "DROP TABLE customers");
        await RunAsync(session, one);
        await RunAsync(session, two);

        var overview = (await session.CallAsync("get_overview")).Ok().Result;
        Assert.Equal((2, 2, 2), ((int)overview["runs"]!["succeeded"]!, (int)overview["runs"]!["failed"]!, (int)overview["failing_now"]!));
        var cause = Assert.Single(overview["causes"]!.AsArray())!;
        Assert.Equal(("table_missing", 2), ((string)cause["cause"]!, (int)cause["things"]!));

        var diagnosis = (await session.CallAsync("diagnose_run", new { job_id = "one" })).Ok();
        var found = Assert.Single(diagnosis.Result["causes"]!.AsArray())!;
        Assert.Equal("table_missing", (string)found["cause"]!);
        Assert.Contains("customers", (string)found["evidence"]![0]!, StringComparison.Ordinal);
        Assert.NotNull(diagnosis.Result["last_success"]);
        Assert.Equal(1, (int)diagnosis.Result["same_cause_today"]!["others"]!);
        Assert.Contains(diagnosis.Structured["untrusted"]!.AsArray(), pointer => ((string)pointer!).StartsWith("/result/causes", StringComparison.Ordinal));

        var same = (await session.CallAsync("find_runs", new { same_cause_as = (string)diagnosis.Result["run"]!["id"]!, state = "failed" })).Ok();
        Assert.Equal(["two", "one"], same.Structured["items"]!.AsArray().Select(run => (string)run!["name"]!));
        Assert.Equal(3, (int)same.Structured["scanned"]!);
    }

    [Fact]
    public async Task What_cannot_be_answered_says_why()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("orders");

        (await session.CallAsync("diagnose_run")).Refused("invalid_arguments").Naming("job_id");
        (await session.CallAsync("diagnose_run", new { job_id = "copy" })).Refused("not_found").Naming("never run");
        (await session.CallAsync("find_runs", new { since = "yesterday" })).Refused("invalid_arguments").Naming("24h");
        (await session.CallAsync("find_runs", new { cause = "gremlins" })).Refused("invalid_arguments").Naming("table_missing");
        (await session.CallAsync("find_runs", new { same_cause_as = "gone" })).Refused("not_found").Naming("since");
        (await session.CallAsync("get_overview", new { since = "soon" })).Refused("invalid_arguments").Naming("24h");
        Assert.Empty((await session.CallAsync("find_runs")).Ok().Structured["items"]!.AsArray());
        Assert.Equal(0, (int)(await session.CallAsync("get_overview", new { group_by = "job" })).Ok().Result["total"]!["runs"]!);
    }

    private static async Task RunAsync(SyncSession session, string job)
    {
        (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        await session.RunEndedAsync(job);
    }
}
