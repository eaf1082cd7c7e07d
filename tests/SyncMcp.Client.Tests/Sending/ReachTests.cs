using System.Net;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>The way to a real server: a company's own CA, proxies, both ways to send the token.</summary>
public sealed class ReachTests : IDisposable
{
    private readonly Authority authority = new();
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("syncmcp-reach-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        authority.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_server_for_which_only_the_companys_CA_vouches_is_reached_with_its_file_and_not_without()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = authority.Issue();
        await using var tls = Front.Tls(certificate, server.Address);
        Assert.Equal("j", await JobIdAsync(tls, File("ca.pem", authority.Pem)));

        var refused = await Assert.ThrowsAsync<SyncApiException>(() => JobIdAsync(tls, caFile: null));
        Assert.Equal(("unreachable", false), (refused.Code, refused.MayHaveActed));
        Assert.Contains("SYNCMCP_CA_FILE", refused.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_self_signed_certificate_can_vouch_for_itself()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = Authority.SelfSigned();
        await using var tls = Front.Tls(certificate, server.Address);
        Assert.Equal("j", await JobIdAsync(tls, File("both.pem", authority.Pem + "\n" + certificate.ExportCertificatePem())));
        await Assert.ThrowsAsync<SyncApiException>(() => JobIdAsync(tls, File("ca.pem", authority.Pem)));
    }

    [Theory]
    [InlineData("sync.example", 10, false, "another name")]
    [InlineData("localhost", -1, false, "expired")]
    [InlineData("localhost", 10, true, "refused")]
    public async Task With_a_CA_file_name_dates_and_purpose_still_count(string name, int days, bool forClients, string why)
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = authority.Issue(name, days, forClients);
        await using var tls = Front.Tls(certificate, server.Address);
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => JobIdAsync(tls, File("ca.pem", authority.Pem)));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("no certificate here")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public async Task A_CA_file_that_holds_no_certificate_is_named(string content)
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = authority.Issue();
        await using var tls = Front.Tls(certificate, server.Address);
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => JobIdAsync(tls, File("broken.pem", content)));
        Assert.Contains("broken.pem", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_companys_CA_vouches_for_nothing()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = authority.Issue();
        await using var tls = Front.Tls(certificate, server.Address);
        using var other = new Authority();
        await Assert.ThrowsAsync<SyncApiException>(() => JobIdAsync(tls, File("other.pem", other.Pem)));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_proxy_that_wants_credentials_passes_an_encrypted_call_and_never_sees_the_token()
    {
        await using var server = new StubServer(Answer(200, """{"id":"j"}"""));
        using var certificate = authority.Issue();
        await using var tls = Front.Tls(certificate, server.Address);
        await using var proxy = Front.Proxy("me:pa55");
        var ca = File("ca.pem", authority.Pem);
        using var client = new SyncClient(new()
        {
            Server = new($"https://localhost:{tls.Port}"),
            Token = _ => new("t0ken"),
            CaFile = ca,
            Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}") { Credentials = new NetworkCredential("me", "pa55") },
        });
        Assert.Equal("j", (await client.Jobs.GetAsync(new() { JobId = "j" }, Ct)).Id);
        Assert.All(proxy.Asked, asked => Assert.StartsWith($"CONNECT localhost:{tls.Port} ", asked, StringComparison.Ordinal));
        Assert.DoesNotContain("t0ken", string.Concat(proxy.Asked), StringComparison.Ordinal);
        Assert.Equal("t0ken", server.Requests[0].Headers["x-cdata-authtoken"]);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task A_proxy_that_lets_nobody_through_is_told_from_the_server(string scheme)
    {
        await using var proxy = Front.Proxy("me:pa55");
        using var client = new SyncClient(new() { Server = new($"{scheme}://sync.example:8181"), Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}") });
        var refused = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct));
        Assert.Equal(("unreachable", false), (refused.Code, refused.MayHaveActed));
        Assert.Contains("proxy", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_on_this_machine_is_never_reached_through_the_environments_proxy_and_through_a_named_one_it_is()
    {
        await using var server = new StubServer(Answer(200, """{"id":"own"}"""));
        await using var proxy = Front.Proxy();
        var before = HttpClient.DefaultProxy; // as the environment's would be
        HttpClient.DefaultProxy = new WebProxy($"http://127.0.0.1:{proxy.Port}");
        try
        {
            using var client = server.Client();
            Assert.Equal("own", (await client.Jobs.GetAsync(new() { JobId = "j" }, Ct)).Id);
            Assert.Empty(proxy.Asked);
            using var named = server.Client(options => options with { Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}") });
            Assert.Equal("j", (await named.Jobs.GetAsync(new() { JobId = "j" }, Ct)).Id);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    private static async Task<string> JobIdAsync(Front tls, string? caFile)
    {
        using var client = new SyncClient(new() { Server = new($"https://localhost:{tls.Port}"), CaFile = caFile });
        return (await client.Jobs.GetAsync(new() { JobId = "j" }, Ct)).Id;
    }

    private string File(string name, string content)
    {
        var path = Path.Combine(folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }
}
