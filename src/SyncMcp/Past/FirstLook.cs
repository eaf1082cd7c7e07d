using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Transformations;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;
using SyncMcp.Runs;

namespace SyncMcp.Past;

/// <summary>
/// Looks at what the memory does not know yet or what has changed since: each thing with its parts, the connections, the columns of what is read. It runs behind
/// the calls that list everything anyway, two requests at once, and never where a question would be needed.
/// </summary>
internal sealed class FirstLook(Memory memory, Func<JsonObject, bool> isKnownPlace, TimeProvider time)
{
    private const int AtOnce = 2;
    private const int MostTables = 200;

    // Where a server does not say when things were changed, they are looked at again after this.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly Lock begins = new();
    private Task? underWay;
    private Task columns = Task.CompletedTask;
    private DateTimeOffset lastRound;

    /// <summary>Begins, where it is due and not under way; ends when things, parts and connections are known. Columns come behind.</summary>
    /// <param name="client">Reads, with the rights of whoever asks.</param>
    /// <param name="things">What lists have just shown.</param>
    /// <param name="first">What goes before it, so that a server is not asked by both.</param>
    public Task Begin(SyncClient client, IReadOnlyList<RunnableThing> things, Task? first = null)
    {
        lock (begins)
        {
            if (underWay is { IsCompleted: false })
                return underWay;
            var stale = things.Where(IsStale).ToList();
            var round = time.GetUtcNow() - lastRound > Pause;
            if (stale.Count == 0 && !round)
                return Task.CompletedTask;
            if (round)
                lastRound = time.GetUtcNow();
            underWay = Task.Run(() => TryAsync(() => ThingsAsync(client, stale, first)), CancellationToken.None);
            if (columns.IsCompleted)
                columns = AfterAsync(underWay, () => ColumnsAsync(client, round ? things : stale, default));
            return underWay;
        }
    }

    /// <summary>Its parts are not known, or it has changed since.</summary>
    public bool IsStale(RunnableThing thing) => memory.Find(Kinds.PartsOf(thing.Area.Noun), thing.Id) is not { } head
        || (Memory.UpdatedAt(thing.Body) is { } updated ? head.Updated != updated : time.GetUtcNow() - head.Last > Fresh);

    private async Task ThingsAsync(SyncClient client, List<RunnableThing> stale, Task? first)
    {
        if (first is not null)
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Parallel.ForEachAsync(stale, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (thing, ct) => await ThingAsync(client, thing, ct));
        await ConnectionsAsync(client, workspace: null, default);
        memory.Tidy();
    }

