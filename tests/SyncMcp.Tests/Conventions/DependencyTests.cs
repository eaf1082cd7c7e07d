using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using SyncMcp.Client;
using SyncMcp.Engine;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace SyncMcp.Tests.Conventions;

/// <summary>Dependencies point one way, and SQL stays where it belongs.</summary>
public sealed partial class DependencyTests
{
    private static readonly Architecture House = new ArchLoader()
        .LoadAssemblies(typeof(Endpoint).Assembly, typeof(EngineHost).Assembly, typeof(ServerOptions).Assembly, typeof(ModelContextProtocol.McpException).Assembly)
        .Build();

    [Fact]
    public void The_client_knows_neither_MCP_nor_the_engine_nor_the_program() =>
        Check(Types().That().ResideInAssembly(typeof(Endpoint).Assembly).Should().NotDependOnAny(
            Types().That().ResideInAssembly(typeof(EngineHost).Assembly, typeof(ServerOptions).Assembly, typeof(ModelContextProtocol.McpException).Assembly)));

    [Fact]
    public void The_engine_knows_no_MCP_and_not_the_program() =>
        Check(Types().That().ResideInAssembly(typeof(EngineHost).Assembly).Should().NotDependOnAny(
            Types().That().ResideInAssembly(typeof(ServerOptions).Assembly, typeof(ModelContextProtocol.McpException).Assembly)));

    [Fact]
    public void Tools_filters_and_resources_reach_an_engine_over_HTTP_only() =>
        Check(Types().That().ResideInNamespaceMatching(@"^SyncMcp\.(Tools|Resources|Redaction)$").Should().NotDependOnAny(
            Types().That().ResideInAssembly(typeof(EngineHost).Assembly)));

    [Fact]
    public void The_rules_see_a_dependency_that_is_there() =>
        Assert.Contains(
            Types().That().ResideInAssembly(typeof(ServerOptions).Assembly).Should().NotDependOnAny(Types().That().ResideInAssembly(typeof(Endpoint).Assembly)).Evaluate(House),
            result => !result.Passed);

    [Fact]
    public void SQL_stands_in_tables_connectors_and_storage_only()
    {
        // The demo makes a shop to copy; the guard keeps its own small store. Idempotency is a table by another name.
        string[] places = ["src/SyncMcp.Engine/Connectors/", "src/SyncMcp.Engine/Storage/", "src/SyncMcp.Engine/Api/Idempotency.cs", "src/SyncMcp/Guard/", "src/SyncMcp/Commands/Demo/"];
        var strangers = Sources.All.Where(source => !source.Path.EndsWith("Table.cs", StringComparison.Ordinal) && !places.Any(place => source.Path.StartsWith(place, StringComparison.Ordinal)))
            .Where(source => Sql().IsMatch(source.Text)).Select(source => source.Path);

        Assert.Empty(strangers);
    }

    private static void Check(ArchUnitNET.Fluent.Syntax.Elements.Types.TypesShouldConjunction rule)
    {
        var broken = rule.Evaluate(House).Where(result => !result.Passed).Select(result => result.Description).ToList();
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    // A text that begins as a statement: prose about SQL does not.
    [GeneratedRegex("\"\\s*(?:SELECT [^.]*\\bFROM |INSERT INTO |DELETE FROM |UPDATE \\w+ SET |CREATE TABLE )", RegexOptions.None, 1000)]
    private static partial Regex Sql();
}
