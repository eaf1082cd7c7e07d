using SyncMcp.Commands;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Commands;

public sealed class KeyCommandTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_listed_without_itself_and_taken_back()
    {
        shell.Typed = "";
        var (exit, key, said) = await shell.RunAsync("key", "create", "ci", "--scope", "operate");
        Assert.Equal(ExitCode.Done, exit);
        Assert.StartsWith(ApiKeys.Prefix, key, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Trim(), said, StringComparison.Ordinal);

        var listed = (await shell.RunAsync("key", "list")).Out;
        Assert.Contains("ci  sync:operate", listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Trim(), listed, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("key", "create", "ci", "--scope", "read")).Exit);

        Assert.Equal(ExitCode.Done, (await shell.RunAsync("key", "revoke", "ci")).Exit);
        Assert.Contains("No keys", (await shell.RunAsync("key", "list")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.NotDone, (await shell.RunAsync("key", "revoke", "ci")).Exit);
    }

    [Theory]
    [InlineData("create", "ci", "--scope", "admin")]
    [InlineData("revoke", "ci")]
    public async Task Giving_out_and_taking_back_take_a_person_at_a_terminal(params string[] words)
    {
        var (exit, output, error) = await shell.RunAsync(["key", .. words]);

        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Empty(output);
        Assert.Contains("a person at a terminal", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(shell.Operator, "keys.json")));
    }

    [Theory]
    [InlineData("key", "create", "ci")]
    [InlineData("key", "create", "ci", "--scope", "root")]
    [InlineData("key", "create", "a b", "--scope", "read")]
    [InlineData("http", "--host", "example.com")]
    [InlineData("http", "--port", "70000")]
    [InlineData("http", "--host", "0.0.0.0")]
    [InlineData("http", "--host", "0.0.0.0", "--no-auth")]
    public async Task What_cannot_be_meant_is_refused_before_anything_listens(params string[] words)
    {
        shell.Typed = "";
        Assert.Equal(ExitCode.Usage, (await shell.RunAsync(words)).Exit);
    }
}
