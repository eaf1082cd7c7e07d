using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Pipelines;
using SyncMcp.Client.Workspaces;
using SyncMcp.Guard;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>
/// The operator's scope (<c>workspaces</c> in policy.json): only what lies in these workspaces is reached, also by its id alone. Then the workspace of each
/// thing that a call names, in its path or its body, is looked up. What lies in no workspace (users, new workspaces) is outside.
/// </summary>
/// <param name="words">Ids, or names.</param>
/// <param name="upstream">Where things are looked up.</param>
internal sealed class WorkspaceScope(IReadOnlyList<string> words, Upstream upstream)
{
    private readonly NameFinder finder = new(upstream, "default");

    /// <summary>True for a workspace of the scope. A name counts exactly: who may make or rename workspaces reaches none outside.</summary>
    public bool Holds(string id, string? name) => words.Contains(id, StringComparer.Ordinal) || (name is not null && words.Contains(name, StringComparer.Ordinal));

    /// <summary>Refuses a call that names anything outside.</summary>
    /// <exception cref="ToolException">It does.</exception>
    public async Task RequireAsync(Call call, CancellationToken ct)
    {
        if (call.Endpoint == WorkspaceEndpoints.List || call.Own == CompactTools.Find)
            return; // what is outside is left out of the one's answer, and the other knows operations only

        var inside = await InsideAsync(ct);
        // An own tool that takes a workspace and was given none walks through those that its client sees.
        var named = call.Own?.Marks.Any(mark => mark.Kind == "workspace") == true ? 1 : 0;
        foreach (var mark in call.Endpoint is { } endpoint ? NameMark.Of(endpoint) : call.Own?.Marks ?? [])
        {
            var holder = mark.Inside is { } at ? call.Arguments[at] as JsonObject : call.Arguments;
            foreach (var id in Ids(holder?[mark.Member]))
            {
                if (call.Via is not null && id.StartsWith(Operation.StandIns, StringComparison.Ordinal))
                {
                    named++; // not made yet, by an operation that passed here before
                    continue;
                }

                if (await WorkspaceAsync(mark, id, call.Arguments, ct) is not { } workspace)
                    continue;
                named++;
                if (!inside.Contains(workspace))
                    throw PolicyFilter.Refused($"{Text.Quote(id)} lies outside the workspaces that the operator allows: {string.Join(", ", words.Select(Text.Quote))}.");
            }
        }

        if (named == 0)
            throw PolicyFilter.Refused($"{call.Tool} reaches beyond the workspaces that the operator allows: {string.Join(", ", words.Select(Text.Quote))}.");
    }

    /// <summary>The answer without workspaces outside.</summary>
    public ToolAnswer Only(Call call, ToolAnswer answer)
    {
        if (call.Endpoint == WorkspaceEndpoints.List)
            LeaveOut(answer.Body);
        return answer;
    }

    /// <summary>What an own tool's client sees: no workspace outside, so that a tool that walks through all of them stays inside.</summary>
    public SyncAnswer Only(Endpoint endpoint, SyncAnswer answer)
    {
        if (endpoint == WorkspaceEndpoints.List)
            LeaveOut(answer.Body);
        return answer;
    }

    private void LeaveOut(JsonObject? list)
    {
        if (list?["value"] is not JsonArray all)
            return;
        foreach (var outside in all.Where(one => one is not JsonObject members || !Holds(members["id"]?.ToString() ?? "", members["name"]?.ToString())).ToList())
            all.Remove(outside);
    }

    // The workspace of what a mark names; null for parts, which lie where the thing lies that the path names.
    private async Task<string?> WorkspaceAsync(NameMark mark, string id, JsonObject arguments, CancellationToken ct)
    {
        var kind = mark.Kind == "entity" ? await RunsAsync(arguments, ct) : mark.Kind;
        return kind switch
        {
            "workspace" => id,
            "connection" or "job" or "transformation" or "pipeline" => await finder.WorkspaceOfAsync(kind, id, ct) ?? await SearchAsync(kind, id, ct),
            _ => null,
        };
    }

    // What a step runs, its type says: that of the call, else the one it has.
    private async Task<string?> RunsAsync(JsonObject arguments, CancellationToken ct)
    {
        var type = arguments["type"]?.ToString();
        if (type is null && arguments["step_id"] is { } step && arguments["pipeline_id"] is { } pipeline)
            type = await finder.TypeOfStepAsync(step.ToString(), pipeline.ToString(), ct);
        return StepType.Runs(type);
    }

    // A server that does not say where a thing lies is asked what lies in the scope.
    private async Task<string> SearchAsync(string kind, string id, CancellationToken ct)
    {
        foreach (var workspace in await InsideAsync(ct))
        {
            if (await finder.HoldsAsync(kind, workspace, id, ct))
                return workspace;
        }

        return "";
    }

    private async Task<HashSet<string>> InsideAsync(CancellationToken ct)
    {
        var answer = await upstream.SendAsync(WorkspaceEndpoints.List, new Nothing(), options: null, ct);
        return [.. from one in (answer.Body["value"] as JsonArray)?.OfType<JsonObject>() ?? []
                   where one["id"] is not null && Holds(one["id"]!.ToString(), one["name"]?.ToString())
                   select one["id"]!.ToString()];
    }

    private static IEnumerable<string> Ids(JsonNode? value) => value switch
    {
        JsonArray list => list.SelectMany(Ids),
        JsonObject reference => Ids(reference["id"]),
        JsonValue id => [id.ToString()],
        _ => [],
    };
}
