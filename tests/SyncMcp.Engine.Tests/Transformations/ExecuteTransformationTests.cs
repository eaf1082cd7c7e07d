using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Transformations;

public sealed class ExecuteTransformationTests
{
    [Fact]
    public async Task Statements_run_in_order_and_tell_the_rows_they_affected()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE orders (id INTEGER PRIMARY KEY, gross REAL, net REAL); INSERT INTO orders (id, gross) VALUES (1, 12), (2, 24), (3, 36)");
        var id = await place.TransformationAsync(
            ""","name":"net" """,
            "UPDATE orders SET net = gross / 1.2 WHERE id < 3",
            "CREATE TABLE big AS SELECT * FROM orders WHERE net > 15;",
            "INSERT INTO big SELECT * FROM orders WHERE net IS NULL -- the rest");
        Assert.Equal("Idle", (string?)(await engine.GetAsync($"transformations/{id}/status"))["status"]);
        var run = await place.RunAsync(id);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal(id, (string?)run["transformation"]!["id"]);
        Assert.Equal([2, 1, 1], run["tasks"]!.AsArray().Select(task => (int)task!["records_affected"]!));
        Assert.Equal(4, (int)run["records_affected"]!);
        Assert.Equal(2L, place.Sql("SELECT count(*) FROM big"));

