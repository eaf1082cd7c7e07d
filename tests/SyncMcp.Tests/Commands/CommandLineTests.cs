using SyncMcp.Client;
using SyncMcp.Commands;

namespace SyncMcp.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task Help_names_every_command_and_says_what_the_program_does_without_one()
    {
        var (exit, text, _) = await shell.RunAsync("--help");
        Assert.Equal(ExitCode.Done, exit);
        foreach (var verb in new[] { "demo", "engine", "call", "tools", "doctor" })
            Assert.Contains($"\n  {verb} ", text, StringComparison.Ordinal);
        Assert.Contains("serves MCP on stdin and stdout", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_command_and_every_option_is_described()
    {
        var root = CommandLine.Create(new(new(shell.Operator, shell.Variables), null));
        Assert.All(root.Subcommands, command => Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name));
        Assert.All(root.Subcommands.SelectMany(command => command.Options).Concat(root.Options), option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(root.Subcommands.SelectMany(command => command.Arguments), argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("call", "--help")).Exit);
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("call")]
    [InlineData("tools", "extra")]
    [InlineData("engine", "--port", "x")]
    [InlineData("engine", "--port", "70000")]
    [InlineData("engine", "--port", "1", "--no-port")]
    [InlineData("engine", "install", "--port", "x")]
    [InlineData("call", "list_workspaces", "{")]
    [InlineData("call", "list_workspaces", "[]")]
    [InlineData("--mode", "loose", "tools")]
    [InlineData("--url", "nowhere", "tools")]
    [InlineData("demo", "--keep", "/")]
    public async Task What_is_not_understood_ends_with_64_and_a_reason_on_stderr(params string[] args)
    {
        var (exit, output, error) = await shell.RunAsync(args);
        Assert.Equal(ExitCode.Usage, exit);
        Assert.StartsWith("syncmcp: ", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Version_is_the_one_that_clients_see_with_the_commit_where_it_is_known()
    {
        var (exit, text, _) = await shell.RunAsync("--version");
        Assert.Equal(ExitCode.Done, exit);
        Assert.Matches($@"^syncmcp {System.Text.RegularExpressions.Regex.Escape(SyncMcp.Transports.SyncMcpServer.Version)}( \([0-9a-f]{{7}}\))?$", text.Trim());
    }

    [Fact]
    public async Task Tools_lists_every_operation_with_its_tier()
    {
        var (exit, text, _) = await shell.RunAsync("tools");
        Assert.Equal(ExitCode.Done, exit);
        var lines = text.Split('\n');
        Assert.All(Catalogue.All, endpoint => Assert.Contains(lines, line => line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries) is [var name, var tier, _] && name == endpoint.Name && tier == endpoint.Tier.Letter()));
    }

    [Fact]
    public async Task Tools_in_read_only_mode_lists_reads_alone()
    {
        var (_, text, _) = await shell.RunAsync("--mode", "read-only", "tools");
        Assert.Contains("list_jobs", text, StringComparison.Ordinal);
        Assert.DoesNotContain("delete_job", text, StringComparison.Ordinal);
        Assert.Contains($"{Catalogue.All.Count(endpoint => endpoint.Tier == Tier.Reads) + SyncMcp.Tools.OwnTools.All.Count(tool => tool.Tier == Tier.Reads)} tools", text, StringComparison.Ordinal);
    }
}
