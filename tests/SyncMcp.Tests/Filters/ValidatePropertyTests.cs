using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Filters;

/// <summary>Whatever JSON arrives: the check never throws anything but its refusal, and lets nothing through that the schema does not know.</summary>
public sealed class ValidatePropertyTests
{
    private static readonly string[] KnownNames =
        [.. Catalogue.All.SelectMany(endpoint => Names(PublishedTool.Of(endpoint.Name).InputSchema)).Distinct(StringComparer.Ordinal)];

    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.String[0, 12],
        Pick("", " ", "12", "-1", "1e9", "true", "False", "null", "{}", "[]", "[1]", "{\"id\":\"x\"}", "{\"drop_table\":1}", "default", "Verbose", "2026-01-31", "9999-99-99", "\u202e"));

    private static readonly Gen<string> Name = Gen.Frequency((6, Pick(KnownNames)), (1, Word));

    private static readonly Gen<JsonNode?> Scalar = Gen.OneOf(
        Word.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Double.Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonNode?> Value = Gen.Recursive<JsonNode?>((depth, inner) => depth > 2
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (1, inner.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
            (2, Gen.Select(Name, inner).Array[0, 4].Select(members => (JsonNode?)Object(members)))));

    private static readonly Gen<(string Tool, JsonObject Arguments)> Calls = Gen.Select(
        Pick(Catalogue.All.Select(endpoint => endpoint.Name).ToArray()), Gen.Select(Name, Value).Array[0, 6].Select(Object));

    [Fact]
    public void Any_arguments_are_refused_in_words_or_pass_as_the_schema_says()
    {
        var passed = 0;
        Calls.Sample(sample =>
        {
            var (tool, arguments) = sample;
            Call call;
            try
            {
                call = ValidateFilterTests.Checked(tool, arguments.ToJsonString());
            }
            catch (ToolException ex)
            {
                Assert.InRange(ex.Error.Details!["problems"]!.AsArray().Count, 1, 10);
                return;
            }

            Interlocked.Increment(ref passed);
            AssertKnown(PublishedTool.Of(tool).InputSchema, call.Arguments);
            Assert.All(ControlArguments.Names, name => Assert.False(call.Arguments.ContainsKey(name)));
            // What has been made fit stays as it is.
            var again = ValidateFilterTests.Checked(tool, call.Arguments.ToJsonString());
            Assert.True(JsonNode.DeepEquals(call.Arguments, again.Arguments), $"{call.Arguments} {again.Arguments}");
        }, iter: 20_000);
        Assert.InRange(passed, 100, 20_000);
    }

    private static void AssertKnown(JsonElement schema, JsonObject value)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        foreach (var (name, member) in value)
        {
            Assert.True(properties.TryGetProperty(name, out var inner), $"{name} passed");
            if (member is JsonObject nested)
                AssertKnown(inner, nested);
        }
    }

    private static Gen<string> Pick(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static JsonObject Object((string Name, JsonNode? Value)[] members)
    {
        var made = new JsonObject();
        foreach (var (name, value) in members)
            made[name] = value?.DeepClone();
        return made;
    }

    private static IEnumerable<string> Names(JsonElement schema) => schema.TryGetProperty("properties", out var properties)
        ? properties.EnumerateObject().SelectMany(property => Names(property.Value).Prepend(property.Name))
        : [];
}
