using System.Web;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Tests.Sending;

namespace SyncMcp.Client.Tests;

/// <summary>A long history read with <c>await foreach</c>, from servers that page well, badly or not at all.</summary>
public sealed class PagesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(24)]
    public async Task Every_run_comes_once_and_in_order_whatever_the_pages(int runs)
    {
        await using var server = new StubServer((request, _) => Page(request, Ids(runs), total: runs));

        Assert.Equal(Ids(runs), await ReadAsync(server));
        Assert.Equal(Math.Max(1, (runs + 7) / 8), server.Requests.Count);
    }

    [Fact]
    public async Task Without_a_total_an_empty_page_is_the_end_and_a_short_one_is_not()
    {
        await using var server = new StubServer((request, _) => Page(request, Ids(21), most: 5));

        Assert.Equal(Ids(21), await ReadAsync(server));
    }

    [Fact]
    public async Task A_server_that_pages_nothing_gives_its_runs_once()
    {
        foreach (var runs in new[] { 3, 8, 30 })
        {
            await using var server = new StubServer((_, _) => List(Ids(runs), null));
            Assert.Equal(Ids(runs), await ReadAsync(server));
        }
    }

    [Fact]
    public async Task A_run_that_moved_on_because_newer_ones_came_is_given_once()
    {
        await using var server = new StubServer((request, number) => Page(request, [.. Ids(number * 2, "new"), .. Ids(20)], total: 20 + (number * 2)));

        Assert.Equal(Ids(20), await ReadAsync(server));
    }

    [Fact]
    public async Task Nothing_is_fetched_before_it_is_asked_for()
    {
        await using var server = new StubServer((request, _) => Page(request, Ids(100), total: 100));
        using var client = server.Client();

        await foreach (var run in client.EachRunAsync(JobEndpoints.History, new ListJobHistory { JobId = "j", Limit = 8, Status = "Failed" }, TestContext.Current.CancellationToken))
        {
            if (run.Id == "run-9")
                break;
        }

        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Contains("status=Failed", request.Target, StringComparison.Ordinal));
    }

    private static async Task<List<string>> ReadAsync(StubServer server)
    {
        using var client = server.Client();
        var ids = new List<string>();
        await foreach (var run in client.EachRunAsync(JobEndpoints.History, new ListJobHistory { JobId = "j", Limit = 8 }, TestContext.Current.CancellationToken))
            ids.Add(run.Id!);
        return ids;
    }

    private static List<string> Ids(int count, string prefix = "run") => [.. Enumerable.Range(0, count).Select(number => $"{prefix}-{number}")];

    private static Reply Page(StubRequest request, List<string> ids, int? total = null, int most = 1_000)
    {
        var query = HttpUtility.ParseQueryString(request.Target.Split('?')[1]);
        return List([.. ids.Skip(int.Parse(query["offset"]!)).Take(Math.Min(most, int.Parse(query["limit"]!)))], total);
    }

    private static Reply List(IEnumerable<string> ids, int? total) =>
        Replies.Answer(200, $$"""{"value":[{{string.Join(',', ids.Select(id => $$"""{"id":"{{id}}","status":"Successful"}"""))}}]{{(total is null ? "" : $",\"total\":{total}")}}}""");
}
