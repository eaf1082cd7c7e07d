using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;

namespace SyncMcp.Engine.Tests.Jobs;

/// <summary>
/// An engine on a folder of its own, asked by HTTP over its socket. What moves rows stands at the door of the runs: a test says there what a task
/// does, blocks or fails. Two connections, <c>source</c> and <c>destination</c>, are there from the start.
/// </summary>
internal sealed class JobSession : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string folder = Directory.CreateTempSubdirectory("sm-").FullName;
    private readonly TimeProvider time;
    private readonly TimeZoneInfo zone;
    private HttpClient http = null!;

    private JobSession(TimeProvider time, TimeZoneInfo zone) => (this.time, this.zone) = (time, zone);

    /// <summary>What a task does.</summary>
    public Func<TaskPlan, ITaskObserver, CancellationToken, Task<TaskResult>> Replicate { get; set; } = (plan, _, _) => Task.FromResult(Done(plan, 10, 7));

    /// <summary>What testing a connection says.</summary>
    public Func<ResolvedConnection, string?> Test { get; set; } = _ => null;

    /// <summary>The engine's own log.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public EngineHost Host { get; private set; } = null!;

    public EngineStore Store => Host.Parts.Store;

    public string DataDirectory => Path.Combine(folder, "data");

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<JobSession> StartAsync(TimeProvider? time = null, TimeZoneInfo? zone = null)
    {
        var session = new JobSession(time ?? TimeProvider.System, zone ?? TimeZoneInfo.Utc);
        await session.BeginAsync();
        await session.AddConnectionAsync("source");
        await session.AddConnectionAsync("destination");
        return session;
    }

    public static TaskResult Done(TaskPlan plan, long read, long affected) => new()
    {
        RowsRead = read,
        RecordsAffected = affected,
        DestinationTable = plan.Table ?? "query",
        CheckColumn = "updated_at",
        Checkpoint = "42",
    };

    /// <summary>Ends the engine as a user does, and starts another on the same data.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    public async Task EndAsync()
    {
        http.Dispose();
        await Host.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    public async Task BeginAsync()
    {
        Host = await EngineHost.StartAsync(
            new()
            {
                DataDirectory = DataDirectory,
                Time = time,
                TimeZone = zone,
                Log = Log.Enqueue,
                Doors = doors => doors with
                {
                    Resolve = (_, id) => new("SQLite", new Dictionary<string, string> { ["id"] = id }, new FileRoots(folder, () => [])),
                    Test = (connection, _) => Task.FromResult(Test(connection)),
                    Replicate = (plan, observer, ct) => Replicate(plan, observer, ct),
                },
            },
            Ct);
        var path = Host.SocketPath!;
        http = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        { BaseAddress = new("http://engine/api.rsc/v2/"), Timeout = Patience };
        http.DefaultRequestHeaders.Add("x-cdata-authtoken", Host.Token);
    }

    public Task AddConnectionAsync(string name, string workspace = "default") => Store.WriteAsync(
        session => session.Execute(
            """
            INSERT INTO connection (id, workspace_id, name, document, version, created_at, updated_at)
            VALUES (@id, @workspace, @name, '{}', 1, @now, @now)
            """,
            ("@id", "id-" + name), ("@workspace", workspace), ("@name", name), ("@now", time.GetUtcNow())), Ct);

    public Task<JsonObject> GetAsync(string path) => OkAsync(HttpMethod.Get, path, null);

    public Task<JsonObject> PostAsync(string path, string body = "{}", params (string Name, string Value)[] headers) => OkAsync(HttpMethod.Post, path, body, headers);

    public Task<JsonObject> PutAsync(string path, string body, params (string Name, string Value)[] headers) => OkAsync(HttpMethod.Put, path, body, headers);

    /// <summary>A request that must go well.</summary>
    public async Task<JsonObject> OkAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(verb, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.IsSuccessStatusCode, $"{verb} {path}: {(int)response.StatusCode} {text}{string.Concat(Log.TakeLast(1).Select(line => "\n" + line))}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>A request that must be refused, as <c>400 code: message</c>.</summary>
    public async Task<string> RefusedAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(verb, path, body, headers);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.False(response.IsSuccessStatusCode, $"{verb} {path}: {(int)response.StatusCode} {text}");
        var error = JsonNode.Parse(text)!["error"]!;
        return $"{(int)response.StatusCode} {error["code"]}: {error["message"]}";
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(verb, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await http.SendAsync(request, Ct);
    }

    /// <summary>Id of a new job with a task for each table.</summary>
    public async Task<string> JobAsync(string name = "orders", string members = "", params string[] tables)
    {
        var job = await PostAsync("workspaces/default/jobs", $$"""{"name":"{{name}}","source_connection":"source","destination_connection":"destination"{{members}}}""");
        foreach (var table in tables)
            await PostAsync($"jobs/{job["id"]}/tasks", $$"""{"table":"{{table}}"}""");
        return (string)job["id"]!;
    }

    /// <summary>The run once it has ended.</summary>
    public async Task<JsonObject> EndOfAsync(string jobId, string runId)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Patience);
        while (true)
        {
            var run = await GetAsync($"jobs/{jobId}/history/{runId}");
            if (run["finished_at"] is not null)
                return run;
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>Runs a job to its end.</summary>
    public async Task<JsonObject> RunAsync(string jobId, string body = "{}") => await EndOfAsync(jobId, (string)(await PostAsync($"jobs/{jobId}/execute", body))["id"]!);

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
