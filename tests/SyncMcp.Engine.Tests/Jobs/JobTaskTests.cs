using System.Text.Json.Nodes;

namespace SyncMcp.Engine.Tests.Jobs;

public sealed class JobTaskTests
{
    [Fact]
    public async Task A_stored_query_that_this_version_cannot_read_is_shown_and_mended_but_not_run()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        await engine.Store.WriteAsync(session => session.Execute("UPDATE job SET tasks = json_set(tasks, '$.value[0].query', 'REPLICATE [a] of former days')"), JobSession.Ct);

        Assert.Single((await engine.GetAsync("workspaces/default/jobs"))["value"]!.AsArray());
        Assert.Contains("cannot be read by this version", (await engine.GetAsync($"jobs/{job}"))["not_supported"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("cannot be read by this version", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        await engine.PutAsync($"jobs/{job}", """{"name":"renamed"}""");

        var task = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        await engine.PutAsync($"jobs/{job}/tasks/{task}", """{"query":"REPLICATE [a]"}""");
        Assert.Equal("Successful", (string?)(await engine.RunAsync(job))["status"]);
    }

    [Fact]
    public async Task A_task_by_table_bears_its_name_and_stands_last()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var task = (await engine.SendAsync(HttpMethod.Post, $"jobs/{job}/tasks", """{"table":"order lines"}""")).Expect(201).Json;
        Assert.Equal("order lines", (string?)task["name"]);
        Assert.Equal(2, (int)task["position"]!);
        Assert.True((bool)task["enabled"]!);
        Assert.Equal(job, (string?)task["job"]!["id"]);
        Assert.True(JsonNode.DeepEquals(task, await engine.GetAsync($"jobs/{job}/tasks/{task["id"]}")));
    }

    [Fact]
    public async Task A_task_by_query_is_named_after_its_destination()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync();
        var task = await engine.PostAsync($"jobs/{job}/tasks", """{"query":"REPLICATE [eu] SELECT * FROM [orders]"}""");
        Assert.Equal("eu", (string?)task["name"]);
    }

