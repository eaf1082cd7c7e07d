using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Engine.Api;

namespace SyncMcp.Engine.Tests.Api;

public sealed class MergePatchTests
{
    // A few names and values, so that targets and patches meet.
    private static readonly string[] Names = ["a", "b", "c", ""];

    private static Gen<(JsonObject Target, JsonObject Patch)> Pairs { get; } = Gen.Int.Select(seed =>
    {
        var random = new Random(seed);
        return (Object(random, 0), Object(random, 0));
    });

    [Fact]
    public void Any_patch_does_what_the_RFC_says() => Pairs.Sample(
        (target, patch) =>
        {
            var (targetBefore, patchBefore) = (target.ToJsonString(), patch.ToJsonString());
            var merged = MergePatch.Apply(target, patch);
            Assert.True(JsonNode.DeepEquals(ByTheRfc(target.DeepClone(), patch), merged), $"{targetBefore} + {patchBefore} = {merged.ToJsonString()}");
            Assert.Equal((targetBefore, patchBefore), (target.ToJsonString(), patch.ToJsonString()));
        },
        iter: 5_000);

    [Fact]
    public void A_patch_applied_twice_is_applied_once() => Pairs.Sample(
        (target, patch) =>
        {
            var once = MergePatch.Apply(target, patch);
            Assert.True(JsonNode.DeepEquals(once, MergePatch.Apply(once, patch)));
        },
        iter: 2_000);

    // The examples of RFC 7396, appendix A, whose target and patch are objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void The_examples_of_the_RFC_hold(string target, string patch, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), MergePatch.Apply(JsonNode.Parse(target)!.AsObject(), JsonNode.Parse(patch)!.AsObject())));

    private static JsonObject Object(Random random, int depth)
    {
        var members = new JsonObject();
        for (var count = random.Next(5); count > 0; count--)
            members[Names[random.Next(Names.Length)]] = Value(random, depth + 1);
        return members;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 3 ? 3 : 6) switch
    {
        0 => null,
        1 => random.Next(3),
        2 => "text" + random.Next(3),
        3 => new JsonArray(Value(random, depth + 1), Value(random, depth + 1)),
        _ => Object(random, depth),
    };

    // The pseudocode of RFC 7396, section 2, word by word.
    private static JsonNode? ByTheRfc(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject members)
            return patch?.DeepClone();
        var into = target as JsonObject ?? [];
        foreach (var (name, value) in members)
        {
            if (value is null)
            {
                into.Remove(name);
            }
            else
            {
                into.Remove(name, out var old);
                into[name] = ByTheRfc(old, value);
            }
        }

        return into;
    }
}
