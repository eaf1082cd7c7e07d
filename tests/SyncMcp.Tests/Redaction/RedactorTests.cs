using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Redaction;

namespace SyncMcp.Tests.Redaction;

public sealed class RedactorTests
{
    private const string Canary = "c4nary-9f3b71e2";

    [Theory]
    [InlineData("Password=c4nary-9f3b71e2;Server=db")]
    [InlineData("Server=db; Pwd = c4nary-9f3b71e2 ; Port=1")]
    [InlineData("Server=db;API Key=\"c4nary-9f3b71e2\"")]
    [InlineData("postgres://user:c4nary-9f3b71e2@host/db")]
    [InlineData("Authorization: Basic c4nary-9f3b71e2c4nary")]
    [InlineData("authorization: bearer c4nary-9f3b71e2c4nary")]
    [InlineData("GET /x?access_token=c4nary-9f3b71e2&y=1 failed")]
    [InlineData("""the server said {"password":"c4nary-9f3b71e2","user":"u"}""")]
    [InlineData("""{"error":"{\"client_secret\":\"c4nary-9f3b71e2\"}"}""")]
    public void A_secret_in_a_text_is_masked_by_its_form(string text)
    {
        var masked = Redactor.Mask(text);

        Assert.DoesNotContain(Canary, masked, StringComparison.Ordinal);
        Assert.Contains("********", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Password")]
    [InlineData("AuthToken")]
    [InlineData("SSL Client Cert")]
    [InlineData("connection_string")]
    [InlineData("Aws Secret Key")]
    public void A_member_with_the_name_of_a_secret_is_masked_at_any_depth(string name)
    {
        var node = new JsonObject { ["a"] = new JsonArray(new JsonObject { [name] = Canary, ["Server"] = "db" }) };

        Redactor.Mask(node);

        Assert.Equal("********", (string)node["a"]![0]![name]!);
        Assert.Equal("db", (string)node["a"]![0]!["Server"]!);
    }

    [Theory]
    [InlineData("WHERE key = 5 AND token_count > 3")]
    [InlineData("REPLICATE [Orders] SELECT id, password_changed_at FROM [Orders]")]
    [InlineData("copied 1,000 rows; next: list_jobs")]
    [InlineData("see https://example.com:8443/path?x=1")]
    [InlineData("Password=${secret:NAME};Server=db")]
    [InlineData("Password=********;Server=db")]
    public void What_is_no_secret_stays(string text) => Assert.Equal(text, Redactor.Mask(text));

    [Fact]
    public void A_confirmation_token_and_keys_of_the_protocol_arrive_whole()
    {
        var node = new JsonObject { ["confirmation_token"] = "t1.abc", ["requestState"] = "signed", ["progressToken"] = "p", ["next_cursor"] = "c" };
        var before = node.DeepClone();

        Redactor.Mask(node);

        Assert.True(JsonNode.DeepEquals(before, node));
    }

    [Fact]
    public void A_secret_that_we_hold_is_masked_wherever_it_stands()
    {
        Redactor.Hold("held-secret-0042");

        Gen.Select(Gen.String[0, 30], Gen.String[0, 30]).Sample((before, after) =>
            Assert.DoesNotContain("held-secret-0042", Redactor.Mask($"{before}held-secret-0042{after}"), StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_of_any_signs_leaves_no_rest_in_any_form()
    {
        var signs = Gen.Char["abcXYZ0189!@#$%^&*()_+-=,.<>?/|~[]{}:"];
        Gen.Select(Gen.String[signs, 8, 24], Gen.String[0, 20]).Sample((secret, around) =>
        {
            foreach (var text in new[] { $"Server=x;Password={secret};Port=1", $"{around} token={secret} {around}", $$"""{"client_secret":"{{secret}}","x":1}""" })
                Assert.DoesNotContain(secret, Redactor.Mask(text), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void No_text_makes_masking_fail() => Gen.String.Sample(text => Assert.NotNull(Redactor.Mask($"{text}Password={text};{text}://x:{text}@h Bearer {text}")));
}
