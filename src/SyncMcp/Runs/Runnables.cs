using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Workspaces;
using SyncMcp.Resources;

namespace SyncMcp.Runs;

/// <summary>A thing that runs, as the list of its workspace shows it.</summary>
/// <param name="Area">Its kind.</param>
/// <param name="Id">Id.</param>
/// <param name="Name">Name: another's word.</param>
/// <param name="Workspace">Name of its workspace.</param>
/// <param name="Body">All that the list says.</param>
internal sealed record RunnableThing(ResourceArea Area, string Id, string Name, string Workspace, JsonObject Body)
{
    /// <summary>Its present or last run; null where the list does not show it.</summary>
    public JsonObject? LastRun => Body["last_run"] as JsonObject;

    /// <summary>A schedule starts it.</summary>
    public bool IsScheduled => Body["schedule"] is JsonObject schedule && schedule["enabled"]?.ToString() == "true";
}

/// <summary>Reads everything that runs, in all workspaces or in one.</summary>
internal static class Runnables
{
    /// <summary>Items that are asked for at once.</summary>
    public const int PageSize = 200;

    /// <summary>Things of all kinds.</summary>
    /// <param name="client">Reads.</param>
    /// <param name="workspace">Id of one workspace; null for all that the caller sees.</param>
    /// <param name="kind">job, transformation or pipeline; null for all.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<List<RunnableThing>> ReadAsync(SyncClient client, string? workspace, string? kind, CancellationToken ct)
    {
        var found = new List<RunnableThing>();
        foreach (var (id, name) in await WorkspacesAsync(client, workspace, ct))
        {
            foreach (var area in ResourceArea.All.Where(area => kind is null || area.Noun == kind))
            {
                await foreach (var body in PagesAsync(client, area.List, new() { ["workspace_id"] = id }, ct))
                    found.Add(new(area, Text(body, "id"), Text(body, "name"), name, body));
            }
        }

        return found;
    }

    /// <summary>Connections whose last test failed; what the server's list says of it.</summary>
    /// <param name="client">Reads.</param>
    /// <param name="workspace">Id of one workspace; null for all that the caller sees.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<List<JsonObject>> FailingConnectionsAsync(SyncClient client, string? workspace, CancellationToken ct)
    {
        var found = new List<JsonObject>();
        foreach (var (id, _) in await WorkspacesAsync(client, workspace, ct))
        {
            await foreach (var body in PagesAsync(client, ConnectionEndpoints.List, new() { ["workspace_id"] = id }, ct))
            {
                if (RunStatus.Read(Text(body, "state")) is RunState.Failed or RunState.Error)
                    found.Add(body);
            }
        }

        return found;
    }

    private static async Task<List<(string Id, string Name)>> WorkspacesAsync(SyncClient client, string? workspace, CancellationToken ct) => workspace is not null
        ? [(workspace, workspace)]
        : [.. Objects((await client.SendAsync(WorkspaceEndpoints.List, (object)new Nothing(), null, ct)).Body).Select(one => (Text(one, "id"), Text(one, "name")))];

    /// <summary>The items of a list over all its pages, as the server wrote them.</summary>
    public static async IAsyncEnumerable<JsonObject> PagesAsync(SyncClient client, Endpoint endpoint, JsonObject arguments, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var offset = 0;
        var before = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var asked = arguments.DeepClone().AsObject();
            asked["limit"] = PageSize;
            asked["offset"] = offset;
            var answer = await client.SendAsync(endpoint, endpoint.Read(asked), null, ct);
            var items = Objects(answer.Body).ToList();
            foreach (var item in items.Where(item => before.Add(Text(item, "id"))))
                yield return item;
            offset += items.Count;
            // Fewer than asked, from a server that pages: the end. A server that does not page gave all.
            if (items.Count < PageSize || !answer.Capabilities.HasFlag(ServerCapabilities.Paging))
                yield break;
        }
    }

    private static IEnumerable<JsonObject> Objects(JsonObject body) => (body["value"] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string Text(JsonObject body, string member) => body[member]?.ToString() ?? "";
}
