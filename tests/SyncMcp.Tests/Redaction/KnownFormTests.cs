using System.Text.Json.Nodes;
using SyncMcp.Redaction;

namespace SyncMcp.Tests.Redaction;

/// <summary>Each name and each beginning that the redactor knows, one by one, and where each look ends.</summary>
public sealed class KnownFormTests
{
    [Theory]
    [InlineData("password", "passwd", "passwort", "kennwort", "pwd", "passphrase", "passcode", "secret", "token", "credential", "credentials", "authorization", "cookie")]
    [InlineData("apikey", "api_key", "api-key", "api key", "accesskey", "access_key", "access-key", "access key", "accountkey", "account_key", "account key", "secretkey", "secret key")]
    [InlineData("privatekey", "private_key", "private key", "sharedkey", "shared key", "encryptionkey", "encryption key", "storagekey", "storage key", "signingkey", "masterkey")]
    [InlineData("connectionstring", "connection_string", "ssl client cert", "sshkeypassword2", "x-token1")]
    public void Each_name_of_a_secret_is_known_in_settings_and_in_JSON(params string[] names)
    {
        foreach (var name in names)
        {
            foreach (var spelled in new[] { name, name.ToUpperInvariant(), $"my {name}" })
            {
                Assert.Equal($"x=1;{spelled}=********;y=2", Redactor.Mask($"x=1;{spelled}=abc d;y=2"));
                Assert.Equal($"{{\"x\":1,\"{spelled}\":\"********\",\"y\":2}}", Redactor.Mask($"{{\"x\":1,\"{spelled}\":\"abc d\",\"y\":2}}"));
                Assert.False(Redactor.IsClean($"x=1;{spelled}=abc"));
            }
        }
    }

    [Theory]
    [InlineData("aws_key")]
    [InlineData("sas key")]
    public void A_key_is_a_secret_as_a_member_but_not_in_a_query(string name)
    {
        Assert.Equal($"{{\"{name}\":\"********\"}}", Redactor.Mask($"{{\"{name}\":\"abc\"}}"));
        Assert.Equal($"{{\\\"{name}\\\":\\\"********\\\"}}", Redactor.Mask($"{{\\\"{name}\\\":\\\"abc\\\"}}"));
        Assert.Equal($"WHERE {name}=5", Redactor.Mask($"WHERE {name}=5"));
    }

    [Theory]
    [InlineData("?sig=abc", "?sig=********")]
    [InlineData("confirmation_token=abc", "confirmation_token=abc")]
    [InlineData("progressToken=abc", "progressToken=abc")]
    [InlineData("Cancellation Token=abc", "Cancellation Token=abc")]
    [InlineData("tokens=abc", "tokens=abc")]
    [InlineData("token.a=abc", "token.a=abc")]
    [InlineData("certain=abc", "certain=abc")]
    public void A_name_counts_to_its_end(string text, string masked) => Assert.Equal(masked, Redactor.Mask(text));

    [Fact]
    public void A_text_without_any_sign_is_left_as_it_is()
    {
        foreach (var text in new[] { "", "copied 1,000 rows; next: list_jobs", "a key = 5", "begin", "ey", "basics", "bearer", "a@b" })
            Assert.True(Redactor.IsClean(text), text);
        foreach (var text in new[] { "x://a@b", "Bearer x", "BASIC x", "-----BEGIN x", "eyJx", "Token" })
            Assert.False(Redactor.IsClean(text), text);
    }

