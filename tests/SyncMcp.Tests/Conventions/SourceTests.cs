using System.Text.RegularExpressions;

namespace SyncMcp.Tests.Conventions;

/// <summary>Rules about the files of src.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void No_file_has_more_than_300_lines() =>
        Assert.Empty(Sources.All.Where(source => source.Text.AsSpan().Count('\n') > 300).Select(source => source.Path));

    [Fact]
    public void Nothing_writes_to_stdout_but_who_was_given_it()
    {
        // The protocol's own stream, the terminal of a person, and a call's JSON from stdin.
        string[] allowed = ["src/SyncMcp/Log.cs", "src/SyncMcp/Transports/StdioHost.cs", "src/SyncMcp/Commands/Terminal.cs", "src/SyncMcp/Commands/CallCommand.cs"];

        Assert.Empty(Sources.All.Where(source => !allowed.Contains(source.Path) && ConsoleUse().IsMatch(source.Text)).Select(source => source.Path));
        Assert.Empty(Sources.All.Where(source => source.Path != "src/SyncMcp/Transports/StdioHost.cs" && StdoutUse().IsMatch(source.Text)).Select(source => source.Path));
    }

    [Fact]
    public void No_name_says_nothing() =>
        Assert.Empty(Sources.All.Where(source => EmptyName().IsMatch(Path.GetFileNameWithoutExtension(source.Path))).Select(source => source.Path));

    [Fact]
    public void The_rules_see_the_sources() => Assert.InRange(Sources.All.Count, 100, 1_000);

    [GeneratedRegex(@"(?<![\w.])(System\.)?Console\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"(?<![\w.])(System\.)?Console\.(Out|OpenStandardOutput|Write|WriteLine)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex StdoutUse();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Service|Base|Dto|Info|Impl|Common)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EmptyName();
}
