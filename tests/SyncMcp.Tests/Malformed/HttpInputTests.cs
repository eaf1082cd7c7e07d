using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Malformed;

/// <summary>
/// Thousands of malformed requests to one running server, bent as HTTP and as JSON: each is answered or closed within two seconds, none is an error of ours
/// (5xx), a good call is answered all the while, and memory stays level. A small number here; .ci/proof malformed-http has the large one.
/// </summary>
public sealed class HttpInputTests
{
    private const int Workers = 8;
    private const int Group = 400;
    private static readonly TimeSpan NoHang = TimeSpan.FromSeconds(2);
    private static readonly byte[] EndOfHead = "\r\n\r\n"u8.ToArray();

    private static readonly string[] Lines = ["POST /mcp HTTP/1.1", "POST /mcp HTTP/1.0", "GET /mcp HTTP/1.1", "DELETE /mcp HTTP/1.1", "PUT /mcp HTTP/1.1", "OPTIONS * HTTP/1.1", "POST /mcp?x=%ff HTTP/1.1",
        "POST //mcp/../mcp HTTP/1.1", "post /mcp http/1.1", "POST /mcp HTTP/9.9", "POST http://evil.example/mcp HTTP/1.1", "CONNECT localhost:1 HTTP/1.1", "PRI * HTTP/2.0", "POST /health/ready HTTP/1.1", "GET /.well-known/oauth-protected-resource HTTP/1.1", ""];

    private static readonly string[] Odd = ["Mcp-Session-Id: x", "Mcp-Session-Id: \u00e9", "MCP-Protocol-Version: 2026-07-28", "MCP-Protocol-Version: 2025-11-25", "MCP-Protocol-Version: 1", "Mcp-Method: tools/call", "Mcp-Method: initialize",
        "Mcp-Name: list_workspaces", "Mcp-Name: =?base64?!!?=", "Last-Event-ID: 1", "Expect: 100-continue", "Upgrade: websocket", "Content-Encoding: gzip", "Accept: */*", "Accept: ;;q=x", "Content-Type: text/plain", "Content-Type: ;",
        "Origin: null", "Host: evil.example", "Transfer-Encoding: identity", "Transfer-Encoding: chunked", "Content-Length: -1", "Content-Length: 5", "Authorization: Bearer a.b.c", " folded", "no colon", "X:\0", "Cookie: a=b; a=b"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_that_is_sent_ends_it_holds_it_up_or_fills_its_memory(bool stateless)
    {
        var full = int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_HTTP_INPUTS"), out var asked);
        var (count, seed) = (full ? asked : 1_200, int.TryParse(Environment.GetEnvironmentVariable("SYNCMCP_SEED"), out var chosen) ? chosen : 20261124);
        await using var upstream = await StubServer.StartAsync();
        await using var session = await HttpSession.StartAsync(
            http => http with { NoAuth = true, Stateless = stateless, Grace = TimeSpan.FromSeconds(1) }, options => options with { Server = upstream.Address, Token = StubServer.Token },
            folder => HttpSession.Settings(folder, """{"limits":{"per_minute":100000000}}"""));
        var made = new Requests(seed);
        var statuses = new ConcurrentDictionary<int, int>();
        var (slowest, early) = (0L, 0L);

        for (var sent = 0; sent < count; sent += Group)
        {
            made.Session = stateless ? null : await OpenAsync(session); // a DELETE among them may have ended the last one
            var group = Enumerable.Range(0, Math.Min(Group, count - sent)).Select(_ => made.Next()).ToList();
            await Parallel.ForEachAsync(group, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = TestContext.Current.CancellationToken }, async (input, ct) =>
            {
                var begun = Stopwatch.GetTimestamp();
                var status = await SendAsync(session.Address.Port, input, ct);
                statuses.AddOrUpdate(status, 1, static (_, known) => known + 1);
                var took = Stopwatch.GetElapsedTime(begun);
                InterlockedMax(ref slowest, took.Ticks);
                Assert.True(status is < 500 or 505, $"{status} for {Shown(input)}");
                Assert.True(took < NoHang * (full ? 1 : 10), $"{took} for {Shown(input)}"); // a machine that many share stalls by itself; the proof runs alone
            });
            using var good = await session.PostCallAsync();
            Assert.Equal(HttpStatusCode.OK, good.StatusCode);
            if (early == 0 && sent >= count / 5)
                early = GC.GetTotalMemory(forceFullCollection: true);
        }

        var late = GC.GetTotalMemory(forceFullCollection: true);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{count} requests of seed {seed}{(stateless ? ", stateless" : "")}: {string.Join(", ", statuses.OrderBy(one => one.Key).Select(one => $"{(one.Key == 0 ? "closed" : one.Key)} x {one.Value}"))}; slowest {TimeSpan.FromTicks(slowest).TotalMilliseconds:0} ms, heap {early >> 10} kB after a fifth, {late >> 10} kB at the end");
        Assert.True(statuses.GetValueOrDefault(200) > count / 50, "hardly anything got through to the protocol");
        Assert.InRange(late - early, long.MinValue, 24L << 20);
    }