    // With its issuer's length, and one letter less.
    [Theory]
    [InlineData("AKIA", 16)]
    [InlineData("ASIA", 16)]
    [InlineData("AIza", 30)]
    [InlineData("ya29.", 20)]
    [InlineData("GOCSPX-", 20)]
    [InlineData("1//0", 30)]
    [InlineData("ghp_", 30)]
    [InlineData("gho_", 30)]
    [InlineData("ghu_", 30)]
    [InlineData("ghs_", 30)]
    [InlineData("ghr_", 30)]
    [InlineData("github_pat_", 40)]
    [InlineData("glpat-", 16)]
    [InlineData("xoxb-", 16)]
    [InlineData("xoxp-", 16)]
    [InlineData("xoxa-", 16)]
    [InlineData("xoxr-", 16)]
    [InlineData("xoxs-", 16)]
    [InlineData("xapp-", 16)]
    [InlineData("sk_live_", 16)]
    [InlineData("sk_test_", 16)]
    [InlineData("rk_live_", 16)]
    [InlineData("whsec_", 16)]
    [InlineData("sk-", 20)]
    [InlineData("hf_", 24)]
    [InlineData("npm_", 30)]
    [InlineData("pypi-", 30)]
    [InlineData("dapi", 32)]
    [InlineData("shpat_", 24)]
    [InlineData("dop_v1_", 40)]
    [InlineData("SG.", 40)]
    [InlineData("EAAA", 40)]
    [InlineData("NRAK-", 20)]
    [InlineData("lin_api_", 30)]
    public void Each_beginning_of_an_issuer_is_known_from_its_shortest_length_on(string start, int least)
    {
        var shortest = start + new string('x', least - 1) + "7";

        Assert.Equal("a ******** b", Redactor.Mask($"a {shortest} b"));
        Assert.Equal("a ********.", Redactor.Mask($"a {shortest}."));
        Assert.Equal("a ********=~.", Redactor.Mask($"a {shortest}=~."));
        Assert.False(Redactor.IsClean(shortest));
        foreach (var other in new[] { $"a {shortest[..^2]}7 b", $"a{shortest}", $"7{shortest}" })
            Assert.Equal(other, Redactor.Mask(other));
        Assert.Equal(!start.Any(char.IsAsciiDigit), Redactor.Mask($"a {shortest[..^1]}x b").Contains(start, StringComparison.Ordinal)); // letters alone are words
        foreach (var escape in new[] { "\\n", "\\r", "\\t" })
            Assert.Equal($"a{escape}********", Redactor.Mask($"a{escape}{shortest}"));
        Assert.Equal($"n{shortest}", Redactor.Mask($"n{shortest}"));
        Assert.Equal($"\\x{shortest}", Redactor.Mask($"\\x{shortest}"));
    }

    [Theory]
    [InlineData(1, 40, true)]
    [InlineData(59, 40, true)]
    [InlineData(60, 40, false)]
    [InlineData(1, 39, false)]
    [InlineData(1, 41, false)]
    public void The_second_half_of_a_pair_is_forty_letters_not_far_behind(int gap, int length, bool masked)
    {
        var id = $"ASIA{new string('Q', 15)}7";
        var secret = string.Concat(Enumerable.Repeat("aB3/", 11))[..length];

        Assert.Equal(masked ? "********, done" : $"********{new string(' ', gap)}{secret}, done", Redactor.Mask($"{id}{new string(' ', gap)}{secret}, done"));
        Assert.Equal(masked ? "********" : $"********{new string(' ', gap)}{secret}", Redactor.Mask($"{id}{new string(' ', gap)}{secret}"));
    }

