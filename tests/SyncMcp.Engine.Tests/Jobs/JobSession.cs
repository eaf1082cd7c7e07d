using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Storage;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Jobs;

/// <summary>
/// An engine asked by HTTP over its socket, where what moves rows stands at the door of the runs: a test says there what a task does, blocks or
/// fails. Two connections, <c>source</c> and <c>destination</c>, are there from the start.
/// </summary>
internal sealed class JobSession : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private EngineSession engine = null!;

    private JobSession()
    {
    }

    /// <summary>What a task does.</summary>
    public Func<TaskPlan, ITaskObserver, CancellationToken, Task<TaskResult>> Replicate { get; set; } = (plan, _, _) => Task.FromResult(Done(plan, 10, 7));

    /// <summary>What testing a connection says; null for well.</summary>
    public Func<ResolvedConnection, string?> Test { get; set; } = _ => null;

    /// <summary>The tables of any connection.</summary>
    public Func<IEnumerable<string>> Tables { get; set; } = () => [];

    /// <summary>What stands between a transformation and its destination.</summary>
    public Func<ISqlRunner, ISqlRunner> Sql { get; set; } = runner => runner;

    /// <summary>The engine's own log.</summary>
    public ConcurrentQueue<string> Log => engine.Log;

    public EngineStore Store => engine.Engine.Parts.Store;

    public string Folder => engine.Folder;

    public string SourceId { get; private set; } = "";

    public string DestinationId { get; private set; } = "";

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<JobSession> StartAsync(TimeProvider? time = null, TimeZoneInfo? zone = null)
    {
        var session = new JobSession();
        session.engine = await EngineSession.StartAsync(options => options with
        {
            Time = time ?? TimeProvider.System,
            TimeZone = zone ?? TimeZoneInfo.Utc,
            Doors = doors => doors with
            {
                Test = (connection, _) => Task.FromResult(session.Test(connection)),
                Tables = (_, _) => Task.FromResult<IReadOnlyList<SyncMcp.Client.Connections.Table>>([.. session.Tables().Select(name => new SyncMcp.Client.Connections.Table { Name = name })]),
                Replicate = (plan, observer, ct) => session.Replicate(plan, observer, ct),
                OpenSql = (connection, timeout, ct) => session.Sql(doors.OpenSql(connection, timeout, ct)),
            },
        });
        session.SourceId = await session.engine.ConnectionTo("source.db", "source");
        session.DestinationId = await session.engine.ConnectionTo("destination.db", "destination");
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

    public Task<string> ConnectionAsync(string name, string workspace = "default") => engine.ConnectionTo(name + ".db", name, workspace);

    /// <summary>Ends the engine as a user does, and starts another on the same data.</summary>
    public Task RestartAsync(Action? between = null) => engine.RestartAsync(between).WaitAsync(Patience);

    public Task<JsonObject> GetAsync(string path) => OkAsync(HttpMethod.Get, path, null);

    public Task<JsonObject> PostAsync(string path, string body = "{}", params (string Name, string Value)[] headers) => OkAsync(HttpMethod.Post, path, body, headers);

    public Task<JsonObject> PutAsync(string path, string body, params (string Name, string Value)[] headers) => OkAsync(HttpMethod.Put, path, body, headers);

    public Task<Reply> SendAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers) => engine.Send(verb, "/" + path, body, headers);

    /// <summary>A request that must go well.</summary>
    public async Task<JsonObject> OkAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers)
    {
        var reply = await SendAsync(verb, path, body, headers);
        Assert.True(reply.Status < 300, $"{verb} {path}: {reply.Status} {reply.Text}\n{reply.Log}");
        return reply.Text.Length == 0 ? [] : reply.Json;
    }

    /// <summary>A request that must be refused, as <c>400 code: message</c>.</summary>
    public async Task<string> RefusedAsync(HttpMethod verb, string path, string? body, params (string Name, string Value)[] headers)
    {
        var reply = await SendAsync(verb, path, body, headers);
        Assert.True(reply.Status is >= 400 and < 500, $"{verb} {path}: {reply.Status} {reply.Text}\n{reply.Log}");
        return $"{reply.Status} {reply.Error}: {reply.Message}";
    }

    /// <summary>Id of a new job with a task for each table.</summary>
    public async Task<string> JobAsync(string name = "orders", string members = "", params string[] tables)
    {
        var job = await PostAsync("workspaces/default/jobs", $$"""{"name":"{{name}}","source_connection":"source","destination_connection":"destination"{{members}}}""");
        foreach (var table in tables)
            await PostAsync($"jobs/{job["id"]}/tasks", $$"""{"table":"{{table}}"}""");
        return (string)job["id"]!;
    }

    /// <summary>Id of a new run.</summary>
    public async Task<string> ExecuteAsync(string jobId, string body = "{}") => (string)(await PostAsync($"jobs/{jobId}/execute", body))["id"]!;

    /// <summary>The run once it has ended.</summary>
    public Task<JsonObject> EndOfAsync(string jobId, string runId) => UntilAsync($"jobs/{jobId}/history/{runId}", run => run["finished_at"] is not null);

    /// <summary>Runs a job to its end.</summary>
    public async Task<JsonObject> RunAsync(string jobId, string body = "{}") => await EndOfAsync(jobId, await ExecuteAsync(jobId, body));

    /// <summary>What stands at a path once something holds of it.</summary>
    public async Task<JsonObject> UntilAsync(string path, Func<JsonObject, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(Patience);
        while (true)
        {
            var found = await GetAsync(path);
            if (holds(found))
                return found;
            await Task.Delay(20, patience.Token);
        }
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
