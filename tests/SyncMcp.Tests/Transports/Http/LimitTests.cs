using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

public sealed class LimitTests
{
    private const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""";

    [Fact]
    public async Task One_principal_cannot_take_the_room_of_another()
    {
        var (hungry, other) = ("", "");
        await using var upstream = await StubServer.StartAsync();
        var asked = new SemaphoreSlim(0);
        var answer = new TaskCompletionSource();
        upstream.On("GET /workspaces", async context =>
        {
            asked.Release();
            await answer.Task;
            await context.Response.WriteAsync("""{"value":[]}""", CancellationToken.None);
        });
        await using var session = await HttpSession.StartAsync(configure: options => options with { Server = upstream.Address, Token = StubServer.Token }, prepare: folder =>
        {
            HttpSession.Settings(folder, """{"limits":{"concurrent":2}}""");
            hungry = HttpSession.GiveKey(folder["operator"], "hungry", Scope.Read);
            other = HttpSession.GiveKey(folder["operator"], "other", Scope.Read);
        });

        var first = ReadAsync(session.PostCallAsync(("Authorization", $"Bearer {hungry}")));
        var second = ReadAsync(session.PostCallAsync(("Authorization", $"Bearer {hungry}")));
        Assert.True(await asked.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken) && await asked.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken));
        using var third = await session.PostCallAsync(("Authorization", $"Bearer {hungry}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), third.Headers.RetryAfter?.Delta);

        var others = ReadAsync(session.PostCallAsync(("Authorization", $"Bearer {other}")));
        Assert.True(await asked.WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken));
        answer.SetResult();
        Assert.All(await Task.WhenAll(first, second, others).WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken), text => Assert.Contains("\"items\":[]", text, StringComparison.Ordinal));
        Assert.Contains("items", await ReadAsync(session.PostCallAsync(("Authorization", $"Bearer {hungry}"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_requests_a_minute_than_allowed_hear_when_to_come_back()
    {
        await using var session = await HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder, """{"limits":{"per_minute":30}}"""));
        var statuses = new List<HttpStatusCode>();
        TimeSpan? wait = null;
        for (var i = 0; i < 8; i++)
        {
            using var answer = await session.PostAsync("{}");
            statuses.Add(answer.StatusCode);
            wait = answer.Headers.RetryAfter?.Delta ?? wait;
        }

        Assert.InRange(statuses.Count(status => status == HttpStatusCode.TooManyRequests), 1, 3);
        Assert.True(wait >= TimeSpan.FromSeconds(1), wait.ToString());
    }

    [Fact]
    public async Task Sessions_are_counted_and_one_that_ends_makes_room()
    {
        await using var session = await HttpSession.StartAsync(prepare: folder => HttpSession.Settings(folder, """{"limits":{"sessions":2}}"""));
        var first = await OpenAsync(session);
        await OpenAsync(session);
        using (var third = await session.PostAsync(Initialize))
            Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        using (var stateless = await session.PostCallAsync())
            Assert.Equal(HttpStatusCode.OK, stateless.StatusCode);

        using var end = new HttpRequestMessage(HttpMethod.Delete, session.Address);
        end.Headers.Add("Mcp-Session-Id", first);
        end.Headers.Add("Authorization", $"Bearer {session.Key}");
        (await session.Http.SendAsync(end, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (true)
        {
            using var again = await session.PostAsync(Initialize);
            if (again.StatusCode == HttpStatusCode.OK)
                break;
            await Task.Delay(10, timeout.Token);
        }
    }

    [Fact]
    public async Task A_session_that_nobody_uses_ends_after_half_an_hour()
    {
        var time = new FakeTimeProvider();
        await using var session = await HttpSession.StartAsync(configure: options => options with { Time = time }, prepare: folder => HttpSession.Settings(folder, """{"limits":{"sessions":1}}"""));
        var first = await OpenAsync(session);
        time.Advance(TimeSpan.FromMinutes(29));
        using (var second = await session.PostAsync(Initialize))
            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);

        time.Advance(TimeSpan.FromMinutes(2));
        using var timeout = new CancellationTokenSource(SyncSession.Patience);
        while (true)
        {
            using var again = await session.PostAsync(Initialize);
            if (again.StatusCode == HttpStatusCode.OK)
                break;
            time.Advance(TimeSpan.FromSeconds(5)); // looks are taken each five seconds
            await Task.Delay(10, timeout.Token);
        }

        using var gone = await session.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"ping"}""", ("Mcp-Session-Id", first));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_session_belongs_to_whoever_began_it_and_its_id_cannot_be_guessed()
    {
        var (ann, bob) = ("", "");
        await using var session = await HttpSession.StartAsync(prepare: folder =>
        {
            ann = HttpSession.GiveKey(folder["operator"], "ann", Scope.Read);
            bob = HttpSession.GiveKey(folder["operator"], "bob", Scope.Admin);
        });
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
            ids.Add(await OpenAsync(session, ann));
        Assert.Equal(20, ids.Count);
        Assert.All(ids, id => Assert.True(id.Length >= 22, id)); // 128 bits

        const string List = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";
        using var own = await session.PostAsync(List, ("Authorization", $"Bearer {ann}"), ("Mcp-Session-Id", ids.First()));
        using var foreign = await session.PostAsync(List, ("Authorization", $"Bearer {bob}"), ("Mcp-Session-Id", ids.First()));
        using var unknown = await session.PostAsync(List, ("Authorization", $"Bearer {ann}"), ("Mcp-Session-Id", "AAAAAAAAAAAAAAAAAAAAAA"));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData(5 * 1024 * 1024, 0, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(0, 20 * 1024, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task Bodies_and_headers_have_a_limit(int body, int header, HttpStatusCode expected)
    {
        await using var session = await HttpSession.StartAsync();
        using var answer = await session.PostAsync($"{{\"a\":\"{new string('x', body)}\"}}", header == 0 ? [("Expect", "100-continue")] : [("X-Large", new string('x', header))]);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\n")]
    [InlineData("POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer KEY\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 400\r\n\r\n{\"jsonrpc\"")]
    [InlineData("")]
    public async Task A_client_that_begins_and_does_not_go_on_is_dropped(string begun)
    {
        await using var session = await HttpSession.StartAsync(http => http with { Patience = TimeSpan.FromSeconds(1.5) });
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, session.Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(begun.Replace("KEY", session.Key, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        if (begun.Length == 0)
            client.Client.Shutdown(SocketShutdown.Send); // half open

        var buffer = new byte[4_096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
                // a 408 perhaps; then the end
            }
        }
        catch (IOException)
        {
            // reset: an end too
        }
    }

    private static async Task<string> OpenAsync(HttpSession session, string? key = null)
    {
        using var answer = await session.PostAsync(Initialize, key is null ? [] : [("Authorization", $"Bearer {key}")]);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    private static async Task<string> ReadAsync(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace("\\u0022", "\"", StringComparison.Ordinal);
    }
}