    private static async Task AfterAsync(Task before, Func<Task> work)
    {
        await before;
        await TryAsync(work);
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is SyncApiException or ToolException or IOException or Microsoft.Data.Sqlite.SqliteException)
        {
            Log.Line($"looking at what is there ended: {e.Message}"); // the next call that lists everything goes on with it
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            // the program ends
        }
    }

    /// <summary>Looks at one thing now.</summary>
    public async Task ThingAsync(SyncClient client, RunnableThing thing, CancellationToken ct)
    {
        var (parts, key) = PartsOf(thing.Area.Noun);
        try
        {
            var answer = await client.SendAsync(parts, parts.Read(new() { [key] = thing.Id }), null, ct);
            // The lists of other servers may be summaries, which would look like changes.
            var body = answer.Capabilities.HasFlag(ServerCapabilities.Paging) ? thing.Body : (await client.SendAsync(thing.Area.Get, thing.Area.Get.Read(new() { [key] = thing.Id }), null, ct)).Body;
            memory.Note(thing.Area.Noun, body);
            memory.NoteItems(Kinds.PartsOf(thing.Area.Noun), thing.Id, Items(answer.Body), Memory.UpdatedAt(body));
        }
        catch (Exception e) when (e is ToolException || e is SyncApiException { Code: "not_found" or "not_on_this_server" or "forbidden" })
        {
            // gone meanwhile, not shown, or switched off by the operator: there is nothing to remember
        }
    }

    /// <summary>Looks at all connections now; gives them as their lists show them, each with its workspace's name.</summary>
    public async Task<IReadOnlyList<(string Workspace, JsonObject Body)>> ConnectionsAsync(SyncClient client, string? workspace, CancellationToken ct)
    {
        var all = new List<(string, JsonObject)>();
        var workspaces = (await client.SendAsync(WorkspaceEndpoints.List, (object)new Nothing(), null, ct)).Body;
        foreach (var one in Items(workspaces).Where(one => workspace is null || one["id"]?.ToString() == workspace))
        {
            await foreach (var listed in Runnables.PagesAsync(client, ConnectionEndpoints.List, new() { ["workspace_id"] = one["id"]?.ToString() }, ct))
            {
                var whole = listed["properties"] is JsonObject ? listed : null;
                if (whole is null && listed["id"]?.ToString() is { } id && (memory.Find(Kinds.Connection, id) is not { } head || Memory.UpdatedAt(listed) != head.Updated))
                    whole = (await client.SendAsync((Endpoint)ConnectionEndpoints.Get, new ConnectionKey { ConnectionId = id }, null, ct)).Body;
                if (whole is not null)
                    memory.Note(Kinds.Connection, whole);
                all.Add((one["name"]?.ToString() ?? "", listed));
            }
        }

        return all;
    }

    // Of what went well last, so that they are the columns that it went well with.
    private async Task ColumnsAsync(SyncClient client, IReadOnlyList<RunnableThing> things, CancellationToken ct)
    {
        var connections = memory.Newest(Kinds.Connection).Where(connection => isKnownPlace(connection.Body)).Select(connection => connection.Id).ToHashSet(StringComparer.Ordinal);
        var left = MostTables;
        foreach (var job in things.Where(thing => thing.Area.Noun == "job" && RunStatus.Read(thing.LastRun?["status"]?.ToString()) == RunState.Succeeded))
        {
            if (job.Body["source_connection"]?["id"]?.ToString() is not { } source || !connections.Contains(source))
                continue;
            foreach (var table in Tables(memory, job.Id))
            {
                if (memory.Find(Kinds.Columns, Kinds.TableId(source, table)) is { } head && time.GetUtcNow() - head.Last < Fresh)
                    continue;
                if (left-- == 0)
                    return;
                await TableAsync(client, source, table, ct);
            }
        }
    }

    /// <summary>Looks at the columns of a table now.</summary>
    public async Task TableAsync(SyncClient client, string connection, string table, CancellationToken ct)
    {
        try
        {
            var answer = await client.SendAsync((Endpoint)ConnectionEndpoints.Columns, new ListColumns { ConnectionId = connection, TableName = table }, null, ct);
            memory.NoteItems(Kinds.Columns, Kinds.TableId(connection, table), Items(answer.Body), updated: null);
        }
        catch (Exception e) when (e is ToolException || e is SyncApiException { Code: not ("rate_limited" or "unauthorized" or "unreachable") })
        {
            // A source that does not answer says nothing about its columns.
        }
    }

    /// <summary>Source tables of a job, as it was last seen.</summary>
    public static IEnumerable<string> Tables(Memory memory, string job) =>
        memory.Of(Kinds.PartsOf("job"), job).LastOrDefault()?.Items.Select(task => task["table"]?.ToString()).OfType<string>().Where(table => table.Length > 0).Distinct(StringComparer.Ordinal) ?? [];

    /// <summary>The operation that lists a kind's parts, and its argument.</summary>
    public static (Endpoint Parts, string Key) PartsOf(string kind) => kind switch
    {
        "job" => (JobEndpoints.Tasks, "job_id"),
        "transformation" => (TransformationEndpoints.Tasks, "transformation_id"),
        _ => (PipelineEndpoints.Steps, "pipeline_id"),
    };

    private static IEnumerable<JsonObject> Items(JsonObject body) => (body["value"] as JsonArray)?.OfType<JsonObject>() ?? [];
}
