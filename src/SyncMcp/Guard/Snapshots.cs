using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>Reads what a call is about, as the server shows it now.</summary>
internal sealed class Snapshots(Upstream upstream)
{
    private const int PageSize = 200;

    /// <summary>A thing with its ETag, where the server has those.</summary>
    internal sealed record Seen(JsonObject Body, string? ETag)
    {
        public string Id => Body["id"]?.ToString() ?? "";

        public string Name => Body["name"]?.ToString() ?? Id;

        public IEnumerable<string> Labels => (Body["labels"] as JsonArray)?.OfType<JsonValue>().Select(label => label.ToString()) ?? [];
    }

    public Task<Seen> ConnectionAsync(string id, CancellationToken ct) => GetAsync(ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = id }, ct);

    public Task<Seen> WorkspaceAsync(string id, CancellationToken ct) => GetAsync(WorkspaceEndpoints.Get, new WorkspaceKey { WorkspaceId = id }, ct);

    public Task<Seen> UserAsync(string id, CancellationToken ct) => GetAsync(UserEndpoints.Get, new UserKey { UserId = id }, ct);

    public Task<Seen> StatusAsync(string job, CancellationToken ct) => GetAsync(JobEndpoints.Status, new JobKey { JobId = job }, ct);

    /// <summary>A job with its tasks and connections.</summary>
    public async Task<JobState> JobAsync(string id, CancellationToken ct)
    {
        var job = await GetAsync(JobEndpoints.Get, new JobKey { JobId = id }, ct);
        return new()
        {
            Job = job.Body,
            ETag = job.ETag,
            Tasks = await ListAsync(JobEndpoints.Tasks, new JobKey { JobId = id }, ct),
            Source = await ReferredAsync(job.Body["source_connection"], ct),
            Destination = await ReferredAsync(job.Body["destination_connection"], ct),
        };
    }

    /// <summary>The connection that a reference means; one without an id is unreadable, and raises.</summary>
    public async Task<JsonObject> ReferredAsync(JsonNode? reference, CancellationToken ct) =>
        (reference as JsonObject)?["id"]?.ToString() is { Length: > 0 } id ? (await ConnectionAsync(id, ct)).Body : new JsonObject { ["id"] = "" };

    /// <summary>Tables at a destination.</summary>
    public async Task<IReadOnlyList<ExistingTable>> TablesAsync(string connection, CancellationToken ct)
    {
        var tables = new List<ExistingTable>();
        while (true)
        {
            var page = new ListTables { ConnectionId = connection, Kind = "ALL", IncludeSystem = true, Limit = PageSize, Offset = tables.Count };
            var answer = await upstream.SendAsync(ConnectionEndpoints.Tables, page, options: null, ct);
            var items = Items(answer.Body);
            tables.AddRange(items.Select(table => new ExistingTable(table["name"]?.ToString() ?? "", table["made_by_job"]?.ToString())));
            if (!answer.Capabilities.HasFlag(ServerCapabilities.Paging) || items.Count < PageSize)
                return tables;
        }
    }

    public async Task<IReadOnlyList<JsonObject>> WorkspacesAsync(CancellationToken ct) => await ListAsync(WorkspaceEndpoints.List, new Nothing(), ct);

    public Task<List<JsonObject>> JobsAsync(string workspace, CancellationToken ct) => ListAsync(JobEndpoints.List, new ListJobs { WorkspaceId = workspace }, ct);

    public Task<List<JsonObject>> ConnectionsAsync(string workspace, CancellationToken ct) => ListAsync(ConnectionEndpoints.List, new ListConnections { WorkspaceId = workspace }, ct);

    private async Task<Seen> GetAsync(Endpoint endpoint, object request, CancellationToken ct)
    {
        var answer = await upstream.SendAsync(endpoint, request, options: null, ct);
        return new(answer.Body, answer.ETag);
    }

    private async Task<List<JsonObject>> ListAsync(Endpoint endpoint, object request, CancellationToken ct) =>
        Items((await upstream.SendAsync(endpoint, request, options: null, ct)).Body);

    private static List<JsonObject> Items(JsonObject body) => (body["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
}
