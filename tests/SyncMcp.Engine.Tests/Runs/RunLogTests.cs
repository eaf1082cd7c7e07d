using System.Text.Json.Nodes;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Jobs;

namespace SyncMcp.Engine.Tests.Runs;

public sealed class RunLogTests
{
    [Fact]
    public async Task Lines_are_numbered_cut_and_named_after_their_task()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = (plan, observer, _) =>
        {
            observer.Log(LogLevel.Info, "first\r\nsecond\u2028third");
            observer.Log(LogLevel.Info, new string('x', 2000));
            observer.Log(LogLevel.Transfer, "a batch");
            return Task.FromResult(JobSession.Done(plan, 10, 7));
        };
        var job = await engine.JobAsync(tables: "a");
        var log = await LogAsync(engine, job);
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(line => (int)line!["line"]!));
        Assert.Equal("Run of orders started by admin.", Text(log, 0));
        Assert.Equal("a: first second third", Text(log, 1));
        Assert.Equal(500, Text(log, 2).Length);
        Assert.EndsWith("…", Text(log, 2), StringComparison.Ordinal);
        Assert.StartsWith("a: Successful: 10 rows read, 7 affected in a", Text(log, 3), StringComparison.Ordinal);
        Assert.Equal("Run ended: Successful. Completed", Text(log, 4));
        Assert.Equal(5, log.Count);
    }

    [Theory]
    [InlineData("None", 0)]
    [InlineData("Error", 2)]
    [InlineData("Info", 4)]
    [InlineData("Transfer", 5)]
    [InlineData("Verbose", 6)]
    public async Task The_jobs_verbosity_says_how_much_is_kept(string verbosity, int lines)
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = (_, observer, _) =>
        {
            observer.Log(LogLevel.Verbose, "row");
            observer.Log(LogLevel.Transfer, "batch");
            observer.Log(LogLevel.Info, "said");
            throw new ReplicationException("source_missing", "gone");
        };
        var job = await engine.JobAsync(members: $$""","settings":{"verbosity":"{{verbosity}}"}""", tables: "a");
        Assert.Equal(lines, (await LogAsync(engine, job)).Count);
    }

    [Fact]
    public async Task The_log_is_read_by_its_tail_after_a_line_and_by_what_it_says()
    {
        await using var engine = await JobSession.StartAsync();
        engine.Replicate = (plan, observer, _) =>
        {
            for (var i = 0; i < 300; i++)
                observer.Log(LogLevel.Info, i % 100 == 0 ? $"50% of Übung_{i}" : $"line {i}");
            return Task.FromResult(JobSession.Done(plan, 1, 1));
        };
        var job = await engine.JobAsync(tables: "a");
        var run = (string)(await engine.RunAsync(job))["id"]!;
        var path = $"jobs/{job}/history/{run}/log";
        var tail = await engine.GetAsync(path);
        Assert.Equal(303, (long)tail["total"]!);
        Assert.Equal(100, tail["lines"]!.AsArray().Count);
        Assert.Equal(303, (long)tail["last"]!);
        Assert.Equal(2, (await engine.GetAsync($"{path}?tail=2"))["lines"]!.AsArray().Count);
        var after = await engine.GetAsync($"{path}?after=200");
        Assert.Equal(201, (int)after["lines"]![0]!["line"]!);
        Assert.Equal(300, (long)after["last"]!);
        Assert.Empty((await engine.GetAsync($"{path}?after=303"))["lines"]!.AsArray());
        foreach (var (grep, count) in new[] { ("50%", 3), ("Übung", 3), ("ÜBUNG", 3), ("G_1", 1), ("%", 3), ("50% OF", 3), ("nothing like it", 0) })
            Assert.Equal(count, (int)(await engine.GetAsync($"{path}?grep={Uri.EscapeDataString(grep)}"))["total"]!);
        Assert.Contains("`tail` is 0", await engine.RefusedAsync(HttpMethod.Get, $"{path}?tail=0", null), StringComparison.Ordinal);
    }

    private static string Text(JsonArray log, int at) => (string)log[at]!["text"]!;

    private static async Task<JsonArray> LogAsync(JobSession engine, string job)
    {
        var run = (string)(await engine.RunAsync(job))["id"]!;
        return (await engine.GetAsync($"jobs/{job}/history/{run}/log"))["lines"]!.AsArray();
    }
}
