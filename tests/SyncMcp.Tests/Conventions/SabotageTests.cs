using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Conventions;

/// <summary>The table of <c>.ci/proof sabotage</c> follows the code: what it takes out is there, once, and the tests that it names exist.</summary>
public sealed class SabotageTests
{
    [Fact]
    public void Every_control_can_be_taken_out_and_names_tests_that_are_there()
    {
        var lines = File.ReadLines(Repository.At("tests", "sabotage.tsv")).Where(line => line[0] != '#').Select(line => line.Split('\t')).ToList();
        var tests = Directory.EnumerateFiles(Repository.At("tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.All(lines, line =>
        {
            Assert.Equal(6, line.Length);
            Assert.Equal(2, File.ReadAllText(Repository.At(line[1])).Split(line[2]).Length);
            Assert.True(Directory.Exists(Repository.At("tests", line[4])));
            Assert.All(line[5].Split(' '), name => Assert.Contains(tests, text => text.Contains($" {name}(", StringComparison.Ordinal)));
        });
        Assert.Equal(lines.Count, lines.Select(line => line[0]).Distinct(StringComparer.Ordinal).Count());
    }
}
