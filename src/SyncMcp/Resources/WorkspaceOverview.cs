using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Workspaces;
using SyncMcp.Filters;

namespace SyncMcp.Resources;

/// <summary>A workspace at a glance: how many things of each kind it holds, in which states their last runs ended, and the things with theirs.</summary>
/// <param name="ask">Asks a tool with arguments and controls.</param>
internal sealed class WorkspaceOverview(Func<Endpoint, JsonObject, Controls, Task<ToolAnswer>> ask)
{
    // Of each kind: enough to see what stands how; the list tells the rest.
    private const int MostShown = 25;
    private const int MostPages = 20;

    /// <summary>The overview; an error where a tool answered one.</summary>
    public async Task<ToolAnswer> OfAsync(string workspace)
    {
        var read = await ask(WorkspaceEndpoints.Get, new() { ["workspace_id"] = workspace }, new() { Fields = ["name"] });
        if (read.Error is not null)
            return read;
        var result = new JsonObject { ["id"] = read.Body!["result"]!["id"]?.DeepClone(), ["name"] = read.Body["result"]!["name"]?.DeepClone() };

        var connections = await ask(ConnectionEndpoints.List, new() { ["workspace_id"] = workspace }, new() { Limit = 1 });
        if (connections.Error is not null)
            return connections;
        result["connections"] = new JsonObject { ["total"] = connections.Body!["total"]?.DeepClone() };
        foreach (var area in ResourceArea.All)
        {
            if (await AddAsync(result, area, workspace) is { Error: not null } failed)
                return failed;
        }

        var content = new JsonObject { ["result"] = result };
        if (Untrusted.Mark(content, "result") is { } untrusted)
            content["untrusted"] = untrusted;
        return new() { Body = content };
    }

    private async Task<ToolAnswer?> AddAsync(JsonObject result, ResourceArea area, string workspace)
    {
        var things = new List<JsonObject>();
        string? cursor = null;
        var total = 0L;
        for (var page = 0; page < MostPages && (page == 0 || cursor is not null); page++)
        {
            var answer = await ask(area.List, new() { ["workspace_id"] = workspace }, new() { Limit = Page.MaxLimit, Cursor = cursor });
            if (answer.Error is not null)
                return answer;
            things.AddRange(((JsonArray)answer.Body!["items"]!).OfType<JsonObject>());
            total = answer.Body["total"]?.GetValue<long>() ?? things.Count;
            cursor = answer.Body["next_cursor"]?.GetValueKind() == JsonValueKind.String ? answer.Body["next_cursor"]!.GetValue<string>() : null;
        }

        var states = things.GroupBy(thing => thing["status"]?.ToString() ?? "").OrderByDescending(state => state.Count()).ThenBy(state => state.Key, StringComparer.Ordinal);
        var shown = new JsonObject
        {
            ["total"] = total,
            ["states"] = new JsonArray([.. states.Select(state => (JsonNode)new JsonObject { ["status"] = state.Key, ["count"] = state.Count() })]),
            ["items"] = new JsonArray([.. things.Take(MostShown).Select(Bare)]),
        };
        if (things.Count < total)
            shown["counted"] = things.Count;
        result[area.Name] = shown;
        return null;
    }

    private static JsonNode Bare(JsonObject thing) =>
        new JsonObject { ["id"] = thing["id"]?.DeepClone(), ["name"] = thing["name"]?.DeepClone(), ["status"] = thing["status"]?.DeepClone() };
}
