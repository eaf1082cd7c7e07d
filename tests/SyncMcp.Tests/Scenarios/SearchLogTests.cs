using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SyncMcp.Runs;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>The few lines of a log that matter.</summary>
public sealed class SearchLogTests
{
    private const string Connection = "22222222-2222-2222-2222-222222222222";

    [Fact]
    public async Task The_log_of_a_run_is_searched_by_words_and_around_errors()
    {
        await using var session = await SyncSession.StartAsync();
        var shop = await SmallShop.OpenAsync(session);
        var job = await shop.JobAsync("orders", "customers");
        (await session.CallAsync("search_log", new { job_id = job })).Refused("not_found").Naming("never run");
        await shop.RunWellAsync(job);
        var all = (await session.CallAsync("search_log", new { job_id = "copy" })).Ok().Result;
        Assert.Equal((int)all["total"]!, (int)all["matched"]!);
        var some = (await session.CallAsync("search_log", new { job_id = "copy", find = "nothing such|CUSTOMERS" })).Ok();
        Assert.NotEmpty(some.Result["lines"]!.AsArray());
        Assert.All(some.Result["lines"]!.AsArray(), line => Assert.Contains("customers", (string)line!["text"]!, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("/result/lines/*/text", some.Structured["untrusted"]!.AsArray().Select(pointer => (string)pointer!));
        Assert.Equal(0, (int)(await session.CallAsync("search_log", new { job_id = "copy", errors = true })).Ok().Result["matched"]!);

        Sql.Run(shop.SourceFile, "DROP TABLE customers");
        await shop.RunAsync(job);
        var errors = (await session.CallAsync("search_log", new { job_id = "copy", errors = true, around = 1 })).Ok().Result;
        Assert.InRange((int)errors["matched"]!, 1, 10);
        Assert.Contains(errors["lines"]!.AsArray(), line => (string?)line!["level"] == "Error");

        (await session.CallAsync("search_log")).Refused("invalid_arguments").Naming("job_id");
        (await session.CallAsync("search_log", new { job_id = "copy", find = "*|" })).Refused("invalid_arguments").Naming("find");
        (await session.CallAsync("search_log", new { job_id = "copy", until = "soon" })).Refused("invalid_arguments").Naming("until");
        (await session.CallAsync("search_log", new { job_id = "copy", connection_id = "shop" })).Refused("invalid_arguments").Naming("one log");
    }

    [Fact]
    public async Task The_log_of_a_connection_is_read_from_any_server_cut_collapsed_and_between_times()
    {
        await using var server = await StubServer.StartAsync();
        var text = new System.Text.StringBuilder("2026-11-24T06:00:00.000Z Info opened\n");
        for (var i = 0; i < 312; i++)
            text.Append("2026-11-24T06:01:00.000Z Info retrying\n");
        text.Append("2026-11-24 06:02:00 [ERROR] connection refused\n   at the second line of it\n").Append("2026-11-24T06:03:00Z Info ").Append('x', 4_000).Append('\n');
        server.List($"/connections/{Connection}/logs", [new() { ["name"] = "old.log", ["created_at"] = "2026-11-01T00:00:00Z" }, new() { ["name"] = "new.log", ["created_at"] = "2026-11-24T00:00:00Z" }]);
        string? file = null;
        server.On($"POST /connections/{Connection}/logs/download", async context =>
        {
            file = (string?)(await JsonNode.ParseAsync(context.Request.Body))!["name"];
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync(text.ToString());
        });
        await using var session = await server.SessionAsync();

        var all = (await session.CallAsync("search_log", new { connection_id = Connection })).Ok().Result;
        Assert.Equal(("new.log", 316), (file, (int)all["total"]!));
        var lines = all["lines"]!.AsArray();
        Assert.Equal((5, 312), (lines.Count, (int)lines[1]!["repeats"]!));
        Assert.InRange(((string)lines[4]!["text"]!).Length, 490, 501);
        Assert.Equal(("Error", "connection refused"), ((string?)lines[2]!["level"], (string?)lines[2]!["text"]));

        var between = (await session.CallAsync("search_log", new { connection_id = Connection, since = "2026-11-24T06:01:30Z", until = "2026-11-24T06:02:30Z" })).Ok().Result;
        Assert.Equal(2, between["lines"]!.AsArray().Count); // a line without a time belongs to the one before
        var found = (await session.CallAsync("search_log", new { connection_id = Connection, find = "conn*refused", file = "old.log" })).Ok().Result;
        Assert.Equal((1, "old.log"), ((int)found["matched"]!, file));
        var last = (await session.CallAsync("search_log", new { connection_id = Connection, tail = 1 })).Ok().Result;
        Assert.Equal((1, 4), (last["lines"]!.AsArray().Count, (int)last["earlier"]!));
        Assert.Contains("until=", (string?)last["next"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_run_logs_says_so()
    {
        await using var server = await OtherSync.StartAsync();
        server.SomebodyRuns();
        server.EndRuns();
        await using var session = await server.SessionAsync();
        Assert.True((await session.CallAsync("search_log", new { job_id = "nightly" })).Code is "not_on_this_server" or "not_found");
    }

    [Theory]
    [InlineData("refused", "Connection REFUSED", true)]
    [InlineData("conn*refused", "connection was refused", true)]
    [InlineData("refused*conn", "connection was refused", false)]
    [InlineData("a|refused", "refused", true)]
    [InlineData("(a+)+$", "aaaaaaaa", false)]
    public void A_pattern_is_words_and_no_regular_expression(string pattern, string line, bool fits) => Assert.Equal(fits, new LinePattern(pattern).Fits(line));
}
