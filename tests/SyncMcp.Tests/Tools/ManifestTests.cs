using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Tools;

public sealed partial class ManifestTests
{
    private static readonly string Folder = Repository.At("manifests", "tools");

    public static TheoryData<string> Tools => [.. ToolList.Names, .. CompactTools.All.Select(tool => tool.Name)];

    [Theory]
    [MemberData(nameof(Tools))]
    public void The_published_tool_is_what_catalogue_and_records_say(string tool) =>
        Snapshot.Check(Path.Combine(Folder, $"{tool}.json"), Manifest.Text(tool));

    [Fact]
    public void No_published_tool_is_left_without_an_operation() =>
        Snapshot.OnlyThese(Folder, "*", Tools.Select(row => $"{row.Data}.json"));

    [Theory]
    [MemberData(nameof(Tools))]
    public void A_tool_is_one_that_every_known_client_takes(string tool)
    {
        var manifest = Manifest.Of(tool);

        Assert.Matches(Name(), tool);
        Assert.InRange(((string)manifest["description"]!).Length, 10, 1_000);
        Assert.InRange(((string)manifest["title"]!).Length, 3, 60);
        Assert.All(["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"], hint => Assert.NotNull(manifest["annotations"]![hint]));
        foreach (var schema in new[] { manifest["inputSchema"]!.AsObject(), manifest["outputSchema"]!.AsObject() })
        {
            Assert.Equal("object", (string)schema["type"]!);
            Assert.All(Words(schema), word => Assert.DoesNotContain(word, Combinators));
        }

        Assert.Null(manifest["outputSchema"]!["required"]);
        Assert.DoesNotContain("enum", Words(manifest["outputSchema"]!));
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void Every_object_is_closed_or_says_what_its_values_are_and_every_member_has_a_type(string tool) =>
        Closed(Manifest.Of(tool)["inputSchema"]!.AsObject(), tool);

    [Fact]
    public void What_a_model_sees_of_all_tools_costs_at_most_160_tokens_a_tool()
    {
        var count = ToolList.Names.Count();
        var tokens = Tokens(ToolList.Names.Select(Manifest.Of));

        TestContext.Current.TestOutputHelper?.WriteLine($"{tokens} tokens, {count} tools, {tokens / (double)count:F1} a tool");
        Assert.InRange(tokens / (double)count, 20, 160);
        Assert.True(count <= 110 && tokens <= 16_500, $"{tokens} tokens, {count} tools");
    }

    [Fact]
    public void The_compact_list_costs_at_most_700_tokens_for_all_operations_and_6000_with_the_tools_that_span_them()
    {
        var tokens = Tokens(CompactTools.All.Select(Manifest.Of));
        var all = Tokens(CompactTools.All.Concat(OwnTools.All).Select(Manifest.Of));

        TestContext.Current.TestOutputHelper?.WriteLine($"{tokens} tokens, {CompactTools.All.Count} tools; {all} with {OwnTools.All.Count} more");
        Assert.InRange(tokens, 100, 700);
        Assert.InRange(all, tokens, 6_000);
        Assert.InRange(CompactTools.All.Count + OwnTools.All.Count, 4, 30);
    }

    // What clients hand to a model: name, description, arguments; not the title, the hints and the output schema.
    private static int Tokens(IEnumerable<JsonObject> tools)
    {
        string[] seen = ["name", "description", "inputSchema"];
        var list = new JsonArray([.. tools.Select(tool => new JsonObject(seen.Select(name => KeyValuePair.Create(name, tool[name]?.DeepClone()))))]);
        return TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(list.ToJsonString(SyncMcp.Filters.Budget.Json));
    }

    private static readonly string[] Combinators = ["oneOf", "anyOf", "allOf", "not", "if", "$ref", "$defs", "patternProperties"];

    private static IEnumerable<string> Words(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Words(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Words),
        _ => [],
    };

    private static void Closed(JsonObject schema, string at)
    {
        Assert.True(schema["type"] is not null, $"{at} has no type.");
        if (schema["properties"] is JsonObject properties)
        {
            Assert.True(schema["additionalProperties"] is JsonValue closed && !(bool)closed, $"{at} is open.");
            foreach (var (name, member) in properties)
                Closed(member!.AsObject(), $"{at}.{name}");
        }
        else if (schema["additionalProperties"] is JsonObject values)
        {
            Closed(values, $"{at}.*");
        }
        else if (schema["additionalProperties"] is JsonValue open && (bool)open)
        {
            Assert.True(at.StartsWith("call_", StringComparison.Ordinal) || at == "plan_change.changes[].arguments", at); // an operation's arguments, checked against its own schema
        }
        else if (schema["items"] is JsonObject items)
        {
            Closed(items, $"{at}[]");
        }
        else
        {
            Assert.DoesNotContain("object", schema["type"]!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{2,39}$", RegexOptions.None, 1000)]
    private static partial Regex Name();
}
