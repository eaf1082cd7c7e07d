using SyncMcp.Client.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Jobs;

namespace SyncMcp.Engine.Tests.Jobs;

/// <summary>Jobs that make their own tasks.</summary>
public sealed class SyncAllTests
{
    private const string All = ""","type":"SyncAll" """;

    [Fact]
    public async Task Each_table_of_the_source_has_a_task_before_the_run_and_the_definition_stays_what_it_was()
    {
        await using var session = await JobSession.StartAsync();
        List<string> tables = ["a", "b"];
        session.Tables = () => tables;
        var job = await session.JobAsync("all", All);
        var etag = (await session.SendAsync(HttpMethod.Get, $"jobs/{job}", null)).ETag;
        var run = await session.RunAsync(job);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal(["a", "b"], Tasks(run));
        tables.Add("c");
        tables.Remove("a");
        Assert.Equal(["a", "b", "c"], Tasks(await session.RunAsync(job)));
        Assert.Equal(etag, (await session.SendAsync(HttpMethod.Get, $"jobs/{job}", null)).ETag);
    }

    [Fact]
    public async Task An_excluded_table_stays_out_and_a_query_over_a_table_stands_for_it()
    {
        await using var session = await JobSession.StartAsync();
        session.Tables = () => ["a", "b", "c"];
        var job = await session.JobAsync("all", All);
        await session.PostAsync($"jobs/{job}/tasks", """{"table":"a","enabled":false}""");
        await session.PostAsync($"jobs/{job}/tasks", """{"query":"REPLICATE [b2] SELECT * FROM [b]"}""");
        Assert.Equal(["b2", "c"], Tasks(await session.RunAsync(job)));
    }

    [Fact]
    public async Task Chosen_tasks_run_alone_and_new_tables_wait_for_the_next_whole_run()
    {
        await using var session = await JobSession.StartAsync();
        List<string> tables = ["a", "b"];
        session.Tables = () => tables;
        var job = await session.JobAsync("all", All);
        await session.RunAsync(job);
        tables.Add("c");
        Assert.Equal(["b"], Tasks(await session.RunAsync(job, """{"task_ids":["b"]}""")));
        Assert.Equal(["a", "b", "c"], Tasks(await session.RunAsync(job)));
    }

    [Fact]
    public async Task A_source_that_cannot_be_listed_ends_the_run_with_the_reason()
    {
        await using var session = await JobSession.StartAsync();
        session.Tables = () => throw new ReplicationException("source_missing", "shop.db is not there.");
        var run = await session.RunAsync(await session.JobAsync("all", All));
        Assert.Equal("Error", (string?)run["status"]);
        Assert.Contains("shop.db is not there", (string?)run["details"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_job_made_itself_is_no_source_and_two_tables_never_share_a_destination()
    {
        var job = new JobRow { Id = "j", WorkspaceId = "w", Definition = new() { Id = "j", Name = "j" }, CreatedAt = default, UpdatedAt = default, Tasks = [new() { Id = "t", Name = "a", Table = "a" }] };
        Assert.Equal(["b"], NewTables.Tasks(job, [Table("a"), Table("b"), Table("copy_a", "j")]).Select(task => task.Table));
        var error = Assert.Throws<ReplicationException>(() => NewTables.Tasks(job, [Table("A")]));
        Assert.Contains("REPLICATE [A_2] SELECT * FROM [A]", error.Message, StringComparison.Ordinal);
    }

    private static Table Table(string name, string? madeBy = null) => new() { Name = name, MadeByJob = madeBy };

    private static string[] Tasks(System.Text.Json.Nodes.JsonObject run) => [.. run["tasks"]!.AsArray().Select(task => (string)task!["task"]!["name"]!)];
}
