using System.Net;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

public sealed class IssuerTests
{
    private const string Public = "https://sync.example.com";
    private const string Audience = $"{Public}/mcp";

    [Fact]
    public async Task A_token_of_the_issuer_opens_what_its_scope_says()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var session = await StartAsync(issuer);
        await using var reader = await session.ConnectAsync(key: issuer.Token(Audience, "openid sync:read"));
        await using var worker = await session.ConnectAsync(key: issuer.Token(Audience, "sync:read sync:operate", "bob"));

        Assert.Equal("policy_denied", (await HttpSession.CallAsync(reader, "create_workspace", new { name = "Shop" })).Code);
        (await HttpSession.CallAsync(worker, "create_workspace", new { name = "Shop" })).Ok();
        var log = await File.ReadAllTextAsync(Directory.EnumerateFiles(session.Options.DataDirectory, "audit.jsonl", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        Assert.Contains("\"who\":\"oidc:bob\"", log, StringComparison.Ordinal);
    }

    public static TheoryData<string> Bad => ["expired", "other audience", "other issuer", "stolen key name", "shared secret", "unsigned", "no expiry", "cut", "garbage"];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task A_token_that_is_not_for_us_or_not_by_the_issuer_does_not_count(string how)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var session = await StartAsync(issuer);
        using (var good = await session.PostCallAsync(("Authorization", $"Bearer {issuer.Token(Audience, "sync:admin")}")))
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        var token = how switch
        {
            "expired" => issuer.Token(Audience, "sync:admin", life: TimeSpan.FromMinutes(-3)),
            "other audience" => issuer.Token("https://other.example.com/mcp", "sync:admin"),
            "other issuer" => issuer.Token(Audience, "sync:admin", issuer: "https://evil.example.com"),
            "stolen key name" => issuer.Token(Audience, "sync:admin", signedBy: issuer.StolenName()),
            "shared secret" => issuer.Token(Audience, "sync:admin", signedBy: issuer.PublicKeyAsSecret(), algorithm: SecurityAlgorithms.HmacSha256),
            "unsigned" => Unsigned(issuer.Token(Audience, "sync:admin"), "{\"alg\":\"none\",\"typ\":\"JWT\"}", ""),
            "no expiry" => Unsigned(issuer.Token(Audience, "sync:admin"), "{\"alg\":\"none\"}", "x"),
            "cut" => issuer.Token(Audience, "sync:admin")[..^4],
            _ => "a.b.c",
        };
        using var answer = await session.PostCallAsync(("Authorization", $"Bearer {token}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_without_a_scope_of_ours_hears_which_one_it_needs()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var session = await StartAsync(issuer);
        using var answer = await session.PostCallAsync(("Authorization", $"Bearer {issuer.Token(Audience, "openid profile")}"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("scope=\"sync:read\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_token_learns_where_to_get_one()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var session = await StartAsync(issuer);
        using var refused = await session.PostCallAsync(("Authorization", ""));
        Assert.Contains($"resource_metadata=\"{Public}/.well-known/oauth-protected-resource/mcp\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        foreach (var path in (string[])["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"])
        {
            var metadata = JsonNode.Parse(await session.Http.GetStringAsync(new Uri(session.Address, path), TestContext.Current.CancellationToken))!;
            Assert.Equal(Audience, (string?)metadata["resource"]);
            Assert.Equal(issuer.Address, (string?)metadata["authorization_servers"]![0]);
            Assert.Equal(["sync:read", "sync:operate", "sync:admin"], metadata["scopes_supported"]!.AsArray().Select(scope => (string?)scope));
        }
    }

    [Fact]
    public async Task When_the_issuer_signs_with_a_new_key_it_is_fetched_once_and_garbage_fetches_nothing()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var session = await StartAsync(issuer);
        using (var first = await session.PostCallAsync(("Authorization", $"Bearer {issuer.Token(Audience)}")))
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        for (var i = 0; i < 20; i++)
        {
            using var garbage = await session.PostCallAsync(("Authorization", "Bearer a.b.c"));
            Assert.Equal(HttpStatusCode.Unauthorized, garbage.StatusCode);
        }

        Assert.Equal(1, issuer.Fetched);
        issuer.Rotate();
        using var second = await session.PostCallAsync(("Authorization", $"Bearer {issuer.Token(Audience)}"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(2, issuer.Fetched);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_lets_nobody_in()
    {
        var issuer = await TestIssuer.StartAsync();
        var token = issuer.Token(Audience, "sync:admin");
        await using var session = await StartAsync(issuer);
        await issuer.DisposeAsync();
        using var answer = await session.PostCallAsync(("Authorization", $"Bearer {token}"));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"oidc":{"issuer":"https://login.example.com"}}""", "public_url")]
    [InlineData("""{"public_url":"https://sync.example.com","oidc":{"issuer":"http://login.example.com"}}""", "https")]
    [InlineData("""{"public_url":"https://sync.example.com/mcp"}""", "public_url")]
    [InlineData("""{"origins":["https://app.example.com/path"]}""", "origins")]
    [InlineData("""{"limits":{"concurrent":0}}""", "limits")]
    [InlineData("""{"no_auth":true}""", "no others")]
    [InlineData("""{"tls":{"certificate":"/none.pem","key":"/none.key"}}""", "tls in http.json")]
    public async Task Settings_that_cannot_be_meant_end_the_start(string json, string named)
    {
        var refused = await Assert.ThrowsAsync<SettingException>(() => HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder, json)));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static Task<HttpSession> StartAsync(TestIssuer issuer) => HttpSession.StartAsync(
        prepare: folder => HttpSession.Settings(folder, $$$"""{"public_url":"{{{Public}}}","oidc":{"issuer":"{{{issuer.Address}}}"}}"""));

    // The claims of a good token under another head.
    private static string Unsigned(string token, string head, string signature) => $"{Base64UrlEncoder.Encode(head)}.{token.Split('.')[1]}.{signature}";
}
