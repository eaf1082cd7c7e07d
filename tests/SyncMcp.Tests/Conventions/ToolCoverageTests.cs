using SyncMcp.Client;
using SyncMcp.Tests.Testing;

[assembly: TestCollectionOrderer(typeof(SyncMcp.Tests.Conventions.CoverageLast))]

namespace SyncMcp.Tests.Conventions;

/// <summary>Runs when all others have run: xunit takes collections that allow no company last, and this one last of those.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CoverageCollection
{
    public const string Name = "zz coverage";
}

/// <summary>Puts the coverage of tools behind every other collection.</summary>
public sealed class CoverageLast : Xunit.v3.ITestCollectionOrderer
{
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : Xunit.Sdk.ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == CoverageCollection.Name)];
}

[Collection(CoverageCollection.Name)]
public sealed class ToolCoverageTests
{
    [Fact]
    public void Every_tool_was_called_with_success_and_was_refused_once()
    {
        if (Array.Exists(Environment.GetCommandLineArgs(), argument => argument.StartsWith("--filter", StringComparison.Ordinal)))
            Assert.Skip("Only a whole run calls every tool.");

        var tools = Catalogue.All.Select(endpoint => endpoint.Name).ToList();
        Assert.Empty(tools.Where(tool => !ToolRecorder.HasSucceeded(tool)).Select(tool => $"{tool} never succeeded"));
        Assert.Empty(tools.Where(tool => !ToolRecorder.WasRefused(tool)).Select(tool => $"{tool} was never refused"));
    }

    [Fact]
    public void Every_operation_has_its_test_file()
    {
        var missing = from area in Catalogue.Areas
                      from endpoint in area.Endpoints
                      let path = Path.Combine("tests", "SyncMcp.Tests", ClassName(area.Name), $"{ClassName(endpoint.Name)}Tests.cs")
                      where !File.Exists(Repository.At(path))
                      select path;

        Assert.Empty(missing);
    }

    private static string ClassName(string tool) => string.Concat(tool.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