    [Theory]
    [InlineData("eyJ4567890123456789012.4", "********")]
    [InlineData("eyJ456789012345678901.4", "eyJ456789012345678901.4")]
    [InlineData("eyJ45678901234567890123.a.b.c.d.e", "********.e")]
    [InlineData("eyJ45678901234567890123.", "eyJ45678901234567890123.")]
    [InlineData("eyJ45678901234567890123.a.", "********.")]
    [InlineData("eyJ45678901234567890123.a..b", "********..b")]
    [InlineData("eyJ45678901234567890123", "eyJ45678901234567890123")]
    [InlineData("xeyJ45678901234567890123.a", "xeyJ45678901234567890123.a")]
    [InlineData("-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY----", "********")]
    [InlineData("-----BEGIN PRIVATE KEY x-----END PRIVATE KEY-----", "********")]
    [InlineData("-----BEGIN A LABEL THAT IS MUCH LONGER THAN ANY THAT WAS EVER SEEN PRIVATE KEY-----x", "-----BEGIN A LABEL THAT IS MUCH LONGER THAN ANY THAT WAS EVER SEEN PRIVATE KEY-----x")]
    [InlineData("-----BEGIN CERTIFICATE-----\nPRIVATE KEY", "-----BEGIN CERTIFICATE-----\nPRIVATE KEY")]
    public void Web_tokens_and_keys_end_where_they_end(string text, string masked) => Assert.Equal(masked, Redactor.Mask(text));

    [Theory]
    [InlineData("Bearer aaaaaaa1", "Bearer ********")]
    [InlineData("Bearer aaaaaaaa", "Bearer aaaaaaaa")]
    [InlineData("Bearer aaaAaaaa", "Bearer ********")]
    [InlineData("Bearer AAAAAAAA", "Bearer AAAAAAAA")]
    [InlineData("Bearer Aaaaaaaa", "Bearer Aaaaaaaa")]
    [InlineData("Basic aaaaaaa1", "Basic ********")]
    [InlineData("basic aaaaaa1", "basic aaaaaa1")]
    [InlineData("7bearer aaaaaaa1", "7bearer aaaaaaa1")]
    [InlineData("(bearer aaaaaaa1)", "(bearer ********)")]
    [InlineData("bearer   ", "bearer   ")]
    [InlineData("a://b?x:c@d", "a://b?x:c@d")]
    [InlineData("a://b#x:c@d", "a://b#x:c@d")]
    [InlineData("a://b:80?x@e", "a://b:80?x@e")]
    [InlineData("a://b:80#x@e", "a://b:80#x@e")]
    [InlineData("a://b:/x@e", "a://b:/x@e")]
    [InlineData("a://b:c?d@e", "a://b:********@e")]
    [InlineData("a://b:c@d?e@f", "a://b:********@d?e@f")]
    [InlineData("a://b:c@d#e@f", "a://b:********@d#e@f")]
    [InlineData("a://b:c@d e@f", "a://b:********@d e@f")]
    [InlineData("a://b:c@d x://y:z@e", "a://b:********@d x://y:********@e")]
    [InlineData("a://b:c@d|x://y:z@e", "a://b:********@d|x://y:********@e")]
    [InlineData("'a://b:c@d'", "'a://b:********@d'")]
    [InlineData("<a://b:c@d>e@f", "<a://b:********@d>e@f")]
    [InlineData("a@b a://c:d@e", "a@b a://c:********@e")]
    [InlineData("a://b:${secret:X}@d", "a://b:${secret:X}@d")]
    [InlineData("a://b:123@d", "a://b:********@d")]
    [InlineData("a://1234567890/2345678901@e", "a://1234567890/2345678901@e")]
    [InlineData("://b:c@d", "://b:********@d")]
    [InlineData("b:c@d", "b:c@d")]
    public void Addresses_and_headers_end_where_they_end(string text, string masked) => Assert.Equal(masked, Redactor.Mask(text));

    [Theory]
    [InlineData(500, true)]
    [InlineData(590, true)]
    [InlineData(610, false)]
    public void A_password_in_an_address_may_be_as_long_as_any_is(int length, bool masked) =>
        Assert.Equal(!masked, Redactor.Mask($"a://b:{new string('x', length)}@d").Contains("xxx", StringComparison.Ordinal));