        var shown = await engine.GetAsync($"transformations/{id}");
        Assert.Equal("Successful", (string?)shown["status"]);
        Assert.Equal((string?)run["id"], (string?)shown["last_run"]!["id"]);
        Assert.Equal("Successful", (string?)(await engine.GetAsync($"transformations/{id}/status"))["status"]);
        var last = (await engine.GetAsync($"transformations/{id}/tasks/last-run"))["value"]!.AsArray();
        Assert.Equal([2, 1, 1], last.Select(task => (int)task!["records_affected"]!));
        var task = (string)(await engine.GetAsync($"transformations/{id}/tasks"))["value"]![0]!["id"]!;
        Assert.Equal(1, (int)(await engine.GetAsync($"transformations/{id}/tasks/{task}/history"))["total"]!);
    }

    [Fact]
    public async Task A_statement_that_fails_undoes_those_before_it_and_is_named_with_the_databases_words()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a); INSERT INTO t VALUES (1)");
        var id = await place.TransformationAsync(""","name":"t" """, "DELETE FROM t", "UPDATE t SET nett = 1", "INSERT INTO t VALUES (2)");
        var run = await place.RunAsync(id);
        Assert.Equal("1 of 3 Tasks Failed", (string?)run["status"]);
        Assert.Contains("task 2 (", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("no such column: nett", (string?)run["details"], StringComparison.Ordinal);
        Assert.Contains("UPDATE t SET nett = 1", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(["SKIPPED", "Failed", "SKIPPED"], run["tasks"]!.AsArray().Select(task => (string)task!["status"]!));
        Assert.Equal("Not begun: a task before it failed.", (string?)run["tasks"]![2]!["details"]); // no setting of a transformation goes on
        Assert.Contains("Undone (1 rows affected)", (string?)run["tasks"]![0]!["details"], StringComparison.Ordinal);
        Assert.Equal(0, (int)run["records_affected"]!);
        Assert.Equal(1L, place.Sql("SELECT count(*) FROM t WHERE a = 1"));
    }

    [Fact]
    public async Task What_cannot_run_here_says_so_at_once()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        var dbt = await place.TransformationAsync(""","name":"dbt","type":"DBT" """);
        Assert.StartsWith("400 not_on_this_server", await engine.RefusedAsync(HttpMethod.Post, $"transformations/{dbt}/execute", "{}"), StringComparison.Ordinal);
        var none = await place.TransformationAsync(""","name":"none" """);
        Assert.StartsWith("400 no_tasks", await engine.RefusedAsync(HttpMethod.Post, $"transformations/{none}/execute", "{}"), StringComparison.Ordinal);
        Assert.StartsWith("404", await engine.RefusedAsync(HttpMethod.Post, "transformations/nope/execute", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_commit_a_crash_hid_is_not_worked_again()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var id = await place.TransformationAsync(""","name":"t" """, "INSERT INTO t VALUES (1), (2)", "INSERT INTO t VALUES (3)");
        var run = (string)(await place.RunAsync(id))["id"]!;
        // As if the process had been killed between the commit at the destination and the end of the row.
        await engine.Store.WriteAsync(
            session =>
            {
                session.Execute("UPDATE run SET finished_at = NULL, status = 'In progress', state = 'Running', claimed_by = 'gone', records_affected = 0 WHERE id = @id", ("@id", run));
                session.Execute("UPDATE task_run SET finished_at = NULL, status = 'In progress', state = 'Running', records_affected = 0 WHERE run_id = @id", ("@id", run));
            },
            JobSession.Ct);
        await engine.RestartAsync();
        var end = await place.EndOfAsync(id, run);
        Assert.Equal("Successful", (string?)end["status"]);
        Assert.Equal([2, 1], end["tasks"]!.AsArray().Select(task => (int)task!["records_affected"]!));
        Assert.Equal(3L, place.Sql("SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData(true, "Successful", 1L)]
    [InlineData(false, "1 of 2 Tasks Failed", 0L)]
    public async Task A_commit_without_an_answer_is_looked_after(bool committed, string status, long rows)
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var id = await place.TransformationAsync(""","name":"t" """, "INSERT INTO t VALUES (1)", "UPDATE t SET a = 2");
        engine.Sql = runner => new LostAnswer(runner, committed);
        var run = await place.RunAsync(id);
        Assert.Equal(status, (string?)run["status"]);
        Assert.Equal(committed ? 2 : 0, (int)run["records_affected"]!);
        Assert.Equal(committed ? "Successful" : "SKIPPED", (string?)run["tasks"]![0]!["status"]);
        Assert.Equal(rows, place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_is_done_once_from_the_begin()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var id = await place.TransformationAsync(
            ""","name":"t" """, "INSERT INTO t VALUES (1)", "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n");
        var run = await place.ExecuteAsync(id);
        await engine.UntilAsync($"transformations/{id}/status", found => (string?)found["tasks"]![1]!["status"] == "In progress");
        await engine.RestartAsync();
        Assert.Equal("Successful", (string?)(await place.EndOfAsync(id, run))["status"]);
        Assert.Equal(2L, place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_run_never_goes_on_with_anything_but_what_it_was_started_with()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var id = await place.TransformationAsync(""","name":"t" """, "INSERT INTO t VALUES (1)");
        var test = new TaskCompletionSource();
        var blocked = new TaskCompletionSource();
        engine.Test = _ =>
        {
            blocked.TrySetResult();
            test.Task.Wait(JobSession.Patience, JobSession.Ct);
            return null;
        };
        var run = await place.ExecuteAsync(id);
        await blocked.Task.WaitAsync(JobSession.Patience, JobSession.Ct);
        var stop = engine.RestartAsync();
        test.SetException(new ReplicationException("stop", "stop"));
        await stop;
        Assert.Equal("Error", (string?)(await place.EndOfAsync(id, run))["status"]);
        Assert.Equal(0L, place.Sql("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_schedule_runs_it()
    {
        await using var engine = await JobSession.StartAsync();
        var place = new SqlDestination(engine);
        place.Sql("CREATE TABLE t (a)");
        var id = await place.TransformationAsync(""","name":"t" """, "INSERT INTO t VALUES (1)");
        await engine.PutAsync($"transformations/{id}", """{"trigger":{"type":"Scheduled","schedule_cron":"* * * * * *"}}""");
        var first = (await engine.UntilAsync($"transformations/{id}/history?status=Successful", found => (long)found["total"]! > 0))["value"]![0]!;
        Assert.Equal("schedule", (string?)first["triggered_by"]);
        await engine.PutAsync($"transformations/{id}", """{"trigger":{"type":"None"}}""");
        await engine.UntilAsync($"transformations/{id}/status", found => found["finished_at"] is not null);
    }

    /// <summary>The connection breaks at the commit: before the destination has it, or behind.</summary>
    private sealed class LostAnswer(ISqlRunner inner, bool committed) : ISqlRunner
    {
        public IReadOnlyList<long>? Begin(string transformationId, string runId) => inner.Begin(transformationId, runId);

        public long Execute(string statement) => inner.Execute(statement);

        public void Commit(IReadOnlyList<long> affected)
        {
            if (committed)
                inner.Commit(affected);
            throw new ReplicationException("connection_lost", "the connection broke");
        }

        public void Dispose() => inner.Dispose();
    }
}
