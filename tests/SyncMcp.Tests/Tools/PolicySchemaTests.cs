using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

/// <summary>The schemas of the operator's files, published for editors: made from the records that read them.</summary>
public sealed class PolicySchemaTests
{
    private static readonly JsonSerializerOptions Indented = new(Budget.Json) { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void The_published_schema_of_the_policy_is_what_the_program_reads() =>
        Snapshot.Check(Repository.At("manifests", "policy.schema.json"), Schema("syncmcp's policy.json", PolicyFileJson.Default.PolicyFile));

    [Fact]
    public void The_published_schema_of_the_configuration_is_what_the_program_reads() =>
        Snapshot.Check(Repository.At("manifests", "config.schema.json"), Schema("syncmcp's config.json", OperatorFileJson.Default.OperatorFile));

    [Theory]
    [InlineData(true, "{}")]
    [InlineData(true, """{"mode": "read-only", "allow": ["list_jobs"], "deny": [], "protected": ["prod*"], "workspaces": ["default"]}""")]
    [InlineData(true, """{"egress": [{"connector": "PostgreSQL", "where": {"Server": "*.corp"}, "access": "read"}]}""")]
    [InlineData(false, """{"mode": "open"}""")]
    [InlineData(false, """{"denny": []}""")]
    [InlineData(false, """{"allow": "list_jobs"}""")]
    [InlineData(false, """{"egress": [{"where": {}}]}""")]
    [InlineData(false, """{"egress": [{"connector": "CSV", "acces": "read"}]}""")]
    [InlineData(false, """{"egress": [{"connector": "CSV", "access": "write"}]}""")]
    public void Schema_and_program_judge_alike(bool good, string policy)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["policy.json"], policy);
        Assert.Equal(good, Policy.Written(folder.Path).Trouble is null);

        var problems = new Problems();
        using var schema = JsonDocument.Parse(Schema("", PolicyFileJson.Default.PolicyFile));
        new ArgumentCheck(problems, nullsClear: false).Object(schema.RootElement, JsonNode.Parse(policy)!.AsObject(), "");
        // Text where a list is meant is a client's habit that ArgumentCheck forgives.
        Assert.Equal(good, !problems.Any && policy != """{"allow": "list_jobs"}""");
    }

    private static string Schema(string title, System.Text.Json.Serialization.Metadata.JsonTypeInfo file)
    {
        var schema = SchemaGenerator.Of(file);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", title);
        foreach (var name in (string[])["allow", "deny"])
        {
            if (schema["properties"]![name] is JsonObject tools)
                tools["items"]!["enum"] = new JsonArray([.. ToolList.Names.Order(StringComparer.Ordinal).Select(tool => (JsonNode)tool)]);
        }

        return schema.ToJsonString(Indented) + "\n";
    }
}
