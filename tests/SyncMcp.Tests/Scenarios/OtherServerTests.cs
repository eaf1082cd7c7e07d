using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>A Sync server that is not ours: other spellings, flat settings, answers without ids, no idempotency keys, a clock of its own.</summary>
public sealed class OtherServerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_jobs_flat_settings_are_shown_in_their_group_and_asked_about()
    {
        await using var server = await OtherSync.StartAsync();
        await using var session = await server.SessionAsync();
        var job = (await session.CallAsync("get_job", new { job_id = "nightly" })).Ok().Result;
        Assert.Equal(("nightly", true, true), ((string?)job["name"], (bool)job["settings"]!["drop_table"]!, (bool)job["alerts"]!["email_error_only"]!));
        Assert.Equal(OtherSync.Destination, (string?)job["destination_connection"]!["id"]);

        (await session.CallAsync("execute_job", new { job_id = "nightly" })).Refused("not_shown");
        Assert.Contains("DROPPED before each run", Assert.Single(session.Person.Questions).Message, StringComparison.Ordinal);
        Assert.Empty(server.Runs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task A_run_that_the_answer_does_not_name_is_found_in_the_history_whatever_the_servers_clock_says(int ahead)
    {
        await using var server = await OtherSync.StartAsync(new() { ClockAhead = ahead });
        server.SomebodyRuns(-1); // of a moment ago, and not ours
        server.EndRuns();
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        var run = (await session.CallAsync("execute_job", new { job_id = "nightly" })).Ok().Result;
        Assert.Equal(server.Runs[1]["Id"]!.ToJsonString(), (string?)run["id"]);
        Assert.Equal("In progress", (string?)run["status"]);
    }

    [Fact]
    public async Task Where_the_server_shows_no_runs_it_was_started_all_the_same()
    {
        await using var server = await OtherSync.StartAsync(new() { ShowsRuns = false });
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        var answer = (await session.CallAsync("execute_job", new { job_id = "nightly" })).Ok();
        Assert.Equal("executed", answer.Outcome);
        Assert.Single(server.Runs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_lost_answer_the_run_is_looked_for_and_the_call_is_not_repeated(bool done)
    {
        await using var server = await OtherSync.StartAsync(new() { Execute = done ? "execute" : "elsewhere" });
        server.SomebodyRuns(-60);
        server.EndRuns();
        server.Fault = (context, _) =>
        {
            if (context.Request.Method == "POST")
                context.Abort();
            return Task.FromResult(context.Request.Method == "POST");
        };
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        var lost = await session.CallAsync("execute_job", new { job_id = "nightly" });
        Assert.Equal(("outcome_unknown", "unknown"), (lost.Code, lost.Outcome));
        Assert.StartsWith("OUTCOME UNKNOWN", lost.Text, StringComparison.Ordinal);
        Assert.Contains("get_job_status", (string?)lost.Structured["next"], StringComparison.Ordinal);
        Assert.Equal(done ? server.Runs[1]["Id"]!.ToJsonString() : null, (string?)lost.Structured["details"]?["run"]?["id"]);
        Assert.Equal(done ? 2 : 1, server.Runs.Count);
        Assert.Single(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_idempotency_key_holds_where_the_server_knows_none()
    {
        await using var server = await OtherSync.StartAsync();
        using var folder = new TempFolder();
        string? first;
        await using (var session = await server.SessionAsync(folder: folder))
        {
            session.Person.Confirms();
            first = (string?)(await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "k1" })).Ok().Result["id"];
            var other = await session.CallAsync("execute_job", new { job_id = "nightly", full_refresh = true, idempotency_key = "k1" });
            Assert.Equal(("invalid_request", "not_executed"), (other.Code, other.Outcome));
        }

        await using (var session = await server.SessionAsync(folder: folder)) // another window, or the same after a restart
        {
            session.Person.Confirms();
            var again = (await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "k1" })).Ok();
            Assert.Equal((first, true), ((string?)again.Result["id"], (bool)again.Structured["replayed"]!));
            Assert.Single(server.Runs);
            (await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "k2" })).Ok();
            Assert.Equal(2, server.Runs.Count);
        }
    }

    [Fact]
    public async Task A_key_whose_first_call_has_no_known_outcome_sends_nothing_again_and_one_that_was_refused_does()
    {
        await using var server = await OtherSync.StartAsync();
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        var broken = true;
        server.Fault = (context, starts) =>
        {
            if (starts && broken)
                context.Abort();
            return Task.FromResult(starts && broken);
        };
        Assert.Equal("outcome_unknown", (await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "k" })).Code);
        broken = false;
        var again = await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "k" });
        Assert.Equal(("outcome_unknown", "unknown"), (again.Code, again.Outcome));
        Assert.Single(server.Runs);

        server.Fault = async (context, starts) =>
        {
            if (starts)
            {
                context.Response.StatusCode = 403;
                await context.Response.WriteAsync("""{"error":{"message":"no"}}""");
            }

            return starts;
        };
        (await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "refused" })).Refused("forbidden");
        server.Fault = null;
        (await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = "refused" })).Ok();
    }

    [Fact]
    public async Task A_client_that_repeats_with_its_key_whatever_happens_starts_one_run()
    {
        var keys = int.Parse(Environment.GetEnvironmentVariable("SYNCMCP_REPEATS") ?? "15", System.Globalization.CultureInfo.InvariantCulture);
        var random = new Random(keys);
        await using var server = await OtherSync.StartAsync();
        await using var session = await server.SessionAsync();
        session.Person.Confirms();
        server.Instead = context => BreakAsync(context, 0.3);
        server.Fault = (context, starts) => starts ? BreakAsync(context, 0.4) : Task.FromResult(false);
        var executed = 0;
        for (var key = 0; key < keys; key++)
        {
            var before = server.Runs.Count;
            ToolResult answer;
            var repeats = 0;
            do
                answer = await session.CallAsync("execute_job", new { job_id = "nightly", idempotency_key = $"key-{key}" });
            while (answer.Outcome != "executed" && ++repeats < 4);
            var runs = server.Runs.Count - before;
            Assert.True(runs <= 1, $"{runs} runs for one key: {answer.Text}");
            if (answer.Outcome == "executed")
                Assert.Equal((1, server.Runs[^1]["Id"]!.ToJsonString()), (runs, (string?)answer.Result["id"]));
            else if (answer.Outcome == "not_executed")
                Assert.Equal(0, runs);
            executed += answer.Outcome == "executed" ? 1 : 0;
        }

        output.WriteLine($"{keys} keys, each repeated up to 4 times: {server.Runs.Count} runs, {executed} known to be executed, 0 doubled");
        Assert.InRange(executed, 1, keys);

        async Task<bool> BreakAsync(HttpContext context, double rate)
        {
            if (context.Request.Method != "POST" || random.NextDouble() >= rate)
                return false;
            switch (random.Next(4))
            {
                case 0:
                    context.Abort();
                    break;
                case 1:
                    context.Response.StatusCode = 500;
                    break;
                case 2:
                    context.Response.ContentType = "text/html";
                    await context.Response.WriteAsync("<html>Login</html>");
                    break;
                default:
                    context.Response.ContentType = "application/json";
                    await context.Response.WriteAsync("{\"id\":");
                    break;
            }

            return true;
        }
    }

    [Fact]
    public async Task A_failed_create_says_where_to_look_instead_of_call_again()
    {
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default" }])
            .On("POST /workspaces", new JsonObject { ["error"] = new JsonObject { ["message"] = "database is down" } }, 500);
        await using var session = await server.SessionAsync();
        var failed = await session.CallAsync("create_workspace", new { name = "w" });
        Assert.Equal(("outcome_unknown", "unknown", false), (failed.Code, failed.Outcome, (bool)failed.Structured["retryable"]!));
        Assert.Contains("list_workspaces", (string?)failed.Structured["next"], StringComparison.Ordinal);
        Assert.Equal("database is down", (string?)failed.Structured["details"]!["server_said"]);
    }
}
