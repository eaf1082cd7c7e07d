using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Redaction;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Redaction;

/// <summary>Secrets that are known by their value: what is remembered, for how long, and in which spellings. Alone, since what is noticed pushes out what was.</summary>
[Collection(nameof(AfterAllOthers))]
public sealed class HeldSecretTests
{
    [Theory]
    [InlineData("held-77", false)]
    [InlineData("held-778", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void What_is_kept_has_at_least_eight_letters(string? secret, bool kept)
    {
        Redactor.Hold(secret);

        Assert.Equal(kept ? "a ******** b" : $"a {secret} b", Redactor.Mask($"a {secret} b"));
    }

    [Theory]
    [InlineData("n0tic", false)]
    [InlineData("n0tice", true)]
    [InlineData("noticed", false)]
    [InlineData("a noticed word", false)]
    [InlineData("noticed_wordie_x", true)]
    [InlineData("noticed_wordie_", false)]
    [InlineData("********", false)]
    [InlineData("${secret:NOTICED1}", false)]
    public void What_is_noticed_is_no_word(string secret, bool noticed)
    {
        Redactor.Notice(secret);

        Assert.Equal(noticed ? "a ******** b" : $"a {secret} b", Redactor.Mask($"a {secret} b"));
        Assert.Equal(!noticed && !secret.Contains("${secret:", StringComparison.Ordinal), Redactor.IsClean($"a {secret} b"));
        var given = Redactor.Given(new JsonObject { ["password"] = secret });
        Assert.Equal(noticed, given.Contains(secret));
    }

    [Fact]
    public void The_newest_two_hundred_are_remembered_and_what_is_kept_always()
    {
        Redactor.Hold("kept-0001");
        Redactor.Notice("kept-0001");
        foreach (var i in Enumerable.Range(0, 201))
            Redactor.Notice($"noticed-{i:000}");

        Assert.Equal("noticed-000", Redactor.Mask("noticed-000"));
        Assert.Equal("********", Redactor.Mask("noticed-001"));

        Redactor.Notice("noticed-200"); // known: nothing is pushed out
        Redactor.Notice("kept-0001");
        Assert.Equal("********", Redactor.Mask("noticed-001"));
        Redactor.Notice("noticed-201");
        Assert.Equal("noticed-001", Redactor.Mask("noticed-001"));
        Assert.Equal("********", Redactor.Mask("noticed-201"));
        Assert.Equal("********", Redactor.Mask("kept-0001"));
    }

    [Fact]
    public void Each_spelling_is_masked_whole_and_the_text_around_it_stays()
    {
        const string secret = "sp€ll&<\"5>\\ing+/ 'ü";
        Redactor.Notice(secret);
        var inJson = JsonEncodedText.Encode(secret, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value;
        var strict = JsonEncodedText.Encode(secret).Value;
        string[] spellings =
        [
            secret, inJson, strict, JsonEncodedText.Encode(inJson).Value, JsonEncodedText.Encode(strict).Value,
            JsonEncodedText.Encode(inJson, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
            JsonEncodedText.Encode(strict, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,
            Uri.EscapeDataString(secret), WebUtility.UrlEncode(secret), WebUtility.HtmlEncode(secret),
        ];

        foreach (var spelling in spellings)
            Assert.Equal("a ******** b ******** c", Redactor.Mask($"a {spelling} b {spelling} c"));
        Assert.Equal("********", Redactor.Mask(secret));
    }

    [Theory]
    [InlineData("b64-~~??>>secret")]
    [InlineData("b64-~~??>>secret1")]
    [InlineData("b64-~~??>>secret12")]
    public void One_that_is_kept_is_masked_inside_of_Base64_too(string secret)
    {
        Redactor.Hold(secret);

        foreach (var before in new[] { "", "u", "us", "use", "user", "userx" })
        {
            foreach (var after in new[] { "", "r", "re", "res" })
            {
                var bytes = Encoding.UTF8.GetBytes(before + secret + after);
                foreach (var text in new[] { Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_') })
                {
                    // What is left of it are the three or four letters that a neighbour shares.
                    var masked = Redactor.Mask($"seen {text} there");
                    Assert.Contains("********", masked, StringComparison.Ordinal);
                    Assert.InRange(masked.Length, 0, "seen ******** there".Length + ((before.Length + after.Length + 2) * 4 / 3) + 8);
                }
            }
        }

        Redactor.Notice("n0ticed-only");
        Assert.Equal(Convert.ToBase64String("n0ticed-only"u8), Redactor.Mask(Convert.ToBase64String("n0ticed-only"u8)));
    }

    [Fact]
    public void The_longest_of_several_that_begin_alike_is_masked()
    {
        Redactor.Hold("alike-12345");
        Redactor.Hold("alike-12345-and-more");
        Redactor.Hold("alike-12345-and");

        Assert.Equal("a ******** b ******** c ********", Redactor.Mask("a alike-12345-and-more b alike-12345 c alike-12345-and"));
    }
}