    private static async Task<string> OpenAsync(HttpSession session)
    {
        using var answer = await session.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Mcp-Session-Id").Single();
    }

    // The status of the answer; 0 where the connection was closed without one.
    private static async Task<int> SendAsync(int port, byte[] input, CancellationToken ct)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new(true, 0), NoDelay = true };
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(SyncSession.Patience);
        await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        try
        {
            for (var at = 0; at < input.Length;)
                at += await socket.SendAsync(input.AsMemory(at), patience.Token);
            var buffer = new byte[64];
            var read = 0;
            for (var first = socket.ReceiveAsync(buffer, patience.Token).AsTask(); ; first = socket.ReceiveAsync(buffer.AsMemory(read), patience.Token).AsTask())
            {
                // What waits for more than came waits for the end.
                if (await Task.WhenAny(first, Task.Delay(TimeSpan.FromMilliseconds(400), patience.Token)) != first)
                    socket.Shutdown(SocketShutdown.Send);
                var got = await first;
                if (got == 0)
                    return 0;
                if ((read += got) >= 12)
                    return int.TryParse(Encoding.ASCII.GetString(buffer, 9, 3), out var status) && status != 100 ? status : 0;
            }
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static string Shown(byte[] input) => Encoding.Latin1.GetString(input, 0, Math.Min(input.Length, 1_500));

    private static void InterlockedMax(ref long place, long value)
    {
        for (var known = Interlocked.Read(ref place); value > known; known = Interlocked.Read(ref place))
            Interlocked.CompareExchange(ref place, value, known);
    }

    // Half are good HTTP around a bad message, half are bad themselves.
    private sealed class Requests(int seed)
    {
        private readonly Random random = new(seed);
        private readonly MalformedInputs bodies = new(seed);

        /// <summary>A session that most requests are of; null where there is none.</summary>
        public string? Session { get; set; }

        public byte[] Next()
        {
            var body = bodies.Next();
            var head = new StringBuilder(random.Next(10) == 0 ? Pick(Lines) : Lines[0]).Append("\r\nHost: localhost\r\nConnection: close\r\n");
            if (random.Next(12) != 0)
                head.Append("Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n");
            if (Session is not null && random.Next(4) != 0)
                head.Append("Mcp-Session-Id: ").Append(Session).Append("\r\n");
            else if (random.Next(3) == 0)
                head.Append("MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: list_workspaces\r\n");
            for (var count = random.Next(4) == 0 ? random.Next(1, 4) : 0; count > 0; count--)
                head.Append(Pick(Odd)).Append("\r\n");
            if (random.Next(200) == 0)
                head.Append("X-Long: ").Append('x', random.Next(40_000)).Append("\r\n");
            if (random.Next(200) == 0)
                head.Append(string.Concat(Enumerable.Repeat("A: b\r\n", random.Next(200))));
            var framed = random.Next(12) switch
            {
                0 => [.. Encoding.ASCII.GetBytes($"Transfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8],
                1 => [.. "Transfer-Encoding: chunked\r\n\r\nzz\r\n"u8, .. body],
                2 => [.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length + random.Next(-3, 50)}\r\n\r\n"), .. body],
                3 => [.. EndOfHead[2..], .. body],
                _ => (byte[])[.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body],
            };
            byte[] whole = [.. Encoding.Latin1.GetBytes(head.ToString()), .. framed];
            for (var times = random.Next(8) == 0 ? random.Next(1, 4) : 0; times > 0; times--)
                whole[random.Next(Math.Min(whole.Length, 400))] = (byte)random.Next(256);
            return random.Next(30) == 0 ? whole[..random.Next(whole.Length)] : whole;
        }

        private string Pick(string[] from) => from[random.Next(from.Length)];
    }
}
