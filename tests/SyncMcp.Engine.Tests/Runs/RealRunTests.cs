using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Tests.Jobs;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Runs;

/// <summary>The whole line with nothing replaced: HTTP, store, scheduler, connectors, files.</summary>
public sealed class RealRunTests
{
    private const string Orders = "CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, updated_at TEXT); "
        + "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO orders SELECT i, 'ünï ' || i, '2026-01-01T00:00:00Z' FROM n;";

    [Fact]
    public async Task Rows_arrive_and_only_changed_ones_come_again()
    {
        await using var engine = await EngineSession.StartAsync();
        var job = await JobAsync(engine, Orders, """{"table":"orders"}""");
        var run = await RunAsync(engine, job);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal(1000, (long)run["records_affected"]!);
        Assert.Equal(1000, Scalar(engine, "copy.db", "SELECT count(*) FROM orders WHERE what = 'ünï ' || id"));
        var task = (await engine.Get($"/jobs/{job}/tasks")).Expect(200).Value[0]!;
        Assert.Equal("updated_at", (string?)task["check_column_used"]);
        Assert.NotNull(task["checkpoint"]);

        Scalar(engine, "shop.db", "UPDATE orders SET what = 'new', updated_at = '2026-02-01T00:00:00Z' WHERE id <= 10; SELECT 1");
        Assert.Equal(10, (long)(await RunAsync(engine, job))["records_affected"]!);
        Assert.Equal(10, Scalar(engine, "copy.db", "SELECT count(*) FROM orders WHERE what = 'new'"));
        await engine.RestartAsync();
        Assert.Equal(0, (long)(await RunAsync(engine, job))["records_affected"]!);
    }

    [Fact]
    public async Task A_table_that_the_job_did_not_make_is_written_only_when_it_was_adopted()
    {
        await using var engine = await EngineSession.StartAsync();
        var job = await JobAsync(engine, Orders, """{"table":"orders"}""");
        Scalar(engine, "copy.db", "CREATE TABLE orders (id INTEGER PRIMARY KEY, what TEXT, updated_at TEXT); SELECT 1");
        var run = await RunAsync(engine, job);
        Assert.Equal("1 of 1 Tasks Failed", (string?)run["status"]);
        Assert.Contains("table_not_owned", (string?)run["details"], StringComparison.Ordinal);
        Assert.Equal(0, Scalar(engine, "copy.db", "SELECT count(*) FROM orders"));
        var adopted = (await engine.Post($"/jobs/{job}/execute", "{}", ("x-syncmcp-adopt", """["orders"]"""))).Expect(202);
        Assert.Equal("Successful", (string?)(await EndAsync(engine, job, adopted.Id))["status"]);
        Assert.Equal(1000, Scalar(engine, "copy.db", "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task A_source_file_that_is_missing_ends_the_run_with_its_name()
    {
        await using var engine = await EngineSession.StartAsync();
        var job = await JobAsync(engine, Orders, """{"table":"orders"}""");
        File.Delete(Path.Combine(engine.Files, "shop.db"));
        var run = await RunAsync(engine, job);
        Assert.Equal("1 of 1 Tasks Failed", (string?)run["status"]);
        Assert.Contains("shop.db", (string?)run["details"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_run_that_is_canceled_stops_soon_and_the_next_one_completes_it()
    {
        await using var engine = await EngineSession.StartAsync();
        var job = await JobAsync(engine, Orders.Replace("1000", "400000", StringComparison.Ordinal), """{"table":"orders"}""");
        await engine.Put($"/jobs/{job}", """{"settings":{"batch_size":1000}}""");
        var id = (await engine.Post($"/jobs/{job}/execute")).Expect(202).Id;
        while ((long?)(await engine.Get($"/jobs/{job}/status")).Json["rows_read"] is null or 0)
            await Task.Delay(5, JobSession.Ct);
        var canceled = (await engine.Post($"/jobs/{job}/cancel")).Expect(200);
        Assert.Equal("Canceled", (string?)canceled.Json["status"]);
        Assert.InRange(Scalar(engine, "copy.db", "SELECT count(*) FROM orders"), 1, 399_999);
        Assert.Equal(id, canceled.Id);
        Assert.Equal("Successful", (string?)(await RunAsync(engine, job))["status"]);
        Assert.Equal(400_000, Scalar(engine, "copy.db", "SELECT count(*) FROM orders WHERE what = 'ünï ' || id"));
    }

    [Fact]
    public async Task A_run_that_a_stop_interrupts_is_completed_after_the_start_with_nothing_lost_or_doubled()
    {
        await using var engine = await EngineSession.StartAsync();
        var job = await JobAsync(engine, Orders.Replace("1000", "400000", StringComparison.Ordinal), """{"table":"orders"}""");
        await engine.Put($"/jobs/{job}", """{"settings":{"batch_size":1000}}""");
        var id = (await engine.Post($"/jobs/{job}/execute")).Expect(202).Id;
        while ((long?)(await engine.Get($"/jobs/{job}/status")).Json["rows_read"] is null or 0)
            await Task.Delay(5, JobSession.Ct);
        await engine.RestartAsync();
        var run = await EndAsync(engine, job, id);
        Assert.Equal("Completed; it was interrupted and resumed.", (string?)run["details"]);
        Assert.Equal(400_000, Scalar(engine, "copy.db", "SELECT count(*) FROM orders WHERE what = 'ünï ' || id"));
        Assert.Equal(400_000, (long)run["records_affected"]!);
    }

    private static async Task<string> JobAsync(EngineSession engine, string sql, string task)
    {
        var source = await engine.ConnectionTo(engine.MakeDatabase("shop.db", sql));
        var destination = await engine.ConnectionTo(engine.MakeDatabase("copy.db", ""));
        var job = (await engine.Post("/workspaces/default/jobs", $$"""{"name":"j","source_connection":"{{source}}","destination_connection":"{{destination}}"}""")).Expect(201).Id;
        (await engine.Post($"/jobs/{job}/tasks", task)).Expect(201);
        return job;
    }

    private static async Task<System.Text.Json.Nodes.JsonObject> RunAsync(EngineSession engine, string job) =>
        await EndAsync(engine, job, (await engine.Post($"/jobs/{job}/execute")).Expect(202).Id);

    private static async Task<System.Text.Json.Nodes.JsonObject> EndAsync(EngineSession engine, string job, string id)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(JobSession.Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(40));
        while (true)
        {
            var run = (await engine.Get($"/jobs/{job}/history/{id}")).Expect(200).Json;
            if (run["finished_at"] is not null)
                return run;
            await Task.Delay(10, patience.Token);
        }
    }

    private static long Scalar(EngineSession engine, string file, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(engine.Files, file), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // tests write their own statements
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
