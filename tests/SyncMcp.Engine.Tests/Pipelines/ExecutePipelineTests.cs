using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Pipelines;

public sealed class ExecutePipelineTests
{
    [Fact]
    public async Task Steps_run_one_after_another_each_with_a_run_of_its_own()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync();
        var job = await world.JobStepAsync("orders");
        var sql = await world.SqlStepAsync("net", "INSERT INTO t VALUES (1), (2)");
        await world.ScriptStepAsync("check", "log('seen', previous.records_affected); if (previous.records_affected !== 2) fail('rows'); ({ ok: true })");
        Assert.Equal("Idle", (string?)(await world.StatusAsync())["status"]);
        var run = await world.RunAsync();
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal("nightly", (string?)run["pipeline"]!["name"]);
        Assert.Equal(["Successful", "Successful", "Successful"], PipelineWorld.States(run));
        Assert.Equal(["orders", "net", "check"], run["steps"]!.AsArray().Select(step => (string)step!["step"]!["name"]!));
        Assert.Equal([7, 2, 0], run["steps"]!.AsArray().Select(step => (int)step!["records_affected"]!));
        Assert.Equal("""The script gave {"ok":true}""", (string?)run["steps"]![2]!["details"]);
        var child = (await engine.GetAsync($"jobs/{job}/history"))["value"]![0]!;
        Assert.Equal((string?)child["id"], (string?)run["steps"]![0]!["instance_id"]);
        Assert.Equal("pipeline nightly", (string?)child["triggered_by"]);
        Assert.Equal("Successful", (string?)(await engine.GetAsync($"transformations/{sql}/status"))["status"]);
        Assert.Equal(1, (int)(await engine.GetAsync($"pipelines/{world.Id}/history"))["total"]!);
        Assert.Equal("Successful", (string?)(await engine.GetAsync($"pipelines/{world.Id}"))["steps"]![1]!["last_run"]!["status"]);
    }

    [Theory]
    [InlineData(false, "1 of 3 Steps Failed", "SKIPPED", 0)]
    [InlineData(true, "1 of 3 Steps Failed", "Successful", 1)]
    public async Task A_failed_step_ends_the_run_unless_the_settings_go_on(bool goesOn, string status, string last, long rows)
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(goesOn ? ""","settings":{"continue_on_error":true}""" : "");
        engine.Replicate = (plan, _, _) => plan.Table == "a" ? throw new ReplicationException("source_missing", "no orders") : Task.FromResult(JobSession.Done(plan, 1, 1));
        await world.ScriptStepAsync("first", "1");
        await world.JobStepAsync("orders");
        await world.SqlStepAsync("net", "INSERT INTO t VALUES (1)");
        var run = await world.RunAsync();
        Assert.Equal(status, (string?)run["status"]);
        Assert.Equal(["Successful", "Failed", last], PipelineWorld.States(run));
        Assert.Contains("no orders", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(rows, world.Place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Disabled_steps_are_left_out_and_a_pipeline_with_nothing_to_do_is_refused()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync();
        Assert.StartsWith("400 no_steps", await engine.RefusedAsync(HttpMethod.Post, $"pipelines/{world.Id}/execute", "{}"), StringComparison.Ordinal);
        var job = await engine.JobAsync(tables: "a");
        await world.StepAsync("Replication", job, ""","enabled":false""");
        Assert.StartsWith("400 no_steps", await engine.RefusedAsync(HttpMethod.Post, $"pipelines/{world.Id}/execute", "{}"), StringComparison.Ordinal);
        await world.ScriptStepAsync("only", "'x'");
        Assert.Single((await world.RunAsync())["steps"]!.AsArray());
    }

    [Fact]
    public async Task Status_shows_the_step_in_progress_and_a_second_start_is_refused()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        var job = await world.JobStepAsync("orders");
        await world.ScriptStepAsync("after", "1");
        var run = await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        var status = await world.StatusAsync();
        Assert.Equal("In progress", (string?)status["status"]);
        Assert.Equal(["In progress", "Starting"], PipelineWorld.States(status));
        Assert.Equal("In progress", (string?)(await engine.GetAsync($"jobs/{job}/status"))["status"]);
        Assert.StartsWith("400 already_running", await engine.RefusedAsync(HttpMethod.Post, $"pipelines/{world.Id}/execute", "{}"), StringComparison.Ordinal);
        Assert.StartsWith("400 already_running", await engine.RefusedAsync(HttpMethod.Delete, $"pipelines/{world.Id}?pipeline_only=true", null), StringComparison.Ordinal);
        world.Gate.Open();
        Assert.Equal("Successful", (string?)(await world.EndOfAsync(run))["status"]);
    }

    [Fact]
    public async Task A_cancel_stops_the_run_of_the_step_too()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        var job = await world.JobStepAsync("orders");
        await world.SqlStepAsync("net", "INSERT INTO t VALUES (1)");
        await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        var answer = await engine.PostAsync($"pipelines/{world.Id}/cancel");
        Assert.Equal("Canceled", (string?)answer["status"]);
        Assert.Equal(["Canceled", "Canceled"], PipelineWorld.States(answer));
        Assert.Equal("Canceled", (string?)(await engine.GetAsync($"jobs/{job}/status"))["status"]);
        Assert.Equal(0L, world.Place.Sql("SELECT count(*) FROM t"));
        Assert.StartsWith("400 not_running", await engine.RefusedAsync(HttpMethod.Post, $"pipelines/{world.Id}/cancel", "{}"), StringComparison.Ordinal);
        world.Gate.Open();
        Assert.Equal("Successful", (string?)(await world.RunAsync())["status"]);
    }

    [Fact]
    public async Task A_cancel_of_the_steps_own_run_fails_the_step()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        var job = await world.JobStepAsync("orders");
        var run = await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        await engine.PostAsync($"jobs/{job}/cancel");
        var end = await world.EndOfAsync(run);
        Assert.Equal("1 of 1 Steps Failed", (string?)end["status"]);
        Assert.Contains("Canceled by admin", (string?)end["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_step_cannot_run_is_its_failure()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(""","settings":{"continue_on_error":true}""");
        var gone = await world.ScriptStepAsync("gone", "1");
        await world.ScriptStepAsync("python", "import os");
        var dbt = await world.Place.TransformationAsync(""","name":"dbt","type":"DBT" """);
        await world.StepAsync("Transformation", dbt);
        await engine.Store.WriteAsync(session => session.Execute("DELETE FROM event WHERE id = @id", ("@id", gone)), JobSession.Ct);
        var run = await world.RunAsync();
        Assert.Equal("3 of 3 Steps Failed", (string?)run["status"]);
        foreach (var says in (string[])["entity_missing", "Python is not supported by the embedded engine", "the embedded engine runs SQL only"])
            Assert.Contains(says, (string?)run["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transformation_that_is_a_step_is_not_started_by_its_trigger_too()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync();
        var job = await world.JobStepAsync("orders");
        var sql = await world.SqlStepAsync("net", "INSERT INTO t VALUES (1)");
        await engine.PutAsync($"transformations/{sql}", """{"trigger":{"type":"AfterJob","after_job":"orders"}}""");
        Assert.Equal("Successful", (string?)(await world.RunAsync())["status"]);
        Assert.Equal(1, (int)(await engine.GetAsync($"transformations/{sql}/history"))["total"]!);
        await engine.RunAsync(job);
        await world.Place.HistoryAsync(sql, 2);
    }

    [Fact]
    public async Task A_schedule_runs_it()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(""","schedule":{"enabled":true,"cron":"* * * * * *"}""");
        await world.ScriptStepAsync("only", "1");
        var first = (await engine.UntilAsync($"pipelines/{world.Id}/history?status=Successful", found => (long)found["total"]! > 0))["value"]![0]!;
        Assert.Equal("schedule", (string?)first["triggered_by"]);
        await engine.PutAsync($"pipelines/{world.Id}", """{"schedule":{"enabled":false}}""");
        await engine.UntilAsync($"pipelines/{world.Id}/status", found => found["finished_at"] is not null);
    }
}
