using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Commands;
using SyncMcp.Commands.Live;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp runs</c> and <c>syncmcp status</c>: the answers of the tools for a person, on terminals wide and narrow, and in pipes.</summary>
public sealed class LiveCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 6, 0, 0, TimeSpan.Zero);
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task Runs_and_status_show_what_ran_and_what_fails_now()
    {
        await using (var session = await SyncSession.StartAsync(options => options with { DataDirectory = shell.Data, OperatorFolder = shell.Operator }))
        {
            var shop = await SmallShop.OpenAsync(session);
            var job = await shop.JobAsync("orders", "customers");
            await shop.RunWellAsync(job);
            var (well, calm, _) = await shell.RunAsync("status");
            Assert.Equal(ExitCode.Done, well);
            Assert.StartsWith("All is well.", calm, StringComparison.Ordinal);
            Sql.Run(shop.SourceFile, "DROP TABLE customers");
            await shop.RunAsync(job);
        }

        var (exit, runs, _) = await shell.RunAsync("runs");
        Assert.Equal(ExitCode.Done, exit);
        var lines = runs.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("NAME  STATUS", lines[0], StringComparison.Ordinal);
        Assert.Contains("table_missing", lines[1], StringComparison.Ordinal);
        Assert.Contains("Successful", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', runs);

        var (failing, status, _) = await shell.RunAsync("status");
        Assert.Equal(WaitCommand.Failed, failing);
        Assert.StartsWith("1 failing now.", status, StringComparison.Ordinal);
        Assert.Contains("table_missing", status, StringComparison.Ordinal);

        var (_, json, _) = await shell.RunAsync("runs", "--json", "--state", "failed");
        Assert.Equal("copy", (string?)Assert.Single(JsonNode.Parse(json)!["items"]!.AsArray())!["name"]);
        var (wrong, _, why) = await shell.RunAsync("runs", "--since", "soon");
        Assert.Equal(ExitCode.NotDone, wrong);
        Assert.Contains("24h", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(60)]
    [InlineData(30)]
    public void Nothing_is_wider_than_the_terminal_and_the_name_and_state_are_kept(int width)
    {
        var content = new JsonObject { ["items"] = new JsonArray(Run("a job with quite a long name for a small window", "Successful"), Run("b\u001b[2J\u202e", "1 of 2 Tasks Failed")) };
        var lines = Boards.Runs(content, [], Now, width);
        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, width));
        Assert.All(lines, line => Assert.DoesNotContain('\u001b', line));
        Assert.StartsWith("a job", lines[1], StringComparison.Ordinal);
        Assert.Contains("Successful", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_goes_on_has_a_bar_by_its_usual_time()
    {
        JsonObject Going(string started, string? usual) => new() { ["name"] = "orders", ["started_at"] = started, ["check_again_at"] = "2026-11-24T06:01:00Z", ["usual"] = usual };
        Assert.Equal("[##########..........] 50 % 60 s", Boards.Bar(Going("2026-11-24T05:59:00Z", "120 s"), Now));
        Assert.Equal("60 s", Boards.Bar(Going("2026-11-24T05:59:00Z", null), Now));
        Assert.Contains("99 %", Boards.Bar(Going("2026-11-24T05:59:00Z", "1 s"), Now.AddMinutes(9)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watched_terminal_is_drawn_over_and_left_as_it_was()
    {
        var time = new FakeTimeProvider();
        var screen = new StringWriter();
        using var stop = new CancellationTokenSource();
        var looks = 0;
        var watching = new Display(screen, () => (12, 4)).WatchAsync(() =>
        {
            looks++;
            return Task.FromResult<IReadOnlyList<string>>(["first line of many", "2", "3", "4", $"look {looks}"]);
        }, TimeSpan.FromSeconds(2), time, stop.Token);
        time.Advance(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await watching.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var drawn = screen.ToString();
        Assert.StartsWith("\u001b[?1049h\u001b[?25l\u001b[H", drawn, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h\u001b[?1049l", drawn, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", drawn, StringComparison.Ordinal); // it would flicker
        Assert.Contains("first line o\u001b[K\r\n2\u001b[K\r\n3\u001b[K\u001b[J", drawn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watched_pipe_gets_plain_lines_when_they_have_changed()
    {
        var time = new FakeTimeProvider();
        var pipe = new StringWriter();
        using var stop = new CancellationTokenSource();
        var looks = 0;
        var watching = new Display(pipe, null).WatchAsync(() => Task.FromResult<IReadOnlyList<string>>([looks++ < 2 ? "one" : "two"]), TimeSpan.FromSeconds(2), time, stop.Token);
        for (var i = 0; i < 5; i++)
            time.Advance(TimeSpan.FromSeconds(2));
        await stop.CancelAsync();
        await watching.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal("one\n\ntwo\n\n", pipe.ToString().ReplaceLineEndings("\n"));
    }

    private static JsonObject Run(string name, string status) => new()
    {
        ["kind"] = "job",
        ["name"] = name,
        ["id"] = "r",
        ["status"] = status,
        ["started_at"] = "2026-11-24T05:00:00Z",
        ["finished_at"] = "2026-11-24T05:01:00Z",
        ["runtime"] = 60_000,
        ["records_affected"] = 1_234_567,
        ["cause"] = "unknown",
    };
}
