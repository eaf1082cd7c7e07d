using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>What charts are drawn of: many runs in few bytes, and what flows where.</summary>
public sealed class TimelineTests
{
    [Fact]
    public async Task A_line_a_thing_holds_its_runs_and_trouble_comes_first()
    {
        await using var upstream = await PageWorld.StartAsync(40, hostile: false);
        await using var session = await upstream.SessionAsync(options => options with { Workspace = "sales" });

        var first = (await session.CallAsync("find_runs", new { view = "timeline", since = "7d", limit = 200 })).Ok().Structured;
        var lines = first["items"]!.AsArray().Select(line => line!.AsObject()).ToList();
        var cursor = (string?)first["next_cursor"];
        var calls = 1;
        for (; cursor is not null; calls++)
        {
            var next = (await session.CallAsync("find_runs", new { view = "timeline", since = "7d", limit = 200, cursor })).Ok().Structured;
            lines.AddRange(next["items"]!.AsArray().Select(line => line!.AsObject()));
            cursor = (string?)next["next_cursor"];
        }

        Assert.Equal((int)first["total"]!, lines.Count);
        Assert.Equal(40, lines.Count(line => (string?)line["kind"] == "job"));
        Assert.InRange(calls, 1, 5); // 1,000 runs and more
        Assert.InRange(lines.Sum(line => ((string)line["runs"]!).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length), 1_000, 4_000);
        var states = lines.Select(line => ((string)line["runs"]!).Split(' ')[0].Split(',').ElementAtOrDefault(2)).ToList();
        Assert.Equal("F", states[0]);
        Assert.Matches(@"^\d+,[\d.]+,F,0,[a-z_]+ ", (string)lines[0]["runs"]!);
        Assert.Null(states[^1]); // never ran, and is shown all the same
        Assert.Contains(lines, line => (bool?)line["paused"] == true);

        var one = (await session.CallAsync("find_runs", new { view = "timeline", job_id = (string)lines[0]["id"]!, state = "failed" })).Ok().Structured["items"]!.AsArray();
        Assert.Equal((string)lines[0]["id"]!, (string)Assert.Single(one)!["id"]!);
        Assert.All(((string)one[0]!["runs"]!).Split(' '), run => Assert.Contains(",F,", run, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runs_are_found_by_the_transformation_that_they_are_of()
    {
        await using var upstream = await PageWorld.StartAsync(40, hostile: false);
        await using var session = await upstream.SessionAsync(options => options with { Workspace = "sales" });

        var found = (await session.CallAsync("find_runs", new { transformation_id = "report-sales-0" })).Ok().Structured["items"]!.AsArray();

        Assert.Equal("report-sales-0", (string)Assert.Single(found)!["name"]!);
        Assert.Equal(14, (int)(await session.CallAsync("find_runs", new { view = "timeline", kind = "job", workspace_id = "sales" })).Ok().Structured["total"]!);
    }

    [Fact]
    public async Task A_workspace_shows_what_flows_where_and_a_job_its_tables()
    {
        await using var upstream = await PageWorld.StartAsync(40, hostile: false);
        await using var session = await upstream.SessionAsync(options => options with { Workspace = "sales" });

        var flow = (await session.CallAsync("get_dependents", new { workspace_id = "sales" })).Ok().Result;
        var job = flow["flow"]![0]!;
        Assert.Equal(("Salesforce", "lake", "report-sales-0"), ((string)job["from"]!, (string)job["to"]!, (string)job["after"]![0]!));
        Assert.Equal(14, flow["flow"]!.AsArray().Count);

        var moves = (await session.CallAsync("get_dependents", new { job_id = "shopify-orders" })).Ok().Result["moves"]!;
        Assert.Equal(("Shopify", "warehouse"), ((string)moves["from"]!, (string)moves["to"]!));
        Assert.Equal(("orders", "orders_copy"), ((string)moves["tables"]![0]!["from"]!, (string)moves["tables"]![0]!["to"]!));

        (await session.CallAsync("get_dependents", new { workspace_id = "sales", job_id = "shopify-orders" })).Ok(); // the workspace only says where the name is looked for
        (await session.CallAsync("get_dependents", new { workspace_id = "slaes" })).Refused("not_found").Naming("sales");
    }
}
