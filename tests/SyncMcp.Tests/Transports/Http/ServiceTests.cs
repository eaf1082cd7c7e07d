using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Transports.Http;

public sealed class ServiceTests
{
    [Fact]
    public async Task At_the_end_calls_are_finished_within_the_grace_and_nothing_new_is_taken()
    {
        await using var upstream = await StubServer.StartAsync();
        TaskCompletionSource asked = new(), answer = new();
        upstream.On("GET /workspaces", async context =>
        {
            asked.TrySetResult();
            await answer.Task;
            await context.Response.WriteAsync("""{"value":[{"id":"w1","name":"Late"}]}""", CancellationToken.None);
        });
        await using var session = await HttpSession.StartAsync(configure: options => options with { Server = upstream.Address, Token = StubServer.Token });
        await using var client = await session.ConnectAsync("2025-11-25");
        var call = HttpSession.CallAsync(client, "list_workspaces");
        await asked.Task.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        var stopping = session.Server.StopAsync();
        answer.SetResult();
        Assert.Contains("Late", (await call).Ok().Text, StringComparison.Ordinal);
        await stopping.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => session.PostCallAsync());
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task At_the_end_a_call_that_outlasts_the_grace_is_stopped_and_answered(string version)
    {
        await using var upstream = await StubServer.StartAsync();
        var asked = new TaskCompletionSource();
        upstream.On("GET /workspaces", async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var session = await HttpSession.StartAsync(
            http => http with { Grace = TimeSpan.FromSeconds(1) }, options => options with { Server = upstream.Address, Token = StubServer.Token });
        await using var client = await session.ConnectAsync(version);
        var call = HttpSession.CallAsync(client, "list_workspaces");
        await asked.Task.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        var begun = Stopwatch.StartNew();
        var stopping = session.Server.StopAsync();
        Assert.Equal("shutting_down", (await call).Code);
        await stopping.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
        Assert.True(begun.Elapsed < TimeSpan.FromSeconds(10), begun.Elapsed.ToString());
    }

    [Fact]
    public async Task At_the_end_a_question_that_is_open_is_not_cut_without_a_word()
    {
        await using var session = await HttpSession.StartAsync(http => http with { Grace = TimeSpan.FromSeconds(1) });
        var person = new Person();
        TaskCompletionSource asked = new(), release = new();
        person.Answers(_ =>
        {
            asked.TrySetResult();
            release.Task.Wait(SyncSession.Patience);
            return new() { Action = "decline" };
        });
        await using var client = await session.ConnectAsync("2025-11-25", person);
        await HttpSession.CallAsync(client, "create_workspace", new { name = "Shop" });
        var call = HttpSession.CallAsync(client, "delete_workspace", new { workspace_id = "Shop" });
        await asked.Task.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);

        var stopping = session.Server.StopAsync();
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => call);
        Assert.Contains("being shut down", error.Message, StringComparison.Ordinal);
        release.SetResult();
        await stopping.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Whoever_watches_it_needs_no_key_and_learns_whether_the_server_behind_answers()
    {
        await using var upstream = await StubServer.StartAsync();
        upstream.On("GET /workspaces", new JsonObject { ["value"] = new JsonArray() });
        await using var well = await HttpSession.StartAsync(configure: options => options with { Server = upstream.Address, Token = StubServer.Token });
        await using var ill = await HttpSession.StartAsync(configure: options => options with { Server = new("http://127.0.0.1:1"), Token = StubServer.Token });

        Assert.Equal(HttpStatusCode.OK, await HealthAsync(well, "live"));
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(well, "ready"));
        Assert.Equal(HttpStatusCode.OK, await HealthAsync(ill, "live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await HealthAsync(ill, "ready"));
        var asked = upstream.Requests.Count;
        for (var i = 0; i < 5; i++)
            await HealthAsync(well, "ready");
        Assert.InRange(upstream.Requests.Count, asked, asked + 1); // whoever asks often does not ask the server often
    }

    [Fact]
    public async Task A_principal_with_a_token_of_its_own_is_that_tokens_user_at_the_server()
    {
        await using var upstream = await StubServer.StartAsync();
        var tokens = new System.Collections.Concurrent.ConcurrentQueue<string>();
        upstream.On("GET /workspaces", async context =>
        {
            tokens.Enqueue(context.Request.Headers["x-cdata-authtoken"].ToString());
            await context.Response.WriteAsync("""{"value":[]}""", CancellationToken.None);
        });
        var (ann, bob) = ("", "");
        await using var session = await HttpSession.StartAsync(configure: options => options with { Server = upstream.Address, Token = StubServer.Token }, prepare: folder =>
        {
            HttpSession.Settings(folder, """{"sync_tokens":{"key:ann":"token-of-ann-4711"}}""");
            ann = HttpSession.GiveKey(folder["operator"], "ann", Scope.Read);
            bob = HttpSession.GiveKey(folder["operator"], "bob", Scope.Read);
        });
        foreach (var key in (string[])[ann, bob])
        {
            using var answer = await session.PostCallAsync(("Authorization", $"Bearer {key}"));
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(["token-of-ann-4711", StubServer.Token], tokens);
    }

    [Fact]
    public async Task Pages_of_an_origin_that_the_operator_named_may_call_and_others_may_not()
    {
        await using var session = await HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder, """{"origins":["https://app.example.com"]}"""));
        using var asking = new HttpRequestMessage(HttpMethod.Options, session.Address);
        asking.Headers.Add("Origin", "https://app.example.com");
        asking.Headers.Add("Access-Control-Request-Method", "POST");
        using var allowed = await session.Http.SendAsync(asking, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("https://app.example.com", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());

        using var called = await session.PostCallAsync(("Origin", "https://app.example.com"));
        Assert.Equal(HttpStatusCode.OK, called.StatusCode);
        Assert.Equal("https://app.example.com", called.Headers.GetValues("Access-Control-Allow-Origin").Single());
        using var other = await session.PostCallAsync(("Origin", "https://app.example.com.evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.False(other.Headers.Contains("Access-Control-Allow-Origin"));
        using var plain = await session.PostCallAsync();
        Assert.False(plain.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task It_speaks_TLS_with_the_operators_certificate()
    {
        using var certificates = new TempFolder();
        Write(certificates, "one");
        await using var session = await HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder,
            new JsonObject { ["tls"] = new JsonObject { ["certificate"] = certificates["cert.pem"], ["key"] = certificates["key.pem"] } }.ToJsonString()));
        using var answer = await session.PostCallAsync();

        Assert.Equal("https", session.Address.Scheme);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => session.Http.GetAsync(new Uri(session.Address.ToString().Replace("https", "http", StringComparison.Ordinal)), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_renewed_certificate_is_taken_without_a_new_start_and_a_broken_one_is_not()
    {
        using var folder = new TempFolder();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        Write(folder, "one");
        var https = new Microsoft.AspNetCore.Server.Kestrel.Https.HttpsConnectionAdapterOptions();
        new Certificate(new(folder["cert.pem"], folder["key.pem"]), time).Apply(https);
        string Subject() => https.ServerCertificateSelector!(null, null)!.Subject;
        Assert.Equal("CN=one", Subject());

        Write(folder, "two");
        Touch(1);
        Assert.Equal("CN=two", Subject());
        File.WriteAllText(folder["cert.pem"], "nothing");
        Touch(2);
        Assert.Equal("CN=two", Subject());

        void Touch(int minutes)
        {
            File.SetLastWriteTimeUtc(folder["cert.pem"], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes)); // a clock too coarse to see it
            time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static void Write(TempFolder folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(folder["cert.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["key.pem"], key.ExportPkcs8PrivateKeyPem());
    }

    private static async Task<HttpStatusCode> HealthAsync(HttpSession session, string path)
    {
        using var answer = await session.Http.GetAsync(new Uri(session.Address, $"/health/{path}"), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
