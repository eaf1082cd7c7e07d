using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Client.Jobs;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Runs;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_job_that_never_ran_is_idle()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        Assert.Equal("Idle", (string?)(await engine.GetAsync($"jobs/{job}/status"))["status"]);
        Assert.Equal("Idle", (string?)(await engine.GetAsync($"jobs/{job}/tasks/last-run"))["value"]![0]!["status"]);
        Assert.Equal("""{"value":[],"total":0}""", (await engine.GetAsync($"jobs/{job}/history")).ToJsonString());
    }

    [Fact]
    public async Task Status_shows_the_present_numbers_of_each_task()
    {
        var time = new FakeTimeProvider(Begin);
        await using var engine = await JobSession.StartAsync(time);
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        engine.Replicate = async (plan, observer, ct) =>
        {
            if (plan.Table == "a")
                return JobSession.Done(plan, 100, 50);
            time.Advance(TimeSpan.FromSeconds(2));
            observer.Progress(1000, 900); // stored
            observer.Progress(3000, 2000); // too soon after it to be stored
            reached.TrySetResult();
            await release.Task.WaitAsync(ct);
            return JobSession.Done(plan, 4000, 3000);
        };
        var job = await engine.JobAsync(tables: ["a", "b", "c"]);
        var run = await engine.ExecuteAsync(job);
        await reached.Task.WaitAsync(JobSession.Patience, JobSession.Ct);
        var status = await engine.GetAsync($"jobs/{job}/status");
        Assert.Equal("In progress", (string?)status["status"]);
        Assert.Equal(3100, (long)status["rows_read"]!);
        Assert.Equal(2050, (long)status["records_affected"]!);
        Assert.Equal(2000, (long)status["runtime"]!);
        var b = status["tasks"]![1]!;
        Assert.Equal(3000, (long)b["rows_read"]!);
        Assert.Equal(1500, (double)b["rows_per_second"]!);
        Assert.Equal("Starting", (string?)status["tasks"]![2]!["status"]);
        Assert.Equal("In progress", (string?)(await engine.GetAsync($"jobs/{job}"))["status"]);
        release.SetResult();
        var end = await engine.EndOfAsync(job, run);
        Assert.Equal(8100, (long)end["rows_read"]!);
    }

    [Fact]
    public async Task History_is_filtered_by_state_and_time_and_paged_newest_first()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await FillAsync(engine, job, 60, i => (i % 3) switch { 0 => "Successful", 1 => "2 of 3 Tasks Failed", _ => "SKIPPED" });
        var first = await engine.GetAsync($"jobs/{job}/history");
        Assert.Equal(60, (long)first["total"]!);
        Assert.Equal(25, first["value"]!.AsArray().Count);
        Assert.Equal("run-00059", (string?)first["value"]![0]!["id"]);
        Assert.Null(first["value"]![0]!["tasks"]);
        Assert.Equal(["run-00004", "run-00003"], Ids(await engine.GetAsync($"jobs/{job}/history?limit=2&offset=55")));
        foreach (var word in (string[])["failed", "Failed", "2 of 3 tasks failed"])
        {
            var failed = await engine.GetAsync($"jobs/{job}/history?limit=200&status={Uri.EscapeDataString(word)}");
            Assert.Equal(20, (long)failed["total"]!);
            Assert.All(failed["value"]!.AsArray(), run => Assert.Equal("2 of 3 Tasks Failed", (string?)run!["status"]));
        }

        Assert.Equal(20, (long)(await engine.GetAsync($"jobs/{job}/history?status=Succeeded"))["total"]!);
        Assert.Equal(0, (long)(await engine.GetAsync($"jobs/{job}/history?status=nonsense"))["total"]!);
        var between = $"started_after={Uri.EscapeDataString(Begin.AddMinutes(10).ToString("O"))}&started_before={Uri.EscapeDataString(Begin.AddMinutes(14).ToOffset(TimeSpan.FromHours(5)).ToString("O"))}";
        Assert.Equal(["run-00013", "run-00012", "run-00011"], Ids(await engine.GetAsync($"jobs/{job}/history?{between}")));
        Assert.Equal("run-00058", (string?)(await engine.GetAsync($"jobs/{job}/status"))["id"]); // 59 was skipped: no run
        foreach (var (query, says) in new[] { ("limit=0", "`limit` is 0"), ("limit=201", "`limit` is 201"), ("offset=-1", "`offset` is -1"), ("started_after=yesterday", "`started_after` is not a date") })
            Assert.Contains(says, await engine.RefusedAsync(HttpMethod.Get, $"jobs/{job}/history?{query}", null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_runs_page_quickly()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await FillAsync(engine, job, 10_000, i => i % 2 == 0 ? "Successful" : "Failed");
        await engine.GetAsync($"jobs/{job}/history");
        foreach (var path in (string[])["history", "history?offset=9990", "history?status=Failed&limit=200", "status", "tasks/last-run", "tasks"])
        {
            var begun = Stopwatch.GetTimestamp();
            await engine.GetAsync($"jobs/{job}/{path}");
            var took = Stopwatch.GetElapsedTime(begun);
            TestContext.Current.SendDiagnosticMessage("{0}: {1:0.0} ms", path, took.TotalMilliseconds);
            Assert.True(took < TimeSpan.FromMilliseconds(500), $"{path} took {took.TotalMilliseconds} ms"); // usually under 10
        }
    }

    [Fact]
    public async Task A_tasks_own_history_knows_its_runs()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = (plan, _, _) => plan.FullRefresh ? throw new ReplicationException("fenced", "no") : Task.FromResult(JobSession.Done(plan, 10, 7));
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var task = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        var first = (string)(await engine.RunAsync(job))["id"]!;
        await engine.RunAsync(job, """{"full_refresh":true}""");
        await engine.RunAsync(job, """{"task_ids":["b"]}""");
        var history = await engine.GetAsync($"jobs/{job}/tasks/{task}/history");
        Assert.Equal(2, (long)history["total"]!);
        Assert.Equal(["Failed", "Successful"], history["value"]!.AsArray().Select(run => (string)run!["status"]!));
        Assert.Equal("fenced: no", (string?)history["value"]![0]!["details"]);
        Assert.Equal(first, (string?)history["value"]![1]!["instance_id"]);
        Assert.Equal(1, (long)(await engine.GetAsync($"jobs/{job}/tasks/{task}/history?status=failed"))["total"]!);
        Assert.Single((await engine.GetAsync($"jobs/{job}/tasks/{task}/history?limit=1&offset=1"))["value"]!.AsArray());
        Assert.Equal("Failed", (string?)(await engine.GetAsync($"jobs/{job}/tasks/last-run"))["value"]![0]!["status"]);
    }

    [Fact]
    public async Task A_run_of_another_job_is_not_found()
    {
        await using var engine = await JobSession.StartAsync();
        var one = await engine.JobAsync("one", tables: "a");
        var two = await engine.JobAsync("two", tables: "a");
        var run = (string)(await engine.RunAsync(one))["id"]!;
        Assert.StartsWith("404 not_found", await engine.RefusedAsync(HttpMethod.Get, $"jobs/{two}/history/{run}", null), StringComparison.Ordinal);
        Assert.StartsWith("404 not_found", await engine.RefusedAsync(HttpMethod.Get, $"jobs/{two}/history/{run}/log", null), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Ids(System.Text.Json.Nodes.JsonObject list) => list["value"]!.AsArray().Select(run => (string)run!["id"]!);

    private static async Task FillAsync(JobSession engine, string job, int count, Func<int, string> status)
    {
        var task = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        await engine.Store.WriteAsync(
            session =>
            {
                for (var i = 0; i < count; i++)
                {
                    var run = new RunRow { Id = $"run-{i:00000}", Owner = RunOwner.Job(job), Status = status(i), TriggeredBy = "test", StartedAt = Begin.AddMinutes(i), FinishedAt = Begin.AddMinutes(i).AddSeconds(1) };
                    RunTable.Insert(session, run);
                    var part = new TaskRunRow { Id = $"part-{i:00000}", RunId = run.Id, Owner = RunOwner.Job(job), TaskId = task, TaskName = "a", Position = 1, Status = RunStatus.Starting };
                    TaskRunTable.Insert(session, part);
                    TaskRunTable.Save(session, part with { Status = run.Status, StartedAt = run.StartedAt, FinishedAt = run.FinishedAt, DestinationTable = "a" });
                }
            },
            JobSession.Ct);
    }
}
