using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class ExecuteJobTests
{
    [Fact]
    public async Task A_run_is_answered_at_once_and_ends_with_its_numbers()
    {
        await using var engine = await JobSession.StartAsync();
        var release = new TaskCompletionSource();
        engine.Replicate = async (plan, _, ct) =>
        {
            await release.Task.WaitAsync(ct);
            return JobSession.Done(plan, 10, 7);
        };
        var job = await engine.JobAsync(tables: ["orders", "lines"]);
        var run = (await engine.SendAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}")).Expect(202).Json;
        Assert.Equal("Starting", (string?)run["status"]);
        Assert.Equal("admin", (string?)run["triggered_by"]);
        release.SetResult();
        var end = await engine.EndOfAsync(job, (string)run["id"]!);
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Equal(20, (long)end["rows_read"]!);
        Assert.Equal(14, (long)end["records_affected"]!);
        Assert.Equal(["orders", "lines"], end["tasks"]!.AsArray().Select(task => (string)task!["task"]!["name"]!));
        Assert.Equal("Successful", (string?)(await engine.GetAsync($"jobs/{job}"))["status"]);
    }

    [Fact]
    public async Task Fifty_executes_at_once_start_one_run()
    {
        await using var engine = await JobSession.StartAsync();
        var release = new TaskCompletionSource();
        var worked = 0;
        engine.Replicate = async (plan, _, ct) =>
        {
            Interlocked.Increment(ref worked);
            await release.Task.WaitAsync(ct);
            return JobSession.Done(plan, 1, 1);
        };
        var job = await engine.JobAsync(tables: "orders");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => engine.SendAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}")));
        Assert.Single(answers, answer => answer.Status == 202);
        Assert.All(answers.Where(answer => answer.Status != 202), answer => answer.Refused(400, "already_running"));

        release.SetResult();
        var history = await engine.GetAsync($"jobs/{job}/history");
        Assert.Equal(1, (long)history["total"]!);
        await engine.EndOfAsync(job, (string)history["value"]![0]!["id"]!);
        Assert.Equal(1, worked);
    }

    [Fact]
    public async Task The_same_idempotency_key_starts_one_run()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "orders");
        var first = await engine.PostAsync($"jobs/{job}/execute", "{}", ("Idempotency-Key", "k"));
        await engine.EndOfAsync(job, (string)first["id"]!);
        var second = await engine.PostAsync($"jobs/{job}/execute", "{}", ("Idempotency-Key", "k"));
        Assert.Equal((string?)first["id"], (string?)second["id"]);
        Assert.Equal(1, (long)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
    }

    [Fact]
    public async Task Tasks_are_chosen_by_id_or_name_and_a_full_refresh_reaches_them()
    {
        await using var engine = await JobSession.StartAsync();
        var plans = new List<TaskPlan>();
        engine.Replicate = (plan, _, _) =>
        {
            plans.Add(plan);
            return Task.FromResult(JobSession.Done(plan, 1, 1));
        };
        var job = await engine.JobAsync(tables: ["a", "b", "c"]);
        var c = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![2]!["id"]!;
        var run = await engine.RunAsync(job, $$"""{"task_ids":["{{c}}","A"],"full_refresh":true}""");
        Assert.Equal(["a", "c"], run["tasks"]!.AsArray().Select(task => (string)task!["task"]!["name"]!));
        Assert.All(plans, plan => Assert.True(plan.FullRefresh));
        Assert.Contains("has no task `x`", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", """{"task_ids":["x"]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_without_tasks_is_not_run()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync();
        Assert.StartsWith("400 no_tasks", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        Assert.Equal(0, (long)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
    }

    [Fact]
    public async Task A_failed_task_fails_the_run_and_skips_the_rest()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = (plan, _, _) => plan.Table == "b" ? throw new ReplicationException("source_missing", "table b is gone") : Task.FromResult(JobSession.Done(plan, 1, 1));
        var job = await engine.JobAsync(tables: ["a", "b", "c"]);
        var run = await engine.RunAsync(job);
        Assert.Equal("1 of 3 Tasks Failed", (string?)run["status"]);
        Assert.Contains("table b is gone", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(["Successful", "Failed", "SKIPPED"], run["tasks"]!.AsArray().Select(task => (string)task!["status"]!));

        await engine.PutAsync($"jobs/{job}", """{"settings":{"continue_on_error":true}}""");
        run = await engine.RunAsync(job);
        Assert.Equal(["Successful", "Failed", "Successful"], run["tasks"]!.AsArray().Select(task => (string)task!["status"]!));
    }

    [Fact]
    public async Task A_connection_that_fails_its_test_ends_the_run_as_an_error()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Test = connection => connection.Properties["Data Source"] == "destination.db" ? "the file is read-only" : null;
        var job = await engine.JobAsync(tables: "a");
        var run = await engine.RunAsync(job);
        Assert.Equal("Error", (string?)run["status"]);
        Assert.Equal("Destination connection: the file is read-only", (string?)run["details"]);
        Assert.Equal("Error", (string?)run["tasks"]![0]!["status"]);
    }

    [Fact]
    public async Task Parallel_tasks_are_at_work_together_up_to_the_worker_pool()
    {
        await using var engine = await JobSession.StartAsync();
        var together = new SemaphoreSlim(0);
        var most = 0;
        var now = 0;
        engine.Replicate = async (plan, _, ct) =>
        {
            var n = Interlocked.Increment(ref now);
            most = Math.Max(most, n);
            if (n == 2)
                together.Release(100);
            await together.WaitAsync(ct);
            Interlocked.Decrement(ref now);
            return JobSession.Done(plan, 1, 1);
        };
        var job = await engine.JobAsync(members: ""","settings":{"enable_parallel_processing":true,"worker_pool":2}""", tables: ["a", "b", "c", "d"]);
        Assert.Equal("Successful", (string?)(await engine.RunAsync(job))["status"]);
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task Adopted_tables_reach_the_run_and_are_forgotten_with_the_destination()
    {
        await using var engine = await JobSession.StartAsync();
        await engine.ConnectionAsync("elsewhere");
        IReadOnlySet<string>? adopted = null;
        engine.Replicate = (plan, _, _) =>
        {
            adopted = plan.AdoptedTables;
            return Task.FromResult(JobSession.Done(plan, 1, 1));
        };
        var job = await engine.JobAsync(tables: "a");
        var started = await engine.PostAsync($"jobs/{job}/execute", "{}", ("x-syncmcp-adopt", """["a","\u00fc"]"""));
        await engine.EndOfAsync(job, (string)started["id"]!);
        Assert.Equal(["a", "ü"], adopted!.Order());
        await engine.RunAsync(job);
        Assert.Equal(2, adopted!.Count);
        await engine.PutAsync($"jobs/{job}", """{"destination_connection":"elsewhere"}""");
        await engine.RunAsync(job);
        Assert.Empty(adopted!);
        Assert.Contains("x-syncmcp-adopt", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}", ("x-syncmcp-adopt", "a")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_ETag_stops_an_execute()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var tag = (await engine.SendAsync(HttpMethod.Get, $"jobs/{job}", null)).ETag!;
        await engine.RunAsync(job);
        Assert.Equal(tag, (await engine.SendAsync(HttpMethod.Get, $"jobs/{job}", null)).ETag); // runs do not change it
        await engine.PostAsync($"jobs/{job}/tasks", """{"table":"b"}""");
        foreach (var action in (string[])["execute", "cancel"])
            Assert.StartsWith("412", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/{action}", "{}", ("If-Match", tag)), StringComparison.Ordinal);
    }
}
