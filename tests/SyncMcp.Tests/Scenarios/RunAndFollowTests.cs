using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Client.Jobs;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>"Run the orders job and tell me when it is done": one call, or two where it takes long.</summary>
public sealed class RunAndFollowTests
{
    private const string Job = "11111111-1111-1111-1111-111111111111";

    [Fact]
    public async Task A_short_run_is_told_whole_by_the_call_that_starts_it()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        await shop.JobAsync("orders", "customers");

        var first = (await session.CallAsync("run", new { job_id = "copy", wait_seconds = 45 })).Ok();
        Assert.Equal(("executed", "Successful", true, 7), (first.Outcome, (string?)first.Result["status"], (bool)first.Result["ended"]!, (int)first.Result["records_affected"]!));
        Assert.Contains("7 rows changed", (string?)first.Result["digest"], StringComparison.Ordinal);
        Assert.Contains("no earlier good run", (string?)first.Result["digest"], StringComparison.Ordinal);
        Assert.StartsWith("EXECUTED", first.Text, StringComparison.Ordinal);

        var second = (await session.CallAsync("run", new { job_id = "copy", wait_seconds = 45 })).Ok();
        Assert.Contains("usually 7", (string?)second.Result["digest"], StringComparison.Ordinal);
        Assert.Contains("1 earlier good run", (string?)second.Result["digest"], StringComparison.Ordinal);