    [Theory]
    [InlineData("${token:abc}=x", "${token:abc}=x")]
    [InlineData("{token=abc}", "{token=********")]
    [InlineData("$token=abc", "$token=********")]
    [InlineData("token:=abc", "token:=abc")]
    [InlineData("token:abc1de", "token:********")]
    [InlineData("token:abc1d", "token:abc1d")]
    [InlineData("token: abc1de, x", "token: ********, x")]
    [InlineData("token: abc1de\\n", "token: ********\\n")]
    [InlineData("token: \"a b\" c", "token: \"********\" c")]
    [InlineData("token = 'a b' c", "token = '********' c")]
    [InlineData("token = `a b` c", "token = `********` c")]
    [InlineData("token={a b} c", "token={********} c")]
    [InlineData("token={a b", "token=******** b")]
    [InlineData("token:{a1b2c3} c", "token:******** c")]
    [InlineData("token=${secret:A} b", "token=${secret:A} b")]
    [InlineData("authorization: ", "authorization: ")]
    [InlineData("proxy-authorization: a b\\n", "proxy-authorization: ********\\n")]
    [InlineData("set-cookie: a b\" c", "set-cookie: ********\" c")]
    [InlineData("set-cookie: \r", "set-cookie: \r")]
    [InlineData("(token=abc), x", "(token=******** x")]
    [InlineData("\"token=abc\" x", "\"token=********\" x")]
    [InlineData("'token=a'b' x", "'token=********' x")]
    [InlineData("'token=abc'", "'token=********'")]
    [InlineData("token=ab\\ncd", "token=********\\ncd")]
    [InlineData("token=ab\\rcd", "token=********\\rcd")]
    [InlineData("token=ab\\xcd", "token=********")]
    [InlineData("token=ab\\", "token=********\\")]
    [InlineData("token=a b;x=1", "token=********;x=1")]
    [InlineData("token=a b; x=1", "token=********; x=1")]
    [InlineData("token=a b;", "token=********;")]
    [InlineData("token=a b; and more", "token=******** b; and more")]
    [InlineData("token=a b;\nx", "token=********;\nx")]
    [InlineData("token=a b;\" x", "token=********;\" x")]
    [InlineData("token=a b;' x", "token=********;' x")]
    [InlineData("token=a b;) x", "token=********;) x")]
    [InlineData("token=a b;\\\" x", "token=********;\\\" x")]
    [InlineData("token=a b\nx;y=1", "token=******** b\nx;y=1")]
    [InlineData("x;token=a b", "x;token=********")]
    [InlineData("x;token=a\\nb", "x;token=********")]
    [InlineData("x;token=ab  ", "x;token=********  ")]
    [InlineData("?token=a;b", "?token=********;b")]
    [InlineData("&token=a&b", "&token=********&b")]
    [InlineData("&my token=a&b", "&my token=********")]
    [InlineData("token=a&b#c", "token=********")]
    [InlineData("token=a\"b", "token=********")]
    public void A_setting_ends_where_what_it_stands_in_ends(string text, string masked) => Assert.Equal(masked, Redactor.Mask(text));

