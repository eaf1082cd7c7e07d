using System.Text.Json.Nodes;
using SyncMcp.Commands;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp wait RUN &amp;&amp; next</c>: the exit code says how the run ended.</summary>
public sealed class WaitCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData("Successful", ExitCode.Done)]
    [InlineData("Failed", WaitCommand.Failed)]
    [InlineData("1 of 2 Tasks Failed", WaitCommand.Failed)]
    [InlineData("Canceled", WaitCommand.Stopped)]
    [InlineData("In progress", WaitCommand.StillRunning)]
    public async Task The_exit_code_tells_how_a_run_ended(string status, int expected)
    {
        await using var server = await OtherSync.StartAsync();
        server.SomebodyRuns(-60);
        server.EndRuns(status);
        shell.Variables["SYNCMCP_URL"] = server.Address.ToString();
        shell.Variables["SYNCMCP_TOKEN"] = OtherSync.Token;

        var (exit, output, error) = await shell.RunAsync("wait", server.Runs[0]["Id"]!.ToJsonString(), "--timeout", "1s");

        Assert.Equal(expected, exit);
        Assert.Equal(("nightly", status), ((string?)JsonNode.Parse(output)!["name"], (string?)JsonNode.Parse(output)!["status"]));
        Assert.Contains($"'nightly' {status}.", error, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_is_named_in_place_of_its_run_and_what_is_not_there_is_said()
    {
        await using var server = await OtherSync.StartAsync();
        server.SomebodyRuns();
        server.EndRuns();
        shell.Variables["SYNCMCP_URL"] = server.Address.ToString();
        shell.Variables["SYNCMCP_TOKEN"] = OtherSync.Token;

        Assert.Equal(ExitCode.Done, (await shell.RunAsync("wait", "--job", "nightly")).Exit);
        var (gone, _, why) = await shell.RunAsync("wait", "gone");
        Assert.Equal(ExitCode.NotDone, gone);
        Assert.Contains("find_runs", why, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("wait")).Exit);
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync("wait", "x", "--timeout", "soon")).Exit);
    }

    [Fact]
    public async Task What_was_started_here_is_waited_for_here()
    {
        await using (var session = await SyncSession.StartAsync(options => options with { DataDirectory = shell.Data, OperatorFolder = shell.Operator }))
        {
            var shop = await SmallShop.OpenAsync(session);
            await shop.JobAsync("orders", "customers");
        }

        var (exit, output, error) = await shell.RunAsync("call", "run", """{"job_id": "copy", "wait_seconds": 0}""");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("stays until the run has ended", error, StringComparison.Ordinal);
        var run = (string)JsonNode.Parse(output)!["result"]!["run_id"]!;
        var (waited, digest, _) = await shell.RunAsync("wait", run);
        Assert.Equal((ExitCode.Done, 7), (waited, (int)JsonNode.Parse(digest)!["records_affected"]!));
    }
}
