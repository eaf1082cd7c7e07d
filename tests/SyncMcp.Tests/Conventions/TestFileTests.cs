using System.Text.RegularExpressions;
using SyncMcp.Client;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Conventions;

/// <summary>A reader who wants to know what an operation does finds it under the operation's name.</summary>
public sealed partial class TestFileTests
{
    [Fact]
    public void Every_operation_has_its_test_file_with_the_class_of_that_name()
    {
        var missing = new List<string>();
        foreach (var (area, endpoint) in Catalogue.Areas.SelectMany(area => area.Endpoints.Select(endpoint => (area, endpoint))))
        {
            var name = Pascal(endpoint.Name) + "Tests";
            var file = Path.Combine("tests", "SyncMcp.Tests", Pascal(area.Name), name + ".cs");
            if (!File.Exists(Repository.At(file)) || !File.ReadAllText(Repository.At(file)).Contains($"class {name}", StringComparison.Ordinal))
                missing.Add(file);
        }

        Assert.True(missing.Count == 0, $"Add a test file for each operation (style.md): {string.Join(", ", missing)}");
    }

    [Fact]
    public void No_test_file_of_an_area_is_left_behind_by_an_operation()
    {
        var known = Catalogue.All.Select(endpoint => Pascal(endpoint.Name) + "Tests").ToHashSet(StringComparer.Ordinal);
        foreach (var area in Catalogue.Areas)
        {
            var files = Directory.GetFiles(Repository.At("tests", "SyncMcp.Tests", Pascal(area.Name)), "*Tests.cs").Select(file => Path.GetFileNameWithoutExtension(file)!);
            Assert.All(files, file => Assert.Contains(file, known));
        }
    }

    private static string Pascal(string name) => Word().Replace(name, match => match.Groups["first"].Value.ToUpperInvariant());

    [GeneratedRegex("(?:^|_)(?<first>[a-z])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
