using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Pipelines;

public sealed class PipelineRecoveryTests
{
    [Fact]
    public async Task A_restart_goes_on_at_the_interrupted_step_with_its_own_run()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        await world.SqlStepAsync("before", "INSERT INTO t VALUES (1)");
        var job = await world.JobStepAsync("orders");
        await world.SqlStepAsync("behind", "INSERT INTO t VALUES (2)");
        var run = await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        await engine.RestartAsync();
        await world.Gate.ReachedAsync();
        world.Gate.Open();
        var end = await world.EndOfAsync(run);
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Contains("interrupted", (string?)end["details"], StringComparison.Ordinal);
        Assert.Equal(2L, world.Place.Sql("SELECT count(*) FROM t"));
        Assert.Equal(1, (int)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
    }

    [Fact]
    public async Task A_step_whose_run_ended_before_the_crash_is_not_run_again()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync();
        var sql = await world.SqlStepAsync("only", "INSERT INTO t VALUES (1)");
        await world.ScriptStepAsync("behind", "1");
        var run = (string)(await world.RunAsync())["id"]!;
        // As if the process had been killed between the end of the step's run and that of the step.
        await engine.Store.WriteAsync(
            session =>
            {
                session.Execute("UPDATE run SET finished_at = NULL, status = 'In progress', state = 'Running', claimed_by = 'gone' WHERE id = @id", ("@id", run));
                session.Execute("UPDATE task_run SET finished_at = NULL, status = 'In progress', state = 'Running' WHERE run_id = @id", ("@id", run));
            },
            JobSession.Ct);
        await engine.RestartAsync();
        var end = await world.EndOfAsync(run);
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Equal(1L, world.Place.Sql("SELECT count(*) FROM t"));
        Assert.Equal(1, (int)(await engine.GetAsync($"transformations/{sql}/history"))["total"]!);
    }

    [Theory]
    [InlineData("transformation")]
    [InlineData("script")]
    [InlineData("step")]
    [InlineData("connection")]
    [InlineData("what the job starts")]
    public async Task Steps_run_only_what_they_would_have_run_when_the_run_was_started(string changed)
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        var job = await world.JobStepAsync("orders");
        var second = await engine.JobAsync("second", tables: "b");
        var sql = await world.SqlStepAsync("net", "INSERT INTO t VALUES (1)");
        var script = await world.ScriptStepAsync("check", "1");
        if (changed == "what the job starts")
            await world.StepAsync("Replication", second);
        var run = await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        switch (changed)
        {
            case "transformation":
                await engine.PostAsync($"transformations/{sql}/tasks", """{"query":"DELETE FROM t"}""");
                break;
            case "script":
                await engine.PutAsync($"pipelines/{world.Id}/events/{script}", """{"script":"fail('x')"}""");
                break;
            case "step":
                await world.StepAsync("Replication", second);
                break;
            case "connection":
                await engine.PutAsync($"connections/{engine.DestinationId}", """{"properties":{"Data Source":"elsewhere.db"}}""");
                break;
            default:
                await world.Place.TransformationAsync(""","name":"new","trigger":{"type":"AfterJob","after_job":"second"}""", "DELETE FROM t");
                break;
        }

        world.Gate.Open(3);
        var end = await world.EndOfAsync(run);
        Assert.Equal("1 of " + end["steps"]!.AsArray().Count + " Steps Failed", (string?)end["status"]);
        Assert.Contains("changed: ", (string?)end["details"], StringComparison.Ordinal);
        Assert.Equal(changed == "what the job starts" ? 1L : 0L, world.Place.Sql("SELECT count(*) FROM t"));
        Assert.Equal(1, (int)(await engine.GetAsync($"jobs/{job}/history"))["total"]!);
    }

    [Fact]
    public async Task What_does_not_change_the_work_stops_no_step()
    {
        await using var engine = await JobSession.StartAsync();
        var world = await new PipelineWorld(engine).OpenAsync(gated: true);
        await world.JobStepAsync("orders");
        var second = await engine.JobAsync("second", tables: "b");
        await world.StepAsync("Replication", second);
        var sql = await world.SqlStepAsync("net", "INSERT INTO t VALUES (1)");
        var run = await world.ExecuteAsync();
        await world.Gate.ReachedAsync();
        // names, labels and schedules of what later steps run
        await engine.PutAsync($"jobs/{second}", """{"name":"renamed","labels":["x"],"schedule":{"cron":"0 0 3 1 1 ?","enabled":false}}""");
        await engine.PutAsync($"transformations/{sql}", """{"name":"renamed too","labels":["x"]}""");
        await engine.PutAsync($"pipelines/{world.Id}", """{"name":"other","labels":["x"],"schedule":{"cron":"0 0 3 1 1 ?","enabled":false}}""");
        await engine.PostAsync($"pipelines/{world.Id}/events", """{"name":"draft","script":"1"}""");

        world.Gate.Open(4);

        Assert.Equal("Successful", (string?)(await world.EndOfAsync(run))["status"]);
        Assert.Equal(1L, world.Place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Sixteen_pipelines_at_once_do_not_wait_for_each_other()
    {
        await using var engine = await JobSession.StartAsync();
        var pipelines = new List<string>();
        for (var i = 0; i < 16; i++)
        {
            var id = (string)(await engine.PostAsync("workspaces/default/pipelines", $$"""{"name":"p{{i}}"}"""))["id"]!;
            var job = await engine.JobAsync($"j{i}", tables: "a");
            await engine.PostAsync($"pipelines/{id}/steps", $$$"""{"type":"Replication","entity":{"id":"{{{job}}}"}}""");
            await engine.PostAsync($"pipelines/{id}/execute");
            pipelines.Add(id);
        }

        foreach (var id in pipelines)
            Assert.Equal("Successful", (string?)(await engine.UntilAsync($"pipelines/{id}/status", found => found["finished_at"] is not null))["status"]);
    }
}
