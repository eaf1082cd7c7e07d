using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Fix the credential and run again all that failed because of it."</summary>
public sealed class RerunFailedTests
{
    [Fact]
    public async Task What_failed_for_one_cause_is_run_again_in_all_workspaces_and_the_rest_is_left_alone_and_named()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        (await session.CallAsync("create_workspace", new { name = "eu" })).Ok();
        await SmallShop.ConnectAsync(session, "shop", "shop.db", "eu");
        await SmallShop.ConnectAsync(session, "warehouse", "warehouse.db", "eu");
        Task<string> Job(string name, string table, string workspace = "default") =>
            shop.JobAsync(new JsonObject { ["name"] = name, ["workspace_id"] = workspace, ["settings"] = new JsonObject { ["table_name_prefix"] = name + "_" } }, table);
        var one = await Job("one", "customers");
        var two = await Job("two", "customers", "eu");
        var mended = await Job("mended", "customers");
        var other = await Job("other", "orders");
        var healthy = await Job("healthy", "orders");
        Sql.Run(shop.SourceFile, "ALTER TABLE customers RENAME TO gone");
        foreach (var job in (string[])[one, two, mended])
            await shop.RunAsync(job);
        await shop.RunWellAsync(healthy);
        Sql.Run(shop.SourceFile, "ALTER TABLE gone RENAME TO customers");
        await shop.RunWellAsync(mended);
        Sql.Run(shop.SourceFile, "ALTER TABLE orders RENAME TO lost");
        var asked = session.Person.Questions.Count;

        var again = (await session.CallAsync("rerun_failed", new { cause = "table_missing", since = "1h" })).Ok();
        Assert.Equal("executed", again.Outcome);
        var started = again.Result["started"]!.AsArray();
        Assert.Equal(["one", "two"], started.Select(run => (string)run!["name"]!).Order());
        Assert.Equal("mended went well since", Assert.Single(again.Result["skipped"]!.AsArray().Select(run => $"{run!["name"]} {run["why"]}")));
        Assert.InRange(session.Person.Questions.Count - asked, 0, 1);

        var ended = (await session.CallAsync("follow_run", new { run_ids = started.Select(run => (string)run!["run_id"]!) })).Ok().Result;
        Assert.Equal((2, 2, 2), ((int)ended["of"]!, (int)ended["ended"]!, (int)ended["succeeded"]!));

        // asked again, there is nothing left to do
        var nothing = (await session.CallAsync("rerun_failed", new { cause = "table_missing", since = "1h" })).Ok();
        Assert.Equal(("not_executed", 0), (nothing.Outcome, nothing.Result["started"]!.AsArray().Count));
        Assert.Equal(3, nothing.Result["skipped"]!.AsArray().Count);
        Assert.Single((await session.CallAsync("list_job_history", new { job_id = healthy })).Ok().Items);
        Assert.Empty((await session.CallAsync("list_job_history", new { job_id = other })).Ok().Items);
    }

    [Fact]
    public async Task One_question_lists_all_and_a_no_starts_none()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        session.Person.Confirms();
        var jobs = new List<string>();
        foreach (var name in (string[])["one", "two"])
        {
            jobs.Add(await shop.JobAsync(new JsonObject { ["name"] = name, ["settings"] = new JsonObject { ["drop_table"] = true, ["table_name_prefix"] = name + "_" } }, "customers"));
            Sql.Run(shop.SourceFile, "ALTER TABLE customers RENAME TO gone");
            await shop.RunAsync(jobs[^1]);
            Sql.Run(shop.SourceFile, "ALTER TABLE gone RENAME TO customers");
            (await session.CallAsync("update_job", new { job_id = jobs[^1], settings = new { batch_size = 7 } })).Ok(); // another definition: it asks
        }

        var before = session.Person.Questions.Count;
        session.Person.Declines();
        (await session.CallAsync("rerun_failed", new { cause = "table_missing" })).Refused("not_shown");
        var question = Assert.Single(session.Person.Questions.Skip(before)).Message;
        Assert.StartsWith("RUN AGAIN 2 things that failed for one cause?", question, StringComparison.Ordinal);
        Assert.All((string[])["one", "two"], name => Assert.Contains(name, question, StringComparison.Ordinal));
        foreach (var job in jobs)
            Assert.Single((await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items);

        (await session.CallAsync("rerun_failed", new { cause = "gremlins" })).Refused("invalid_arguments").Naming("table_missing");
        (await session.CallAsync("rerun_failed", new { cause = "table_missing", since = "soon" })).Refused("invalid_arguments").Naming("24h");
        (await session.CallAsync("follow_run", new { run_ids = (string[])["gone"] })).Refused("not_found").Naming("gone");
        var none = (await session.CallAsync("rerun_failed", new { cause = "locked" })).Ok();
        Assert.Contains("get_overview", (string?)none.Result["next"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_server_without_idempotency_the_same_failed_run_is_run_again_once()
    {
        await using var server = await OtherSync.StartAsync(new() { RunIds = true });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        server.SomebodyRuns(-60);
        server.EndRuns("Failed");
        var first = (await session.CallAsync("rerun_failed", new { cause = "unknown" })).Ok();
        Assert.Equal(server.Runs[1]["Id"]!.ToJsonString(), (string?)Assert.Single(first.Result["started"]!.AsArray())!["run_id"]);
        server.Runs[1]["Status"] = "Successful";
        var running = (await session.CallAsync("rerun_failed", new { cause = "unknown" })).Ok();
        Assert.Empty(running.Result["started"]!.AsArray());
        Assert.Equal(2, server.Runs.Count);
    }
}
