using System.Text.Json.Nodes;
using SyncMcp.Redaction;

namespace SyncMcp.Tests.Redaction;

/// <summary>Members of answers, by their names and by what stands beside them; and what a caller gave.</summary>
public sealed class MemberTests
{
    [Theory]
    [InlineData("""{"token":5}""", """{"token":"********"}""")]
    [InlineData("""{"tokens":5}""", """{"tokens":5}""")]
    [InlineData("""{"password":true,"token":null}""", """{"password":true,"token":null}""")]
    [InlineData("""{"password":""}""", """{"password":""}""")]
    [InlineData("""{"password":"${secret:A}"}""", """{"password":"${secret:A}"}""")]
    [InlineData("""{"password":["a1b2","c3d4"]}""", """{"password":["********","********"]}""")]
    [InlineData("""{"credentials":{"user":"u","pin":1,"on":true,"more":[{"x":"y"}]}}""", """{"credentials":{"user":"********","pin":"********","on":true,"more":[{"x":"********"}]}}""")]
    [InlineData("""{"progressToken":"abc","requestState":"Password=x;","other":"Password=x;"}""", """{"progressToken":"abc","requestState":"Password=x;","other":"Password=********;"}""")]
    [InlineData("""{"progressToken":{"a":"b"},"requestState":{"a":"b"}}""", """{"progressToken":{"a":"b"},"requestState":{"a":"b"}}""")]
    [InlineData("""{"name":"Password","value":"x","else":"y"}""", """{"name":"Password","value":"********","else":"y"}""")]
    [InlineData("""{"key":"Password","value":5}""", """{"key":"********","value":"********"}""")]
    [InlineData("""{"header":"Authorization","value":["x"]}""", """{"header":"Authorization","value":["********"]}""")]
    [InlineData("""{"property":"API Key","value":"x"}""", """{"property":"API Key","value":"********"}""")]
    [InlineData("""{"label":"Password","value":"x"}""", """{"label":"Password","value":"x"}""")]
    [InlineData("""{"name":"Server","value":"x"}""", """{"name":"Server","value":"x"}""")]
    [InlineData("""{"name":5,"value":"x"}""", """{"name":5,"value":"x"}""")]
    [InlineData("""{"name":"Password","values":"x"}""", """{"name":"Password","values":"x"}""")]
    [InlineData("""["Password=x;",["Password=x;"],null,5]""", """["Password=********;",["Password=********;"],null,5]""")]
    public void A_member_is_masked_by_its_name_or_by_the_name_beside_it(string json, string masked)
    {
        var node = JsonNode.Parse(json);
        Assert.Same(node, Redactor.Mask(node));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(masked), node), node!.ToJsonString());
    }

    [Fact]
    public void A_single_value_is_masked_by_the_name_it_is_said_to_have()
    {
        Assert.Equal("********", (string)Redactor.Mask(JsonValue.Create("abc"), "password")!);
        Assert.Equal("abc", (string)Redactor.Mask(JsonValue.Create("abc"), "server")!);
        Assert.Equal("abc", (string)Redactor.Mask(JsonValue.Create("abc"))!);
        Assert.Equal("********", (string)Redactor.Mask(new JsonArray("abc"), "password")![0]!);
        Assert.Null(Redactor.Mask(null, "password"));
    }

    [Fact]
    public void What_was_masked_once_is_masked_where_it_stands_again_unless_it_is_a_word()
    {
        JsonNode node = new JsonObject
        {
            ["password"] = "rep-77",
            ["token"] = "short",
            ["api_key"] = "only words",
            ["texts"] = new JsonArray("saw rep-77 twice rep-77", new JsonObject { ["x"] = "rep-77" }, "short, only words", 77),
            ["progressToken"] = "rep-77",
        };

        Redactor.Mask(node);

        Assert.Equal("saw ******** twice ********", (string)node["texts"]![0]!);
        Assert.Equal("********", (string)node["texts"]![1]!["x"]!);
        Assert.Equal("short, only words", (string)node["texts"]![2]!);
        Assert.Equal("rep-77", (string)node["progressToken"]!);
        JsonNode less = new JsonObject { ["password"] = "rep-7", ["text"] = "rep-7" };
        Assert.Equal("rep-7", (string)Redactor.Mask(less)!["text"]!);
    }

    [Fact]
    public void Secrets_among_arguments_are_left_out_of_the_answer_in_every_spelling()
    {
        var given = Redactor.Given(new JsonObject
        {
            ["properties"] = new JsonObject { ["Password"] = "g1ven/one", ["Server"] = "g1ven/server" },
            ["tokens"] = new JsonArray("g1ven/two", 5, null),
            ["text"] = "postgres://me:g1ven-three@host and Pwd=g1ven-four;Port=1",
        });

        Assert.Equal(["g1ven%2Fone", "g1ven/one"], given.Where(one => one.EndsWith("one", StringComparison.Ordinal)));
        Assert.Contains("g1ven/two", given);
        Assert.Contains("g1ven-three", given);
        Assert.Contains("g1ven-four", given);
        Assert.DoesNotContain("g1ven/server", given);

        JsonNode answer = new JsonObject { ["said"] = new JsonArray("no g1ven/one, g1ven%2Fone", new JsonObject { ["x"] = "g1ven-three g1ven/server" }), ["requestState"] = "g1ven/one", ["count"] = 5 };
        Redactor.Mask(answer, given);
        Assert.Equal("""{"said":["no ********, ********",{"x":"******** g1ven/server"}],"requestState":"g1ven/one","count":5}""", answer.ToJsonString());
        Assert.Equal("******** and ********", Redactor.Mask("g1ven/one and g1ven/two", given));

        JsonNode untouched = new JsonObject { ["x"] = "y" };
        Redactor.Mask(untouched, []);
        Assert.Equal("""{"x":"y"}""", untouched.ToJsonString());
    }
}
