using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Events;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Replicate;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Users;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>Reads what a call is about, as the server shows it now, or as it will be after what is foreseen.</summary>
#pragma warning disable CA1001 // nobody takes the semaphore's wait handle, so that there is nothing to dispose
internal sealed class Snapshots(Upstream upstream, Foreseen? foreseen = null, Func<Reverse>? reverse = null)
#pragma warning restore CA1001
{
    private const int PageSize = 200;

    // Whoever reads many things at once: no server is asked for more at the same time.
    private readonly SemaphoreSlim few = new(AtOnce.Most);

    /// <summary>A thing with its ETag, where the server has those.</summary>
    internal sealed record Seen(JsonObject Body, string? ETag)
    {
        public string Id => Body["id"]?.ToString() ?? "";

        public string Name => Body["name"]?.ToString() ?? Id;

        public IEnumerable<string> Labels => (Body["labels"] as JsonArray)?.OfType<JsonValue>().Select(label => label.ToString()) ?? [];
    }

    /// <summary>What is known of what starts what: of most looks nothing yet.</summary>
    public Reverse Reverse() => reverse?.Invoke() ?? new();

    public Task<Seen> ConnectionAsync(string id, CancellationToken ct) => GetAsync(ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = id }, ct);

    public Task<Seen> WorkspaceAsync(string id, CancellationToken ct) => GetAsync(WorkspaceEndpoints.Get, new WorkspaceKey { WorkspaceId = id }, ct);

    public Task<Seen> UserAsync(string id, CancellationToken ct) => GetAsync(UserEndpoints.Get, new UserKey { UserId = id }, ct);

    /// <summary>What an operation that reads answers.</summary>
    public async Task<JsonObject> BodyAsync(Endpoint endpoint, object request, CancellationToken ct) => (await SendAsync(endpoint, request, options: null, ct)).Body;

    public Task<Seen> StatusAsync(string job, CancellationToken ct) => GetAsync(JobEndpoints.Status, new JobKey { JobId = job }, ct);

    public Task<Seen> PipelineStatusAsync(string pipeline, CancellationToken ct) => GetAsync(PipelineEndpoints.Status, new PipelineKey { PipelineId = pipeline }, ct);

    /// <summary>The word for the state of a thing's present or last run; null where it never ran. Our engine says it in the thing itself, others may not.</summary>
    public async Task<string?> StateAsync(IRunnable thing, CancellationToken ct)
    {
        if (thing.Status is not null || (await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Paging))
            return thing.Status;
        try
        {
            var status = thing is PipelineState ? await PipelineStatusAsync(thing.Id, ct) : await StatusAsync(thing.Id, ct);
            return status.Body["status"]?.ToString();
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" or "not_on_this_server" or "forbidden")
        {
            return "not shown"; // no word that we know: it may be running
        }
    }

    /// <summary>A job with its tasks and connections.</summary>
    public async Task<JobState> JobAsync(string id, CancellationToken ct)
    {
        var job = await GetAsync(JobEndpoints.Get, new JobKey { JobId = id }, ct);
        var tasks = ListAsync(JobEndpoints.Tasks, new JobKey { JobId = id }, ct);
        var ends = await AtOnce.ReadAsync(["source_connection", "destination_connection"], (end, stop) => ReferredAsync(job.Body[end], stop), ct);
        return new() { Job = job.Body, ETag = job.ETag, Tasks = await tasks, Source = ends[0], Destination = ends[1] };
    }

    /// <summary>A transformation with its tasks and connection.</summary>
    public async Task<TransformationState> TransformationAsync(string id, CancellationToken ct)
    {
        var seen = await GetAsync(TransformationEndpoints.Get, new TransformationKey { TransformationId = id }, ct);
        return await WithTasksAsync(new() { Transformation = seen.Body, ETag = seen.ETag, Tasks = [], Destination = [] }, ct);
    }

    /// <summary>The same for one from a list.</summary>
    public async Task<TransformationState> WithTasksAsync(TransformationState listed, CancellationToken ct) => listed with
    {
        Tasks = await ListAsync(TransformationEndpoints.Tasks, new TransformationKey { TransformationId = listed.Id }, ct),
        Destination = await ReferredAsync(listed.Transformation["destination_connection"], ct),
    };

    /// <summary>Transformations of a workspace, without their tasks and connections.</summary>
    public async Task<List<TransformationState>> TransformationsAsync(string workspace, CancellationToken ct)
    {
        var all = await ListAsync(TransformationEndpoints.List, new ListTransformations { WorkspaceId = workspace }, ct);
        // Summaries of other servers may leave out what starts it.
        var ours = (await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.Paging);
        return [.. await AtOnce.ReadAsync(all, async (listed, stop) => new TransformationState
        {
            Transformation = ours || listed["trigger"] is not null ? listed : (await GetAsync(TransformationEndpoints.Get, new TransformationKey { TransformationId = listed["id"]?.ToString() ?? "" }, stop)).Body,
            Tasks = [],
            Destination = [],
        }, ct)];
    }

    /// <summary>A pipeline with its steps.</summary>
    public async Task<PipelineState> PipelineAsync(string id, CancellationToken ct)
    {
        var seen = await GetAsync(PipelineEndpoints.Get, new PipelineKey { PipelineId = id }, ct);
        return await WithStepsAsync(new() { Pipeline = seen.Body, ETag = seen.ETag, Steps = [] }, ct);
    }

    /// <summary>The same for one from a list.</summary>
    public async Task<PipelineState> WithStepsAsync(PipelineState listed, CancellationToken ct) =>
        listed with { Steps = await ListAsync(PipelineEndpoints.Steps, new PipelineKey { PipelineId = listed.Id }, ct) };

    /// <summary>Pipelines of a workspace, without their steps.</summary>
    public async Task<List<PipelineState>> PipelinesAsync(string workspace, CancellationToken ct) =>
        [.. (await ListAsync(PipelineEndpoints.List, new ListPipelines { WorkspaceId = workspace }, ct)).Select(body => new PipelineState { Pipeline = body, Steps = [] })];

    /// <summary>An event.</summary>
    public async Task<EventState> EventAsync(string pipeline, string id, CancellationToken ct)
    {
        var seen = await GetAsync(EventEndpoints.Get, new EventKey { PipelineId = pipeline, EventId = id }, ct);
        return new(pipeline, seen.Body, seen.ETag);
    }

    /// <summary>A thing as it is now.</summary>
    public async Task<IRunnable> AgainAsync(IRunnable thing, CancellationToken ct) => thing switch
    {
        JobState => await JobAsync(thing.Id, ct),
        TransformationState => await TransformationAsync(thing.Id, ct),
        PipelineState => await PipelineAsync(thing.Id, ct),
        EventState one => await EventAsync(one.Pipeline, one.EventId, ct),
        _ => thing,
    };

    /// <summary>The events of a pipeline.</summary>
    public async Task<List<EventState>> EventsAsync(string pipeline, CancellationToken ct) =>
        [.. (await ListAsync(EventEndpoints.List, new ListEvents { PipelineId = pipeline }, ct)).Select(body => new EventState(pipeline, body))];

    /// <summary>The connection that a reference means; one without an id is unreadable, and raises.</summary>
    public async Task<JsonObject> ReferredAsync(JsonNode? reference, CancellationToken ct) =>
        (reference as JsonObject)?["id"]?.ToString() is { Length: > 0 } id ? (await ConnectionAsync(id, ct)).Body : new JsonObject { ["id"] = "" };

    /// <summary>Tables at a destination, in the schema that is written to; null means the connection's own.</summary>
    public async Task<IReadOnlyList<ExistingTable>> TablesAsync(string connection, string? schema, CancellationToken ct)
    {
        var tables = new List<ExistingTable>();
        if (foreseen is not null && !foreseen.LeavesAlone($"/connections/{connection}"))
            throw new SyncApiException("not_found", "It does not lead there yet."); // nobody can look before
        while (true)
        {
            var page = new ListTables { ConnectionId = connection, Kind = "ALL", IncludeSystem = true, Schema = schema, Limit = PageSize, Offset = tables.Count };
            var answer = await SendAsync(ConnectionEndpoints.Tables, page, options: null, ct);
            var items = Items(answer.Body);
            tables.AddRange(items.Select(table => new ExistingTable(table["name"]?.ToString() ?? "", table["made_by_job"]?.ToString())));
            if (!answer.Capabilities.HasFlag(ServerCapabilities.Paging) || items.Count < PageSize)
                return [.. tables.SelectMany(table => DestinationName.MeaningOf(table.Name).Select(name => table with { Name = name }))];
        }
    }

    /// <summary>Rows of a table; only on a server that says that it counts them.</summary>
    public async Task<RowCount> RowsAsync(TableRows.Place table, CancellationToken ct)
    {
        if (foreseen is not null && !foreseen.LeavesAlone($"/connections/{table.Connection}"))
            throw new SyncApiException("not_found", "It does not lead there yet.");
        var answer = await SendAsync(ConnectionEndpoints.CountRows, new CountRows { ConnectionId = table.Connection, TableName = table.Table, Schema = table.Schema }, options: null, ct);
        return System.Text.Json.JsonSerializer.Deserialize(answer.Body, Client.Json.SyncJson.Info<RowCount>()) ?? RowCount.Unknown;
    }

    public async Task<IReadOnlyList<JsonObject>> WorkspacesAsync(CancellationToken ct) => await ListAsync(WorkspaceEndpoints.List, new Nothing(), ct);

    public Task<List<JsonObject>> JobsAsync(string workspace, CancellationToken ct) => ListAsync(JobEndpoints.List, new ListJobs { WorkspaceId = workspace }, ct);

    public Task<List<JsonObject>> ConnectionsAsync(string workspace, CancellationToken ct) => ListAsync(ConnectionEndpoints.List, new ListConnections { WorkspaceId = workspace }, ct);

    private async Task<SyncAnswer> SendAsync(Endpoint endpoint, object request, CallOptions? options, CancellationToken ct)
    {
        await few.WaitAsync(ct);
        try
        {
            return await upstream.SendAsync(endpoint, request, options, ct);
        }
        finally
        {
            few.Release();
        }
    }

    private async Task<Seen> GetAsync(Endpoint endpoint, object request, CancellationToken ct)
    {
        if (foreseen is not null && Foreseen.Path(endpoint, endpoint.Write(request)) is var path && !foreseen.LeavesAlone(path))
        {
            var body = await foreseen.ItemAsync(path, async () => (await SendAsync(endpoint, request, options: null, ct)).Body);
            return new(body ?? throw new SyncApiException("not_found", "It will be gone by then."), null);
        }

        var answer = await SendAsync(endpoint, request, options: null, ct);
        return new(answer.Body, answer.ETag);
    }

    private Task<List<JsonObject>> ListAsync(Endpoint endpoint, object request, CancellationToken ct) => foreseen is null
        ? NowAsync(endpoint, request, ct)
        : foreseen.ListAsync(Foreseen.Path(endpoint, endpoint.Write(request)), () => NowAsync(endpoint, request, ct));

    // A server without the route has no such things; a parent that has gone meanwhile has none any more.
    private async Task<List<JsonObject>> NowAsync(Endpoint endpoint, object request, CancellationToken ct)
    {
        try
        {
            return Whole(endpoint, (await SendAsync(endpoint, request, options: null, ct)).Body);
        }
        catch (SyncApiException ex) when (ex.Code is "not_found" or "not_on_this_server")
        {
            return [];
        }
    }

    // What stands beyond a first page could be what a run starts.
    private static List<JsonObject> Whole(Endpoint endpoint, JsonObject body)
    {
        var items = Items(body);
        if (body["next_link"] is null && !(body["total"] is JsonValue total && total.TryGetValue<long>(out var count) && count > items.Count))
            return items;
        throw new ToolException(new("list_incomplete", $"The server shows only a part of what {endpoint.Name} lists, so that nobody can say what this call would reach.",
            "Do it in the server's own console, or tell its operator that the API must list everything."));
    }

    private static List<JsonObject> Items(JsonObject body) => (body["value"] as JsonArray)?.OfType<JsonObject>().ToList() ?? [];
}
