using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Transformations;

public sealed class AfterJobTests
{
    [Fact]
    public async Task A_good_run_of_the_job_starts_it_and_no_other_does()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var job = await engine.JobAsync(tables: "a");
        var id = await place.TransformationAsync(""","name":"t","trigger":{"type":"AfterJob","after_job":"orders"}""", "INSERT INTO t VALUES (1)");
        engine.Replicate = (_, _, _) => throw new ReplicationException("source_missing", "no");
        await engine.RunAsync(job);
        engine.Replicate = (plan, _, _) => Task.FromResult(JobSession.Done(plan, 1, 1));
        await engine.RunAsync(job);
        var run = await place.HistoryAsync(id, 1);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal("job orders", (string?)run["triggered_by"]);
        await engine.PutAsync($"transformations/{id}", """{"trigger":{"type":"None"}}""");
        await engine.RunAsync(job);
        await place.HistoryAsync(id, 1);
        Assert.Equal(1L, place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Chosen_tasks_must_all_have_succeeded_in_the_run()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var id = await place.TransformationAsync(""","name":"t","trigger":{"type":"AfterJob","after_job":"orders","after_job_tasks":["b"]}""", "CREATE TABLE IF NOT EXISTS t (a)");
        await engine.RunAsync(job, """{"task_ids":["a"]}""");
        await engine.RunAsync(job, """{"task_ids":["b"]}""");
        await place.HistoryAsync(id, 1);
        await engine.RunAsync(job);
        await place.HistoryAsync(id, 2);
    }

    [Fact]
    public async Task What_still_runs_is_skipped_and_its_history_says_so()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        var job = await engine.JobAsync(tables: "a");
        var id = await place.TransformationAsync(""","name":"t","trigger":{"type":"AfterJob","after_job":"orders"}""", "CREATE TABLE IF NOT EXISTS t (a)");
        var busy = new SyncMcp.Engine.Runs.RunRow
        {
            Id = "busy",
            Owner = SyncMcp.Engine.Runs.RunOwner.Transformation(id),
            Status = "In progress",
            TriggeredBy = "test",
            StartedAt = TimeProvider.System.GetUtcNow(),
        };
        await engine.Store.WriteAsync(session => SyncMcp.Engine.Runs.RunTable.Insert(session, busy), JobSession.Ct);
        await engine.RunAsync(job);
        var skipped = (await engine.GetAsync($"transformations/{id}/history"))["value"]![0]!;
        Assert.Equal("SKIPPED", (string?)skipped["status"]);
        Assert.Contains("while run busy went on", (string?)skipped["details"], StringComparison.Ordinal);
        await engine.Store.WriteAsync(session => SyncMcp.Engine.Runs.RunTable.DeleteOf(session, busy.Owner), JobSession.Ct);
    }

    [Theory]
    [InlineData("statement")]
    [InlineData("trigger")]
    [InlineData("connection")]
    public async Task What_was_changed_while_the_job_ran_waits_for_the_next_run(string changed)
    {
        // Whoever let the job run saw other SQL.
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        var gate = new Runs.Gate();
        engine.Replicate = gate.Replicate;
        var job = await engine.JobAsync(tables: "a");
        var id = await place.TransformationAsync(
            changed == "trigger" ? ""","name":"t" """ : ""","name":"t","trigger":{"type":"AfterJob","after_job":"orders"}""", "CREATE TABLE IF NOT EXISTS t (a)");
        var run = await engine.ExecuteAsync(job);
        await gate.ReachedAsync();
        if (changed == "statement")
            await engine.PostAsync($"transformations/{id}/tasks", """{"query":"DROP TABLE t"}""");
        else if (changed == "trigger")
            await engine.PutAsync($"transformations/{id}", """{"trigger":{"type":"AfterJob","after_job":"orders"}}""");
        else
            await engine.PutAsync($"connections/{engine.DestinationId}", """{"properties":{"Data Source":"elsewhere.db"}}""");
        gate.Open();
        await engine.EndOfAsync(job, run);
        var entry = await place.HistoryAsync(id, 1);
        Assert.Equal("SKIPPED", (string?)entry["status"]);
        Assert.Contains("was changed after run", (string?)entry["details"], StringComparison.Ordinal);
        gate.Open();
        await engine.RunAsync(job);
        await place.HistoryAsync(id, 2);
    }
}
