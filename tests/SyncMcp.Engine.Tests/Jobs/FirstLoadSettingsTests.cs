namespace SyncMcp.Engine.Tests.Jobs;

/// <summary>What is refused when a job is stored, and what a job shows that its destination cannot do.</summary>
public sealed class FirstLoadSettingsTests
{
    [Theory]
    [InlineData("""{"replicate_start_date":"yesterday"}""", "replicate_start_date")]
    [InlineData("""{"replicate_start_date":"31.01.2026"}""", "replicate_start_date")]
    [InlineData("""{"replicate_start_date":"2026-02-30"}""", "replicate_start_date")]
    [InlineData("""{"replicate_start_date":"1e3"}""", "replicate_start_date")]
    [InlineData("""{"replicate_interval_unit":"days"}""", "replicate_interval_unit")]
    public async Task A_start_that_is_none_and_a_unit_alone_are_refused(string settings, string names)
    {
        await using var session = await JobSession.StartAsync();
        var refusal = await session.RefusedAsync(HttpMethod.Post, "workspaces/default/jobs",
            $$"""{"name":"x","source_connection":"source","destination_connection":"destination","settings":{{settings}}}""");
        Assert.StartsWith("400 invalid_start", refusal, StringComparison.Ordinal);
        Assert.Contains(names, refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_at_a_destination_without_schemas_is_stored_said_and_not_run()
    {
        await using var session = await JobSession.StartAsync();
        var job = await session.JobAsync(members: ""","settings":{"destination_schema":"sales"}""", tables: "orders");
        Assert.Contains("SQLite has no schemas", (string)(await session.GetAsync($"jobs/{job}"))["not_supported"]![0]!, StringComparison.Ordinal);
        Assert.Contains("SQLite has no schemas", await session.RefusedAsync(HttpMethod.Post, $"jobs/{job}/execute", "{}"), StringComparison.Ordinal);
        await session.PutAsync($"jobs/{job}", """{"settings":{"destination_schema":null}}""");
        Assert.Equal("Successful", (string?)(await session.RunAsync(job))["status"]);
    }

    [Fact]
    public async Task As_many_tasks_as_the_worker_pool_holds_work_at_once_and_no_more()
    {
        await using var session = await JobSession.StartAsync();
        var job = await session.JobAsync(members: ""","settings":{"enable_parallel_processing":true,"worker_pool":3}""", tables: ["a", "b", "c", "d", "e", "f"]);
        var (now, most) = (0, 0);
        var three = new TaskCompletionSource();
        var sync = new Lock();
        session.Replicate = async (plan, _, ct) =>
        {
            lock (sync)
            {
                most = Math.Max(most, ++now);
                if (now == 3)
                    three.TrySetResult();
            }

            await three.Task.WaitAsync(JobSession.Patience, ct); // nobody ends before three are at work
            await Task.Yield();
            lock (sync)
                now--;
            return JobSession.Done(plan, 1, 1);
        };
        var run = await session.RunAsync(job);
        Assert.Equal("Successful", (string?)run["status"]);
        Assert.Equal(3, most);
    }
}
