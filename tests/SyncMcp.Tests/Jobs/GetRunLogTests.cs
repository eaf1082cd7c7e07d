using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Jobs;

public sealed class GetRunLogTests
{
    [Fact]
    public async Task The_log_tells_the_run_line_by_line()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var run = (string?)(await shop.RunWellAsync(await shop.JobAsync("customers")))["id"];

        var log = (await session.CallAsync("get_run_log", new { job_id = "copy", history_id = run })).Ok();

        var lines = log.Result["lines"]!.AsArray();
        Assert.Contains("Run of copy started by admin", (string?)lines[0]!["text"], StringComparison.Ordinal);
        Assert.Contains("Successful", (string?)lines[^1]!["text"], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => (int)line!["line"]!));
        Assert.Contains("/result/lines/*/text", log.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task Its_end_its_rest_and_its_matches_are_read_alone()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var run = (string?)(await shop.RunWellAsync(await shop.JobAsync("customers")))["id"];
        async Task<System.Text.Json.Nodes.JsonObject> LogAsync(object arguments) => (await session.CallAsync("get_run_log", arguments)).Ok().Result;
        var last = (int)(await LogAsync(new { job_id = "copy", history_id = run }))["last"]!;

        Assert.Equal(last, (int)Assert.Single((await LogAsync(new { job_id = "copy", history_id = run, tail = 1 }))["lines"]!.AsArray())!["line"]!);
        Assert.Equal(last - 1, (await LogAsync(new { job_id = "copy", history_id = run, after = 1 }))["lines"]!.AsArray().Count);
        Assert.Empty((await LogAsync(new { job_id = "copy", history_id = run, after = last }))["lines"]!.AsArray());
        Assert.Contains("Run ended", (string?)Assert.Single((await LogAsync(new { job_id = "copy", history_id = run, grep = "run ENDED" }))["lines"]!.AsArray())!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_not_there_and_a_tail_out_of_range_are_refused()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var run = (string?)(await shop.RunWellAsync(await shop.JobAsync("customers")))["id"];

        (await session.CallAsync("get_run_log", new { job_id = "copy", history_id = "nope" })).Refused("not_found").Naming("nope", "list_job_history");
        (await session.CallAsync("get_run_log", new { job_id = "copy", history_id = run, tail = 1_001 })).Refused("invalid_arguments").Naming("`tail`", "1000");
        (await session.CallAsync("get_run_log", new { job_id = "copy", history_id = run, lines = 10 })).Refused("invalid_arguments").Naming("`lines`");
    }
}
