using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tests.Testing;
using SyncMcp.Tests.Tools;

namespace SyncMcp.Tests.Conventions;

/// <summary>What follows from a line of the catalogue is there, and is what the list of operations says.</summary>
public sealed class CatalogueTests
{
    public static TheoryData<string> Tools => [.. Catalogue.All.Select(endpoint => endpoint.Name)];

    [Fact]
    public void The_built_areas_hold_all_their_operations_and_nothing_else()
    {
        var areas = Catalogue.Areas.Select(area => area.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(
            Published.Operations.Values.Where(operation => areas.Contains(operation.Area)).Select(operation => operation.Tool).Order(StringComparer.Ordinal),
            Catalogue.All.Where(endpoint => !endpoint.Extension).Select(endpoint => endpoint.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tiers_hints_and_routes_are_those_of_the_list()
    {
        Assert.All(Catalogue.All.Where(endpoint => !endpoint.Extension), endpoint =>
        {
            var listed = Published.Operations[endpoint.Name];
            var hints = Manifest.Of(endpoint)["annotations"]!;
            Assert.Equal(
                (listed.Verb, listed.Route, listed.Kind, listed.Tier, listed.ReadOnly, listed.Destructive, listed.Idempotent),
                (endpoint.Method.Method, endpoint.Route, endpoint.Kind.ToString(), endpoint.Tier.Letter(), (bool)hints["readOnlyHint"]!, (bool)hints["destructiveHint"]!, (bool)hints["idempotentHint"]!));
        });
    }

    [Fact]
    public void A_tool_that_spans_operations_has_its_class_of_that_name_a_toolset_of_one_word_and_no_argument_that_means_something_else()
    {
        Assert.All(SyncMcp.Tools.OwnTools.All, tool =>
        {
            Assert.True(File.Exists(Repository.At("src", "SyncMcp", "Tools", $"{string.Concat(tool.Name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]))}.cs")), tool.Name);
            Assert.Matches("^[a-z]+$", tool.Toolset);
            Assert.Equal(tool.Kind.IsReadOnly(), tool.Tier == Tier.Reads);
            Assert.DoesNotContain(tool.RequestInfo.Properties, property => ControlArguments.Names.Contains(property.Name));
            Assert.Contains($"| `{tool.Name}` |", File.ReadAllText(Repository.At("docs", "tools.md")), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_record_uses_the_name_of_a_control_argument_for_something_else() =>
        Assert.All(Catalogue.All, endpoint => Assert.DoesNotContain(
            endpoint.RequestInfo.Properties,
            property => ControlArguments.Names.Contains(property.Name) && !(property.Name == "limit" && typeof(IPaged).IsAssignableFrom(endpoint.RequestInfo.Type))));

    [Theory]
    [MemberData(nameof(Tools))]
    public void An_operation_has_a_tool_and_a_row_in_the_docs(string tool)
    {
        Assert.True(File.Exists(Repository.At("manifests", "tools", $"{tool}.json")), $"manifests/tools/{tool}.json is missing");
        Assert.Contains($"| `{tool}` |", File.ReadAllText(Repository.At("docs", "tools.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_means_one_tool_whether_it_is_listed_or_an_alias()
    {
        var names = Catalogue.All.SelectMany(endpoint => endpoint.Aliases.Prepend(endpoint.Name)).Concat(SyncMcp.Tools.OwnTools.All.Concat(SyncMcp.Tools.CompactTools.All).Select(tool => tool.Name)).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Catalogue.All, endpoint => Assert.All(endpoint.Aliases, alias => Assert.Same(endpoint, Catalogue.Find(alias))));
    }

    [Fact]
    public void Instructions_name_only_tools_that_exist()
    {
        var text = SyncMcp.Tools.Instructions.Of(new() { DataDirectory = "/d", OperatorFolder = "/o" });
        var named = System.Text.RegularExpressions.Regex.Matches(text, "[a-z]+(?:_[a-z]+)+", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1))
            .Select(match => match.Value).Except(["next_cursor", "not_executed"], StringComparer.Ordinal);

        Assert.All(named, name => Assert.True(Catalogue.Find(name) is not null || SyncMcp.Tools.OwnTools.All.Concat(SyncMcp.Tools.CompactTools.All).Any(tool => tool.Name.StartsWith(name, StringComparison.Ordinal)), name));
    }
}
