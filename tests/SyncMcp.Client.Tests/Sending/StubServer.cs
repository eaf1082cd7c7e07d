using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>A request as it came over the wire.</summary>
internal sealed record StubRequest(string Verb, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}

/// <summary>What the stub does with a request: answers, or misbehaves on the open connection.</summary>
internal delegate Task Reply(Stream connection, CancellationToken ct);

/// <summary>A server on a raw socket, since a decent one cannot be made to break off, stall or lie.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<StubRequest, int, Reply> script;
    private readonly List<StubRequest> requests = [];
    private readonly List<Task> connections = [];
    private readonly Task accepting;

    /// <summary>Answers by a script.</summary>
    /// <param name="script">The reply to a request; the number counts requests from 0.</param>
    public StubServer(Func<StubRequest, int, Reply> script)
    {
        this.script = script;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Answers every request alike.</summary>
    public StubServer(Reply reply)
        : this((_, _) => reply)
    {
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public IReadOnlyList<StubRequest> Requests
    {
        get
        {
            lock (requests)
                return [.. requests];
        }
    }

    /// <summary>Done when a client closed its connection before it had an answer.</summary>
    public TaskCompletionSource Abandoned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SyncClient Client(Func<SyncClientOptions, SyncClientOptions>? with = null)
    {
        var options = new SyncClientOptions { Server = Address, Token = _ => new("t0ken") };
        return new(with?.Invoke(options) ?? options);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        await Task.WhenAll(connections).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                connections.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await ReadAsync(stream, stop.Token) is { } request)
            {
                int number;
                lock (requests)
                {
                    number = requests.Count;
                    requests.Add(request);
                }

                await script(request, number)(stream, stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            if (!stop.IsCancellationRequested)
                Abandoned.TrySetResult();
        }
    }

    private static async Task<StubRequest?> ReadAsync(Stream stream, CancellationToken ct)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, ct) == 0)
                return null;
            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body, ct);
        var first = lines[0].Split(' ');
        return new(first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }
}