        // a run that has ended is told the same by its id alone
        var known = (await session.CallAsync("follow_run", new { run_id = (string)first.Result["run_id"]! })).Ok().Result;
        Assert.Equal(("copy", "Successful"), ((string?)known["name"], (string?)known["status"]));
    }

    [Fact]
    public async Task What_runs_already_is_joined_and_a_cancelled_wait_stops_nothing()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        await shop.RunWellAsync(job);
        string? id;
        using (await shop.StartHeldAsync(job))
        {
            var joined = (await session.CallAsync("run", new { job_id = job, wait_seconds = 0 })).Ok();
            Assert.Equal(("not_executed", false), (joined.Outcome, (bool)joined.Result["ended"]!));
            Assert.Contains("nothing was started", (string?)joined.Result["joined"], StringComparison.Ordinal);
            id = (string?)joined.Result["run_id"];
            Assert.NotNull(joined.Result["check_again_at"]);

            using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.Client.CallToolAsync(
                "follow_run", new Dictionary<string, object?> { ["run_id"] = id }, cancellationToken: gone.Token));
            Assert.True(gone.IsCancellationRequested);
            Assert.Equal("In progress", (string?)(await session.CallAsync("get_job_status", new { job_id = job })).Ok().Result["status"]);
        }

        var end = (await session.CallAsync("follow_run", new { run_id = id })).Ok().Result;
        Assert.Equal(("Successful", id), ((string?)end["status"], (string?)end["run_id"]));
        Assert.Equal(2, (await session.CallAsync("list_job_history", new { job_id = job })).Ok().Items.Count);
    }

    [Fact]
    public async Task A_failure_is_told_with_its_cause_and_what_to_do()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders", "customers");
        await shop.RunWellAsync(job);
        Sql.Run(shop.SourceFile, "DROP TABLE customers");

        var failed = (await session.CallAsync("run", new { job_id = "copy", wait_seconds = 45 })).Ok();
        Assert.Equal(("executed", "1 of 2 Tasks Failed"), (failed.Outcome, (string?)failed.Result["status"]));
        Assert.Equal("table_missing", (string?)failed.Result["errors"]![0]!["cause"]);
        Assert.Contains("list_connection_tables", (string?)failed.Result["next"], StringComparison.Ordinal);
        Assert.Equal(["customers"], failed.Result["failed_parts"]!.AsArray().Select(part => (string?)part));
        Assert.Contains("/result/errors/*/text", failed.Structured["untrusted"]!.AsArray().Select(pointer => (string)pointer!));
    }

    [Fact]
    public async Task Transformations_and_pipelines_are_run_by_the_same_tool_and_what_is_not_clear_is_refused()
    {
        await using var session = await SyncSession.StartAsync();
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders");
        (await session.CallAsync("create_pipeline", new { name = "nightly" })).Ok();
        (await session.CallAsync("create_pipeline_step", new { pipeline_id = "nightly", type = "Replication", entity = "copy" })).Ok();
        var line = (await session.CallAsync("run", new { pipeline_id = "nightly", wait_seconds = 45 })).Ok().Result;
        Assert.Equal(("pipeline", "Successful"), ((string?)line["kind"], (string?)line["status"]));
        Assert.Equal("Successful", (string?)(await session.CallAsync("follow_run", new { job_id = job })).Ok().Result["status"]);

        (await session.CallAsync("run")).Refused("invalid_arguments").Naming("job_id");
        (await session.CallAsync("run", new { job_id = "copy", pipeline_id = "nightly" })).Refused("invalid_arguments").Naming("one thing");
        (await session.CallAsync("run", new { job_id = "cpoy" })).Refused("not_found").Naming("copy");
        (await session.CallAsync("run", new { job_id = "copy", wait_seconds = 46 })).Refused("invalid_arguments").Naming("45");
        (await session.CallAsync("follow_run")).Refused("invalid_arguments").Naming("run_id");
        (await session.CallAsync("follow_run", new { run_id = "gone" })).Refused("not_found").Naming("find_runs");
        (await session.CallAsync("follow_run", new { job_id = job, run_id = "gone" })).Refused("not_found").Naming("list_job_history");
    }

    [Fact]
    public async Task The_guard_asks_as_it_asks_before_execute_and_a_no_starts_nothing()
    {
        await using var server = await OtherSync.StartAsync();
        await using var session = await server.SessionAsync();
        (await session.CallAsync("run", new { job_id = "nightly" })).Refused("not_shown");
        (await session.CallAsync("execute_job", new { job_id = "nightly" })).Refused("not_shown");
        Assert.Equal(session.Person.Questions[1].Message, session.Person.Questions[0].Message);
        Assert.Empty(server.Runs);

        session.Person.Confirms();
        var started = (await session.CallAsync("run", new { job_id = "nightly", wait_seconds = 0 })).Ok();
        Assert.Equal(("executed", server.Runs[0]["Id"]!.ToJsonString()), (started.Outcome, (string?)started.Result["run_id"]));
        var again = (await session.CallAsync("run", new { job_id = "nightly", wait_seconds = 0 })).Ok();
        Assert.Equal((string?)started.Result["run_id"], (string?)again.Result["run_id"]);
        Assert.Single(server.Runs);
        server.EndRuns();
        Assert.Equal("Successful", (string?)(await session.CallAsync("follow_run", new { job_id = "nightly" })).Ok().Result["status"]);
    }

    [Fact]
    public async Task A_server_that_gives_runs_no_ids_is_followed_all_the_same()
    {
        await using var server = await OtherSync.StartAsync(new() { ShowsRuns = false });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        var started = (await session.CallAsync("run", new { job_id = "nightly", wait_seconds = 0 })).Ok();
        Assert.Null(started.Result["run_id"]);
        Assert.Contains("job_id", (string?)started.Result["next"], StringComparison.Ordinal);
        server.EndRuns("Failed");
        var end = (await session.CallAsync("follow_run", new { job_id = "nightly" })).Ok().Result;
        Assert.Equal(("Failed", true), ((string?)end["status"], (bool)end["ended"]!));
    }

    [Fact]
    public async Task While_it_waits_it_says_how_far_the_run_is_and_then_when_to_look_again()
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero));
        await using var server = await StubServer.StartAsync();
        Serve(server, () => new JsonObject
        {
            ["id"] = "r9",
            ["status"] = "In progress",
            ["started_at"] = "2026-11-24T05:59:00Z",
            ["rows_read"] = 12_000,
            ["tasks"] = new JsonArray(
                Part("customers", "Successful", 2_000), Part("orders", "In progress", 10_000), Part("items", "Starting", 0)),
        });
        server.List($"/jobs/{Job}/history", [Ended("r8", 120_000), Ended("r7", 600_000), Ended("r6", 240_000)]);
        using var folder = new TempFolder();
        await using var frames = new Frames(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Server = server.Address, Token = StubServer.Token, Time = time });
        await frames.InitializeAsync();
        var call = Frames.Call(2, "follow_run", new() { ["job_id"] = Job });
        call["params"]!["_meta"] = new JsonObject { ["progressToken"] = "p" };
        await frames.SendAsync(call);

        var told = new List<string>();
        JsonObject answer;
        while (true)
        {
            var next = frames.ReadAsync();
            while (!next.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.WhenAny(next, Task.Delay(5, TestContext.Current.CancellationToken));
            }

            answer = await next;
            if (answer["id"] is not null)
                break;
            told.Add((string)answer["params"]!["message"]!);
        }

        Assert.Contains(told, sentence => sentence.StartsWith("follow_run follows 'orders': 12,000 rows read, 1 of 3 tasks done, now at 'orders' (", StringComparison.Ordinal));
        var result = answer["result"]!["structuredContent"]!["result"]!;
        Assert.False((bool)result["ended"]!);
        // the median of the earlier runs is four minutes, from the start at 5:59
        Assert.Equal("2026-11-24T06:03:00+00:00", (string?)result["check_again_at"]);
        Assert.Contains("3 earlier good runs", (string?)result["usual"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_does_not_end_the_wait()
    {
        await using var server = await StubServer.StartAsync();
        var looks = 0;
        Serve(server, () => new() { ["id"] = "r9", ["status"] = looks < 4 ? "In progress" : "Successful", ["started_at"] = "2026-11-24T05:59:00Z" }, () => ++looks is 2 or 3);
        server.List($"/jobs/{Job}/history", []);
        await using var session = await server.SessionAsync();
        Assert.Equal("Successful", (string?)(await session.CallAsync("follow_run", new { job_id = Job })).Ok().Result["status"]);
    }

    private static void Serve(StubServer server, Func<JsonObject> status, Func<bool>? fails = null)
    {
        server.On($"GET /jobs/{Job}", new JsonObject { ["id"] = Job, ["name"] = "orders" });
        server.On($"GET /jobs/{Job}/status", context =>
        {
            if (fails?.Invoke() == true)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(status().ToJsonString());
        });
    }

    private static JsonObject Part(string name, string status, long rows) => new() { ["task"] = new JsonObject { ["id"] = name, ["name"] = name }, ["status"] = status, ["rows_read"] = rows };

    private static JsonObject Ended(string id, long milliseconds) => new()
    {
        ["id"] = id,
        ["status"] = RunStatus.Successful,
        ["started_at"] = "2026-11-23T05:00:00Z",
        ["finished_at"] = "2026-11-23T05:10:00Z",
        ["runtime"] = milliseconds,
        ["records_affected"] = 10,
    };
}
