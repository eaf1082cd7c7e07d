using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.AsCode;

namespace SyncMcp.Tests.AsCode;

/// <summary>YAML says what JSON says.</summary>
public sealed class YamlTests
{
    private static readonly string[] Odd =
        ["", "true", "No", "null", "~", "007", "1e3", "-1", "0x1F", ".5", " x", "x ", "a: b", "- a", "# c", "SELECT 1\nFROM t\n", "a\n\n", "\n", "\r\n", "ü\u2028z", "😀", "---", "0 0 2 * * *", "${secret:a-b}", "=", "<<", "2026-11-24"];

    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[0, 20].Where(IsWhole),
        Gen.String[Gen.Char["abc \n\t:#-'\"{}[]&*!|>%@`,?~0123456789"], 0, 30],
        Gen.Int[0, Odd.Length - 1].Select(at => Odd[at]));

    // Half a character is no text: no form of JSON or YAML can say it.
    private static bool IsWhole(string text) => text.All(sign => !char.IsSurrogate(sign) && sign is not '\ufffe' and not '\uffff');

    private static Gen<JsonNode?> Node(int depth) => depth == 0
        ? Gen.OneOf(Texts.Select(text => (JsonNode?)JsonValue.Create(text)), Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)), Gen.Bool.Select(yes => (JsonNode?)JsonValue.Create(yes)), Gen.Const((JsonNode?)null))
        : Gen.OneOf(
            Node(0),
            Node(depth - 1).List[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())])),
            Gen.Select(Texts, Node(depth - 1)).List[0, 4].Select(members => (JsonNode?)new JsonObject(members.DistinctBy(member => member.Item1).Select(member => KeyValuePair.Create(member.Item1, member.Item2?.DeepClone())))));

    [Fact]
    public void What_is_written_is_read_again() => Node(3).Sample(node => JsonNode.DeepEquals(Yaml.Read(Yaml.Write(node)), node), iter: 2_000);

    [Fact]
    public void JSON_is_read_too() => Node(3).Sample(node => node is not (JsonObject or JsonArray) || JsonNode.DeepEquals(Yaml.Read(node.ToJsonString()), node), iter: 1_000);

    [Theory]
    [InlineData("a: 1\na: 2", "twice")]
    [InlineData("a: &x 1\nb: *x", "anchors")]
    [InlineData("a: !!binary aGk=", "tags")]
    [InlineData("[", "Line 2")]
    [InlineData("a: 1\n---\nb: 2", "more than one")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]", "deeply")]
    public void What_could_mean_something_else_is_refused(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => Yaml.Read(text)).Message, StringComparison.Ordinal);
}