    [Theory]
    [InlineData("\"token\" : \"abc\"", "\"token\" : \"********\"")]
    [InlineData("\"token\"\t:\t\"abc\"", "\"token\"\t:\t\"********\"")]
    [InlineData("'token'='abc'", "'token'='********'")]
    [InlineData("'token'=>'abc'", "'token'=>'********'")]
    [InlineData("'token' 'abc'", "'token' 'abc'")]
    [InlineData("'token'", "'token'")]
    [InlineData("'token':", "'token':")]
    [InlineData("'token'=", "'token'=")]
    [InlineData("token\":\"abc\"", "token\":\"abc\"")]
    [InlineData("'token\":\"abc\"", "'token\":\"abc\"")]
    [InlineData("\"my token\":\"abc\"", "\"my token\":\"********\"")]
    [InlineData("\"tokens\":\"abc\"", "\"tokens\":\"********\"")]
    [InlineData("\"tokens\":5", "\"tokens\":5")]
    [InlineData("\"token\":5.5,", "\"token\":********,")]
    [InlineData("\"token\":null", "\"token\":null")]
    [InlineData("\"token_type\":\"abc\"", "\"token_type\":\"abc\"")]
    [InlineData("\"name\":\"token\", \"value\" : \"abc\"", "\"name\":\"token\", \"value\" : \"********\"")]
    [InlineData("\"name\":\"token\",\"value\"", "\"name\":\"token\",\"value\"")]
    [InlineData("\"name\":\"token\",\"values\":\"abc\"", "\"name\":\"token\",\"values\":\"abc\"")]
    [InlineData("\"token\":\"a\"\"b\",", "\"token\":\"********\",")]
    [InlineData("\"token\":\"a\\\\\",\"x\":\"y\"", "\"token\":\"********\",\"x\":\"y\"")]
    [InlineData("\"token\":\"a\\\\\\\"b\",\"x\"", "\"token\":\"********\",\"x\"")]
    [InlineData("{\\\"token\\\":\\\"a\\\\\\\"b\\\",\\\"x\\\"", "{\\\"token\\\":\\\"********\\\",\\\"x\\\"")]
    [InlineData("\"{\\\"token\\\":\\\"abc\",", "\"{\\\"token\\\":\\\"********\",")]
    [InlineData("\"token\":\"abc\rnext\"x", "\"token\":\"********\"x")]
    [InlineData("\"token\":\"abc\rnext", "\"token\":\"********\rnext")]
    [InlineData("\"token\":\"\nnext", "\"token\":\"\nnext")]
    public void A_member_of_JSON_ends_with_its_quote(string text, string masked) => Assert.Equal(masked, Redactor.Mask(text));

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    [InlineData(80, false)]
    public void A_member_with_a_name_longer_than_any_is_none(int length, bool masked)
    {
        var name = "token" + new string('s', length - 5);
        Assert.Equal(masked, Redactor.Mask($"\"{name}\":\"abc\"").Contains("********", StringComparison.Ordinal));
        var other = new string('s', length - 5) + "token";
        Assert.True(NamedSecrets.EndsAsSecret(other));
        Assert.Equal($"{other}=********", Redactor.Mask($"{other}=abc"));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(80, true)]
    [InlineData(59, false)]
    [InlineData(81, false)]
    public void A_line_of_a_key_has_the_length_of_one(int length, bool masked)
    {
        var lines = new JsonArray(new JsonObject { ["text"] = $"  {string.Concat(Enumerable.Repeat("aB3/", 21))[..length]} " });
        KeyBlocks.Mask(lines);
        Assert.Equal(masked, (string?)lines[0]!["text"] == "********");
    }

    [Theory]
    [InlineData("AAAAAAAAAA")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("0000000000")]
    [InlineData("aaaaaAAAAA")]
    [InlineData("aaaaa00000")]
    [InlineData("AAAAA00000")]
    [InlineData("aA0-aA0-aA")]
    public void A_line_that_lacks_a_kind_of_letters_is_no_key(string part)
    {
        var line = string.Concat(Enumerable.Repeat(part, 7));
        var lines = new JsonArray(new JsonObject { ["text"] = line });
        KeyBlocks.Mask(lines);
        Assert.Equal(line, (string?)lines[0]!["text"]);
    }

    [Fact]
    public void Lines_of_a_key_that_begins_and_ends_in_one_are_no_longer_inside()
    {
        string[] log = ["-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----", "after", "-----BEGIN PRIVATE KEY-----", "AAAA", "", "after", "-----BEGIN PRIVATE KEY-----", "BBBB -----END PRIVATE KEY-----", "after"];
        var lines = new JsonArray([.. log.Select(line => (JsonNode)new JsonObject { ["text"] = line }), new JsonObject { ["other"] = 5 }, null]);

        KeyBlocks.Mask(lines);

        Assert.Equal([log[0], "after", log[2], "********", "********", "after", log[6], "********", "after"], lines.Take(9).Select(line => (string?)line!["text"]));
    }
}
