using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Workspaces;
using SyncMcp.Tools;

namespace SyncMcp.Filters;

/// <summary>
/// Finds the id that a name means (contracts.md "Name or id"): <c>default</c> and GUIDs are ids; else the parent is listed: an equal id first, then
/// the exact name, then the name without case. Connections and jobs are looked for in the given workspace; where none is given in
/// SYNCMCP_WORKSPACE, and only if nothing matches there in all the others.
/// </summary>
internal sealed class NameFinder(Upstream upstream, string home)
{
    /// <summary>A thing that was found, with the workspace it was found in where that is known.</summary>
    internal sealed record Found(string Id, string? Workspace = null);

    private sealed record Candidate(string Id, string? Name, string? Workspace);

    public static bool IsId(string text) => Reference.LooksLikeId(text);

    public async Task<Found> WorkspaceAsync(string text, CancellationToken ct) =>
        IsId(text) ? new(text, text) : Pick("workspace", text, await WorkspacesAsync(ct)) ?? throw NotFound("workspace", text, await WorkspacesAsync(ct));

    public async Task<Found> TaskAsync(string text, string job, CancellationToken ct)
    {
        if (IsId(text))
            return new(text);
        var tasks = await ListAsync(JobEndpoints.Tasks, new JobKey { JobId = job }, null, ct);
        return Pick("task", text, tasks) ?? throw NotFound("task", text, tasks);
    }

    /// <summary>A connection or a job; a null workspace means: at home, else anywhere.</summary>
    public async Task<Found> InWorkspaceAsync(string kind, string text, string? workspace, CancellationToken ct)
    {
        if (IsId(text))
            return new(text);
        var first = workspace ?? (await WorkspaceAsync(home, ct)).Id;
        var here = await InAsync(kind, first, ct);
        if (Pick(kind, text, here) is { } found)
            return found;
        if (workspace is not null)
            throw NotFound(kind, text, here);

        var elsewhere = new List<Candidate>();
        foreach (var other in await WorkspacesAsync(ct))
        {
            if (other.Id != first)
                elsewhere.AddRange(await InAsync(kind, other.Id, ct));
        }

        return Pick(kind, text, elsewhere) ?? throw NotFound(kind, text, [.. here, .. elsewhere]);
    }

    /// <summary>The workspace that owns a job; null where the server does not say.</summary>
    public async Task<string?> WorkspaceOfJobAsync(string job, CancellationToken ct)
    {
        var answer = await upstream.SendAsync(JobEndpoints.Get, new JobKey { JobId = job }, options: null, ct);
        return (answer.Body["workspace"] as JsonObject)?["id"] is JsonValue id ? id.ToString() : null;
    }

    private Task<List<Candidate>> WorkspacesAsync(CancellationToken ct) => ListAsync(WorkspaceEndpoints.List, new Nothing(), null, ct);

    private Task<List<Candidate>> InAsync(string kind, string workspace, CancellationToken ct) => kind == "job"
        ? ListAsync(JobEndpoints.List, new ListJobs { WorkspaceId = workspace }, workspace, ct)
        : ListAsync(ConnectionEndpoints.List, new ListConnections { WorkspaceId = workspace }, workspace, ct);

    private async Task<List<Candidate>> ListAsync(Endpoint endpoint, object request, string? workspace, CancellationToken ct)
    {
        var answer = await upstream.SendAsync(endpoint, request, options: null, ct);
        return
        [
            .. from item in (answer.Body["value"] as JsonArray)?.OfType<JsonObject>() ?? []
               where item["id"] is JsonValue
               select new Candidate(item["id"]!.ToString(), item["name"]?.GetValueKind() == JsonValueKind.String ? item["name"]!.GetValue<string>() : null, workspace),
        ];
    }

    private static Found? Pick(string kind, string text, List<Candidate> candidates)
    {
        var matches = candidates.FindAll(candidate => candidate.Id == text);
        if (matches.Count == 0)
            matches = candidates.FindAll(candidate => candidate.Name == text);
        if (matches.Count == 0)
            matches = candidates.FindAll(candidate => string.Equals(candidate.Name, text, StringComparison.OrdinalIgnoreCase));
        return matches switch
        {
            [] => null,
            [var one] => new(one.Id, one.Workspace),
            _ => throw new ToolException(new("ambiguous_name", $"{matches.Count} {kind}s are called {Text.Quote(text)}.",
                "Call again with one of the ids in details.candidates.", Details: new() { ["candidates"] = Show(matches.Take(10)) })),
        };
    }

    private static ToolException NotFound(string kind, string text, List<Candidate> candidates)
    {
        var names = Nearest.Of(text, candidates.Select(candidate => candidate.Name).OfType<string>().Distinct(StringComparer.Ordinal), 5);
        var near = names.Count > 0 ? names : [.. candidates.Select(candidate => candidate.Name).OfType<string>().Take(5)];
        var list = kind switch { "task" => "list_job_tasks", _ => $"list_{kind}s" };
        return new(new("not_found", $"There is no {kind} {Text.Quote(text)}.",
            near.Count > 0 ? $"Take a name from details.nearest, or see {list}." : $"See {list}.",
            Details: near.Count > 0 ? new() { ["nearest"] = Text.Array(near) } : null));
    }

    private static JsonArray Show(IEnumerable<Candidate> candidates) => new(
    [
        .. candidates.Select(candidate =>
        {
            var shown = new JsonObject { ["id"] = candidate.Id, ["name"] = candidate.Name };
            if (candidate.Workspace is not null)
                shown["workspace_id"] = candidate.Workspace;
            return (JsonNode)shown;
        }),
    ]);
}
