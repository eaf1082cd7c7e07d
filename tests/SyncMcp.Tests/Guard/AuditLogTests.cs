using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>Whatever is done to the audit log, it shows.</summary>
public sealed class AuditLogTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_unbroken_log_gives_no_trouble()
    {
        Assert.Empty(Filled().Verify().Trouble);
        Assert.Equal(5, Open().Verify().Lines.Count);
    }

    [Theory]
    [InlineData("cut", "missing at the end")]
    [InlineData("edited", "was changed")]
    [InlineData("middle", "missing before")]
    [InlineData("gone", "missing at the end")]
    [InlineData("key", "was changed")]
    [InlineData("noise", "no entry")]
    public void What_was_done_to_it_shows(string how, string words)
    {
        var log = Filled();
        var lines = File.ReadAllLines(log.File);
        switch (how)
        {
            case "cut": File.WriteAllLines(log.File, lines[..^1]); break;
            case "edited": File.WriteAllLines(log.File, [.. lines[..2], lines[2].Replace("\"i\":2", "\"i\":7", StringComparison.Ordinal), .. lines[3..]]); break;
            case "middle": File.WriteAllLines(log.File, [.. lines[..2], .. lines[3..]]); break;
            case "gone": File.Delete(log.File); break;
            case "key": File.Delete(folder["operator/audit.key"]); break;
            default: File.WriteAllLines(log.File, [.. lines, "hello"]); break;
        }

        Assert.Contains(Open().Verify().Trouble, trouble => trouble.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_that_append_at_once_keep_one_chain()
    {
        var logs = new[] { Open(), Open() };
        await Task.WhenAll(logs.Select(log => Task.Run(() =>
        {
            for (var i = 0; i < 25; i++)
                log.Append(new() { ["i"] = i });
        }))).WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
        Assert.Empty(logs[0].Verify().Trouble);
        Assert.Equal(50, logs[1].Verify().Lines.Count);
    }

    [Fact]
    public void Half_a_line_of_one_that_died_goes()
    {
        var log = Filled();
        File.AppendAllText(log.File, "{\"n\":6,\"pr");
        Open().Append(new() { ["i"] = 6 });
        Assert.Empty(Open().Verify().Trouble);
        Assert.Equal(6, Open().Verify().Lines.Count);
    }

    private AuditLog Open()
    {
        var place = new OperatorPlace(folder["operator"]);
        return new(new(place, new FakeTimeProvider()), place, folder["data"]);
    }

    private AuditLog Filled()
    {
        var log = Open();
        for (var i = 0; i < 5; i++)
            log.Append(new JsonObject { ["i"] = i });
        return log;
    }
}