    [Theory]
    [InlineData("{}", "table_or_query: A task needs `table`")]
    [InlineData("""{"table":" "}""", "`table` is blank")]
    [InlineData("""{"query":"REPLICATE [_syncmcp_checkpoint] SELECT * FROM [a]"}""", "name_refused: `_syncmcp_checkpoint` cannot be a destination table")]
    [InlineData("""{"query":"REPLICATE [b] SELECT FROM [a]"}""", "invalid_query: `query`: REPLICATE statement, position 22:")]
    [InlineData("""{"query":"DROP TABLE a"}""", "^")]
    [InlineData("""{"table":"A"}""", "same_destination: Tasks a and A would both write the destination table A")]
    [InlineData("""{"query":"REPLICATE [a] SELECT * FROM [b]"}""", "same_destination")]
    [InlineData("""{"table":"b","position":0}""", "`position` is 0; at least 1")]
    [InlineData("""{"table":"b","tabel":"c"}""", "Unknown member `tabel`. Did you mean `table`?")]
    public async Task A_task_that_cannot_be_is_refused_with_the_way_out(string body, string says)
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var refusal = await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/tasks", body);
        Assert.StartsWith("400 ", refusal, StringComparison.Ordinal);
        Assert.Contains(says, refusal, StringComparison.Ordinal);
        Assert.Equal(1, (long)(await engine.GetAsync($"jobs/{job}/tasks"))["total"]!);
    }

    [Fact]
    public async Task Positions_put_tasks_in_order_and_beyond_the_end_means_the_end()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var c = (string)(await engine.PostAsync($"jobs/{job}/tasks", """{"table":"c","position":1}"""))["id"]!;
        Assert.Equal("cab", await OrderAsync(engine, job));
        Assert.Equal(3, (int)(await engine.PostAsync($"jobs/{job}/tasks/{c}/move", """{"position":99}"""))["position"]!);
        Assert.Equal("abc", await OrderAsync(engine, job));
        await engine.PostAsync($"jobs/{job}/tasks/{c}/move", """{"position":2}""");
        Assert.Equal("acb", await OrderAsync(engine, job));
        await engine.RestartAsync();
        Assert.Equal("acb", await OrderAsync(engine, job));
        Assert.Contains("`position` is required", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/tasks/{c}/move", "{}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_changes_what_is_given_and_null_clears()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        var id = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        var task = await engine.PutAsync($"jobs/{job}/tasks/{id}", """{"query":"REPLICATE [z] SELECT * FROM [a]","incremental_check_column":"at","enabled":false}""");
        Assert.Equal("z", (string?)task["name"]);
        task = await engine.PutAsync($"jobs/{job}/tasks/{id}", """{"query":null,"table":"b"}""");
        Assert.Equal("b", (string?)task["name"]); // a name that nobody chose follows the table
        Assert.Null(task["query"]);
        Assert.Equal("at", (string?)task["incremental_check_column"]);
        Assert.False((bool)task["enabled"]!);
        task = await engine.PutAsync($"jobs/{job}/tasks/{id}", """{"name":"mine","incremental_check_column":null}""");
        Assert.Null(task["incremental_check_column"]);
        task = await engine.PutAsync($"jobs/{job}/tasks/{id}", """{"table":"c"}""");
        Assert.Equal("mine", (string?)task["name"]);
        Assert.Contains("table_or_query", await engine.RefusedAsync(HttpMethod.Put, $"jobs/{job}/tasks/{id}", """{"table":null}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prefix_cannot_make_two_tasks_meet_but_a_changed_query_can()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        await engine.PutAsync($"jobs/{job}", """{"settings":{"table_name_prefix":"x_"}}""");
        var b = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![1]!["id"]!;
        Assert.Contains("x_a", await engine.RefusedAsync(HttpMethod.Put, $"jobs/{job}/tasks/{b}", """{"query":"REPLICATE [a] SELECT * FROM [b]"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disabled_tasks_are_left_out_of_runs()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var a = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        await engine.PutAsync($"jobs/{job}/tasks/{a}", """{"enabled":false}""");
        Assert.Equal("b", (string?)(await engine.RunAsync(job))["tasks"]!.AsArray().Single()!["task"]!["name"]);
        Assert.Contains("task_disabled", await engine.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", """{"task_ids":["a"]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_task_is_gone_and_its_part_of_old_runs_stays()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: ["a", "b"]);
        var run = (string)(await engine.RunAsync(job))["id"]!;
        var a = (string)(await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!["id"]!;
        (await engine.SendAsync(HttpMethod.Delete, $"jobs/{job}/tasks/{a}", null)).Expect(204);
        Assert.Equal("b", await OrderAsync(engine, job));
        Assert.Equal(2, (await engine.GetAsync($"jobs/{job}/history/{run}"))["tasks"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_task_shows_its_last_run_with_check_column_and_checkpoint()
    {
        await using var engine = await JobSession.StartAsync();
        var job = await engine.JobAsync(tables: "a");
        await engine.RunAsync(job);
        var task = (await engine.GetAsync($"jobs/{job}/tasks"))["value"]![0]!;
        Assert.Equal("42", (string?)task["checkpoint"]);
        Assert.Equal("updated_at", (string?)task["check_column_used"]);
        Assert.Null(task["incremental_check_column"]); // what a person set, and part of the definition: a run does not change it
        Assert.Equal(10, (long)task["last_run"]!["rows_read"]!);
        var last = (await engine.GetAsync($"jobs/{job}/tasks/last-run"))["value"]![0]!;
        Assert.Equal("Successful", (string?)last["status"]);
        Assert.Equal("a", (string?)last["task"]!["name"]);
    }

    private static async Task<string> OrderAsync(JobSession engine, string job) =>
        string.Concat((await engine.GetAsync($"jobs/{job}/tasks"))["value"]!.AsArray().Select(task => (string)task!["name"]!));
}
