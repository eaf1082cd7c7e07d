using System.Text.Json.Nodes;
using SyncMcp.Redaction;

namespace SyncMcp.Tests.Redaction;

/// <summary>Where exactly a mask begins and ends, and that no text is too short for a look: each beginning and each end of each text is looked at.</summary>
public sealed class RedactorEdgeTests
{
    [Theory]
    [InlineData("Server=x;Password=a b ;Port=1", "Server=x;Password=******** ;Port=1")]
    [InlineData("Password=a b;", "Password=********;")]
    [InlineData("Password=abc rest of the line", "Password=******** rest of the line")]
    [InlineData("x;Password=a b\nnext", "x;Password=********\nnext")]
    [InlineData("token=abc\\nnext", "token=********\\nnext")]
    [InlineData("token==abc", "token==********")]
    [InlineData("token=>abc", "token=>********")]
    [InlineData("token=", "token=")]
    [InlineData("token = ", "token = ")]
    [InlineData("token", "token")]
    [InlineData("token::text", "token::text")]
    [InlineData("password: short", "password: short")]
    [InlineData("password: longer-1 x", "password: ******** x")]
    [InlineData("password: longer-1", "password: ********")]
    [InlineData("password: abc-1", "password: abc-1")]
    [InlineData("password: a1b2c3", "password: ********")]
    [InlineData("password: wordsonly", "password: wordsonly")]
    [InlineData("Authorization: Basic x\nnext", "Authorization: ********\nnext")]
    [InlineData("Cookie: a=b; c=d", "Cookie: ********")]
    [InlineData("?token=abc&x=1#y", "?token=********&x=1#y")]
    [InlineData("?token=abc#y", "?token=********#y")]
    [InlineData("x token=abc&y=1", "x token=********")]
    [InlineData("'token' => 'abc'", "'token' => '********'")]
    [InlineData("\"token\": \"a\\\"b\"", "\"token\": \"********\"")]
    [InlineData("\"token\":\"\",\"x\":1", "\"token\":\"\",\"x\":1")]
    [InlineData("\"token\":123,\"x\":1", "\"token\":********,\"x\":1")]
    [InlineData("\"token\":true", "\"token\":true")]
    [InlineData("\"tokens_used\":12", "\"tokens_used\":12")]
    [InlineData("\"name\":\"token\",\"value\":\"abc\"", "\"name\":\"token\",\"value\":\"********\"")]
    [InlineData("\"name\":\"token\",\"other\":\"abc\"", "\"name\":\"token\",\"other\":\"abc\"")]
    [InlineData("\"token\":\"abc", "\"token\":\"********")]
    [InlineData("\"token\":\"abc\nnext", "\"token\":\"********\nnext")]
    [InlineData("Pwd={a;b};Port=1", "Pwd={********};Port=1")]
    [InlineData("bearer abcdefg1", "bearer ********")]
    [InlineData("bearer abcde1", "bearer abcde1")]
    [InlineData("xbearer abcdefg1", "xbearer abcdefg1")]
    [InlineData("Basic   aGVsbG86eA==", "Basic   ********")]
    [InlineData("a://b:c@d", "a://b:********@d")]
    [InlineData("a://b:c@d@e/f@g", "a://b:********@e/f@g")]
    [InlineData("a://b:@d", "a://b:@d")]
    [InlineData("a://b/c:d@e", "a://b/c:d@e")]
    [InlineData("a://b:80/d@e", "a://b:80/d@e")]
    [InlineData("a://b:80x/d@e", "a://b:********@e")]
    [InlineData("a://12345678901234567890@e", "a://********@e")]
    [InlineData("a://1234567890123456789@e", "a://1234567890123456789@e")]
    [InlineData("a://b:c d@e", "a://b:c d@e")]
    [InlineData("-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----y", "********y")]
    [InlineData("-----BEGIN PRIVATE KEY-----x-----END PRIV", "********")]
    [InlineData("-----BEGIN PUBLIC KEY-----x", "-----BEGIN PUBLIC KEY-----x")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJ4IjoxfQ.c2ln!", "********!")]
    [InlineData("eyJhbGciOi.x", "eyJhbGciOi.x")]
    [InlineData("AKIAABCDEFGHIJKLMNO1.", "********.")]
    [InlineData("AKIAABCDEFGHIJKLMN1.", "AKIAABCDEFGHIJKLMN1.")]
    [InlineData("AKIAABCDEFGHIJKLMNOP", "AKIAABCDEFGHIJKLMNOP")]
    public void A_mask_covers_the_value_and_nothing_else(string text, string masked)
    {
        Assert.Equal(masked, Redactor.Mask(text));
        Assert.Equal(masked, Redactor.Mask(masked)); // once more changes nothing
        Assert.Equal(text == masked, ReferenceEquals(text, Redactor.Mask(text)));
        for (var i = 0; i <= text.Length; i++)
        {
            Assert.NotNull(Redactor.Mask(text[..i]));
            Assert.NotNull(Redactor.Mask(text[i..]));
        }

        if (text != masked)
            Assert.False(Redactor.IsClean(text));
    }

    [Theory]
    [InlineData("AAAAaaaa0000AAAAaaaa0000AAAAaaaa0000AAAAaaaa0000AAAAaaaa0000AAAA", true)]
    [InlineData("AAAAaaaa0000AAAAaaaa0000AAAAaaaa0000AAAAaaaa0000AAAAaaaa000", false)]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", false)]
    [InlineData("a line of words that is just as long as the lines of a key are, so", false)]
    public void A_line_of_a_key_is_known_by_itself(string line, bool masked)
    {
        var lines = new JsonArray(new JsonObject { ["text"] = line });
        KeyBlocks.Mask(lines);
        Assert.Equal(masked ? "********" : line, (string?)lines[0]!["text"]);
    }

    [Fact]
    public void The_lines_of_a_key_go_until_its_end_or_something_else()
    {
        string[] log = ["before", "-----BEGIN RSA PRIVATE KEY-----", "AAAA", "10:00 INFO BBBB", "-----END RSA PRIVATE KEY-----", "after", "-----BEGIN PRIVATE KEY-----", "CCCC", "a sentence.", "last", "-----BEGIN CERTIFICATE-----", "DDDD"];
        var lines = new JsonArray([.. log.Select(line => (JsonNode)new JsonObject { ["text"] = line }), new JsonObject { ["text"] = 5 }, "x"]);

        KeyBlocks.Mask(lines);
        KeyBlocks.Mask(null);

        Assert.Equal(["before", log[1], "********", "********", "********", "after", log[6], "********", "********", "last", log[10], "DDDD"], lines.Take(12).Select(line => (string?)line!["text"]));
    }
}
