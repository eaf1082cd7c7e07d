using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Engine.Tests.Testing;

/// <summary>A real engine on a Unix socket in a temporary data directory, and a raw HTTP client on it. Restarts keep the directory.</summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Func<EngineOptions, EngineOptions> configure;
    private readonly HttpClient http;

    private EngineSession(string folder, Func<EngineOptions, EngineOptions> configure)
    {
        (Folder, this.configure) = (folder, configure);
        http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.FromSeconds(30) }) { Timeout = Patience };
    }

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    /// <summary>Where file connections may point.</summary>
    public string Files => Path.Combine(Folder, "files");

    /// <summary>The engine's own log lines.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = [];

    /// <summary>The engine.</summary>
    public EngineHost Engine { get; private set; } = null!;

    /// <summary>Sent with each request; null sends none.</summary>
    public string? Token { get; set; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts an engine in a fresh directory.</summary>
    public static async Task<EngineSession> StartAsync(Func<EngineOptions, EngineOptions>? configure = null)
    {
        var session = new EngineSession(Path.Combine(Directory.CreateTempSubdirectory("syncmcp-").FullName, "data"), configure ?? (options => options));
        await session.StartEngineAsync();
        return session;
    }

    /// <summary>Stops the engine and starts another on the same directory.</summary>
    /// <param name="between">What happens while none runs.</param>
    public async Task RestartAsync(Action? between = null)
    {
        await Engine.DisposeAsync();
        between?.Invoke();
        await StartEngineAsync();
    }

    public Task<Reply> Get(string route) => Send(HttpMethod.Get, route);

    public Task<Reply> Post(string route, string body = "{}", params (string Name, string Value)[] headers) => Send(HttpMethod.Post, route, body, headers);

    public Task<Reply> Put(string route, string body, params (string Name, string Value)[] headers) => Send(HttpMethod.Put, route, body, headers);

    public Task<Reply> Delete(string route, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, route, null, headers);

    /// <summary>Sends a request to a route below <c>/api.rsc/v2</c> (or any target that begins with <c>/api</c>).</summary>
    public async Task<Reply> Send(HttpMethod verb, string route, string? body = null, params (string Name, string Value)[] headers)
    {
        var path = route.StartsWith("/api", StringComparison.Ordinal) ? route : "/api.rsc/v2" + route;
        using var request = new HttpRequestMessage(verb, "http://localhost" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (Token is not null)
            request.Headers.TryAddWithoutValidation("x-cdata-authtoken", Token);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, Ct);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(Ct), response.Headers.ETag?.Tag,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase))
        {
            Log = response.StatusCode >= HttpStatusCode.InternalServerError ? string.Join('\n', Log) : "",
        };
    }

    /// <summary>A raw stream to the engine, for requests that an HTTP client would not send.</summary>
    public async Task<Stream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Engine.SocketPath!), Ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Makes an SQLite file in <see cref="Files"/>; gives its name for <c>Data Source</c>.</summary>
    public string MakeDatabase(string name, string sql)
    {
        var builder = new SqliteConnectionStringBuilder { DataSource = Path.Combine(Files, name), Pooling = false };
        using var connection = new SqliteConnection(builder.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // tests write their own statements
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        return name;
    }

    /// <summary>Makes a connection to an SQLite file; gives its id.</summary>
    public async Task<string> ConnectionTo(string file, string? name = null, string workspace = "default")
    {
        var body = new JsonObject { ["name"] = name ?? file, ["connector"] = "SQLite", ["properties"] = new JsonObject { ["Data Source"] = file } };
        return (await Post($"/workspaces/{workspace}/connections", body.ToJsonString())).Expect(201).Id;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Engine.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
    }

    private async Task StartEngineAsync()
    {
        Engine = await EngineHost.StartAsync(configure(new() { DataDirectory = Folder, TimeZone = TimeZoneInfo.Utc, Log = Log.Enqueue }), Ct);
        Token = Engine.Token;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct) => await ConnectAsync();
}

/// <summary>What the engine answered.</summary>
internal sealed record Reply(HttpStatusCode Code, string Text, string? ETag, IReadOnlyDictionary<string, string> Headers)
{
    public int Status => (int)Code;

    /// <summary>The engine's log lines, where it failed.</summary>
    public string Log { get; init; } = "";

    /// <summary>The body as an object.</summary>
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The items of a list.</summary>
    public JsonArray Value => Json["value"]!.AsArray();

    public string Id => (string)Json["id"]!;

    /// <summary>The code of an error body.</summary>
    public string? Error => (string?)Json["error"]?["code"];

    /// <summary>The words of an error body.</summary>
    public string? Message => (string?)Json["error"]?["message"];

    /// <summary>Itself, where the status is the expected one.</summary>
    public Reply Expect(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Text}\n{Log}");
        return this;
    }

    /// <summary>Itself, where it is the expected refusal.</summary>
    public Reply Refused(int status, string code)
    {
        Expect(status);
        Assert.Equal(code, Error);
        return this;
    }
}
