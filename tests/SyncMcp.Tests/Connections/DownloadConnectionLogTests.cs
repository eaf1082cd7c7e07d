using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Connections;

public sealed class DownloadConnectionLogTests
{
    [Fact]
    public async Task The_log_tells_who_did_what_and_is_marked_as_others_words()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        (await session.CallAsync("test_connection", new { connection_id = "shop" })).Ok();

        var log = (await session.CallAsync("download_connection_log", new { connection_id = "shop", name = "connection.log" })).Ok();

        var text = (string)log.Result["text"]!;
        Assert.Contains("Info Created by admin.", text, StringComparison.Ordinal);
        Assert.Contains("successful", text, StringComparison.Ordinal);
        Assert.Contains("/result/text", log.Structured["untrusted"]!.AsArray().Select(pointer => (string?)pointer));
    }

    [Fact]
    public async Task Secrets_never_reach_it()
    {
        await using var session = await SyncSession.StartAsync();
        (await session.CallAsync("create_connection", PostgreSql.New("crm", "hunter2-hunter2"))).Ok();
        (await session.CallAsync("update_connection", new { connection_id = "crm", properties = new { Password = "hunter3-hunter3" } })).Ok();

        var log = (await session.CallAsync("download_connection_log", new { connection_id = "crm", name = "connection.log" })).Ok();

        Assert.Contains("Changed by admin", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_log_is_cut_and_goes_on_with_the_cursor()
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);
        var file = Directory.GetFiles(Path.Combine(session.Options.DataDirectory, "logs"), "connection.log", SearchOption.AllDirectories)[0];
        await File.AppendAllLinesAsync(file, Enumerable.Range(0, 2_000).Select(i => $"line {i}"), TestContext.Current.CancellationToken);
        var connection = Path.GetFileName(Path.GetDirectoryName(file))!;

        var text = "";
        string? cursor = null;
        do
        {
            var arguments = new JsonObject { ["connection_id"] = connection, ["name"] = "connection.log" };
            if (cursor is not null)
                arguments["cursor"] = cursor;
            var page = (await session.CallAsync("download_connection_log", arguments)).Ok();
            Assert.True(page.Text.Length < 20_000);
            text += ((string)page.Result["text"]!).TrimEnd('…');
            cursor = (string?)page.Structured["next_cursor"];
        }
        while (cursor is not null);

        Assert.Contains("line 0\n", text, StringComparison.Ordinal);
        Assert.Contains("line 1999\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../../token")]
    [InlineData("/etc/passwd")]
    [InlineData("connecton.log")]
    public async Task Only_a_log_of_the_connection_is_read(string name)
    {
        await using var session = await SyncSession.StartAsync();
        await SmallShop.OpenAsync(session);

        (await session.CallAsync("download_connection_log", new { connection_id = "shop", name })).Refused("not_found").Naming(name, "connection.log");
    }
}
